/*
 * What goes from the supervisor to its reader: little-endian frames over a Unix stream socket.
 *
 * Frame:
 *   0   u32  length of the whole frame, these 24 bytes included; at most WIRE_FRAME_MAX
 *   4   u8   type (enum wire_type)
 *   5   u8   flags (WIRE_FLAG_*)
 *   6   u16  zero
 *   8   u64  sequence number: 0 for HELLO, then +1 a frame without a gap
 *   16  i64  time: nanoseconds since the Unix epoch, CLOCK_BOOTTIME + the offset given at the start
 *   24  payload
 *
 * In payloads `str` is u16 length and that many bytes as the kernel has them (any byte but NUL),
 * `proc` is i32 pid and i64 start time in milliseconds since the epoch (-1 unknown).
 *
 *   HELLO    u32 magic, u16 version, u16 zero, u32 features (WIRE_FEATURE_*), proc root, i64 offset
 *   FORK     proc parent, proc child; the time is the child's start time
 *   EXEC     proc, i32 ppid, i32 effective uid, str exe, str cwd, u16 argc, argc times str
 *   EXIT     proc, i32 exit code, 128 + n for signal n, -1 unknown
 *   FILE     proc, u8 op (enum wire_op), u8 access (enum wire_access), u16 zero,
 *            str path, str path as asked (empty: the same), str new path (rename only)
 *   CONNECT  proc, u8 4 or 6, u8 protocol (6 TCP, 17 UDP, 0 not known), u16 port, 16 bytes address
 *            (IPv4: the first 4)
 *   LOCAL    proc, str the Unix socket that it connects or sends to: an absolute path, or `@` and its
 *            abstract name
 *   ASK      u64 number that answers it (policy.h), u8 type of another frame (FILE, CONNECT, LOCAL), and
 *            that frame's payload: a call that waits to be let go or refused, and is told then
 *   LOSS     u64 number of events dropped right before this frame
 *   END      i32 wait status of the root or -1, i32 errno when the command could not be executed
 *   ERROR    i32 code (enum wire_error), i32 errno, str message; the command was not started
 *
 * HELLO or ERROR comes first. END is the last frame and is followed by the end of the stream; a
 * stream that ends without END or ERROR was cut short.
 */
#ifndef QUINT_WIRE_H
#define QUINT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  WIRE_MAGIC = 0x43525451, /* "QTRC" */
  WIRE_VERSION = 1,
  WIRE_HEADER = 24,
  WIRE_FRAME_MAX = 128 * 1024,
  WIRE_BATCH = 64 * 1024,   /* so many bytes are sent at once, */
  WIRE_WAIT_NANOS = 4000000 /* fewer when they have waited so long for company */
};

enum wire_type {
  WIRE_HELLO = 1,
  WIRE_FORK = 2,
  WIRE_EXEC = 3,
  WIRE_EXIT = 4,
  WIRE_FILE = 5,
  WIRE_CONNECT = 6,
  WIRE_LOSS = 7,
  WIRE_END = 8,
  WIRE_ERROR = 9,
  WIRE_LOCAL = 10,
  WIRE_ASK = 11
};

enum {
  WIRE_FLAG_TRUNCATED = 1,  /* EXEC: argv did not fit; what stands there is its beginning */
  WIRE_FLAG_UNVERIFIED = 2, /* EXEC: the process was gone before it could be looked at */
  WIRE_FLAG_REFUSED = 4     /* FILE, CONNECT, LOCAL: it failed with EPERM by policy and did not happen */
};

enum wire_op {
  WIRE_OP_OPEN = 1,
  WIRE_OP_CREATE = 2,
  WIRE_OP_WRITE = 3,
  WIRE_OP_RENAME = 4,
  WIRE_OP_UNLINK = 5
};

enum wire_access { WIRE_ACCESS_NONE = 0, WIRE_READ = 1, WIRE_WRITE = 2, WIRE_READWRITE = 3 };

enum {
  WIRE_FEATURE_NO_NEW_PRIVS = 1, /* set-user-id programs (sudo, su) do not gain rights */
  WIRE_FEATURE_SYNC_WAKE_UP = 2,
  WIRE_FEATURE_KILLABLE = 4,
  WIRE_FEATURE_EXIT_INFO = 8, /* exit codes of all descendants, from the kernel */
  WIRE_FEATURE_WRITES_ONLY = 16
};

enum wire_error {
  WIRE_ERROR_USAGE = 1,
  WIRE_ERROR_SOCKET = 2,
  WIRE_ERROR_NO_SECCOMP = 3,  /* the kernel has no seccomp filters with user notification */
  WIRE_ERROR_NESTED = 4,      /* another listener watches us already */
  WIRE_ERROR_NO_RIGHT = 5,    /* the memory of the watched process may not be read */
  WIRE_ERROR_RESOURCES = 6
};

/* A bounded queue of frames in front of a socket that is never waited for. */
struct wire {
  int socket; /* -1 when there is no reader */
  uint8_t *ring;
  size_t capacity; /* a power of two */
  uint64_t head;   /* bytes ever written to the ring */
  uint64_t tail;   /* bytes ever sent */
  uint64_t sequence;
  uint64_t lost; /* events dropped since the last LOSS frame */
  int64_t offset;
  int64_t oldest; /* CLOCK_BOOTTIME of the oldest frame not sent */
  bool sealed;    /* END or ERROR is queued: nothing follows it */
  size_t length;  /* of the frame being made */
  uint8_t *frame;
};

/* A socket connected to the reader's, or -1. */
int wire_connect(const char *path);

/* The queue is shared with the processes that are forked from this one. False: no memory. */
bool wire_open(struct wire *w, int socket, size_t capacity, int64_t offset);

/* Making a frame: begin, put, commit. A put that does not fit is cut and makes commit a loss. */
void wire_begin(struct wire *w, enum wire_type type, int64_t boottime);
void wire_u8(struct wire *w, uint8_t value);
void wire_u16(struct wire *w, uint16_t value);
void wire_u32(struct wire *w, uint32_t value);
void wire_u64(struct wire *w, uint64_t value);
void wire_bytes(struct wire *w, const void *bytes, size_t length);
void wire_string(struct wire *w, const char *bytes, size_t length);
void wire_process(struct wire *w, int32_t pid, int64_t start_ms);
void wire_flag(struct wire *w, uint8_t flag);

/*
 * Queues the frame, or counts it as lost when the queue is full. Frames of files and connections
 * leave the last quarter of the queue to forks, execs and exits, without which nothing that follows
 * could be attributed.
 */
void wire_commit(struct wire *w);

/* Counts an event that was seen and could not be told. */
void wire_lose(struct wire *w);

/* Tells what was lost until now without waiting for the next frame. */
void wire_tell_loss(struct wire *w);

/* Tells the end of the root: its wait status or -1, and errno of an exec that failed or 0. */
void wire_tell_end(struct wire *w, int status, int exec_error);

/* Whether something waits to be sent. */
bool wire_pending(const struct wire *w);

/* Bytes that wait to be sent. */
size_t wire_backlog(const struct wire *w);

/* Whether what waits is much enough, or has waited long enough, to be sent. */
bool wire_due(const struct wire *w, int64_t boottime);

/* Sends what the socket takes without waiting. Returns false when the reader is gone. */
bool wire_flush(struct wire *w);

/* Tells that nothing is watched and why, as the first frame and the last, and closes. */
void wire_refuse(struct wire *w, enum wire_error error, int number, const char *message);

/* Waits for the reader to take everything, at most so long, then closes. */
void wire_finish(struct wire *w, int timeout_ms);

/* Closes at once. */
void wire_close(struct wire *w);

#endif
