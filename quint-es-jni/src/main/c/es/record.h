/*
 * One EndpointSecurity message as we hand it on: in the ring that Java reads (ring.h) and, byte for
 * byte the same, over the extension socket. Little-endian, 8-byte aligned; a string has no
 * terminator and any bytes, since the kernel promises no encoding.
 *
 *   0    u32  length of the whole record, a multiple of 8, at most RECORD_MAX
 *   4    u16  kind (enum record_kind)
 *   6    u16  flags (RECORD_*)
 *   8    i64  time, nanoseconds since the Unix epoch
 *   16   u64  how many events were lost before this one since the client began, by the kernel and by us
 *   24   i64  global_seq_num, -1 before message version 4
 *   32   i64  seq_num, -1 before message version 2
 *   40   i32  pid of the process that acts; EXEC: after the exec
 *   44   u32  its pidversion, which changes with each exec
 *   48   i64  its start (the fork), microseconds since the epoch, -1 before message version 3
 *   56   i32  its parent's pid
 *   60   i32  pid of the process responsible for it, -1 before message version 4
 *   64   u32  effective user id
 *   68   i32  EXIT: wait status; OPEN: fflag (1 FREAD, 2 FWRITE); else 0
 *   72   i32  FORK: the child's pid; EXEC: pid before the exec; else 0
 *   76   u32  its pidversion
 *   80   i64  its start, -1 unknown
 *   88   u32  length of `path`: EXEC: the executable; else the file; FORK, EXIT: 0
 *   92   u32  length of `extra`: EXEC: working directory; RENAME: the new path; else 0
 *   96   u32  length of `exe`: the executable of the process that acts, where it is not yet known
 *             whether it is of interest (RECORD_UNDECIDED); EXEC: 0
 *   100  u16  message version
 *   102  u16  zero
 *        EXEC has more of it, at 104:
 *   104  u8[20] cdhash
 *   124  u32  how many arguments it was given
 *   128  u32  how many of them are here
 *   132  u32  length of `signingId`
 *   136  u32  length of `teamId`
 *   140  u32  length of `argv`: each argument is u32 length and its bytes
 *   144       end of the fixed part of an EXEC; 104 of any other
 *        then path, extra, exe, signingId, teamId, argv, one right after the other.
 */
#ifndef QUINT_ES_RECORD_H
#define QUINT_ES_RECORD_H

#include <stdint.h>

enum {
  RECORD_FIXED = 104,
  RECORD_FIXED_EXEC = 144,
  RECORD_MAX = 64 * 1024,
  RECORD_STRING_MAX = 4096 /* of each but argv, which gets what is left */
};

enum record_kind {
  RECORD_PADDING = 0, /* length and kind only */
  RECORD_EXEC = 1,
  RECORD_FORK = 2,
  RECORD_EXIT = 3,
  RECORD_OPEN = 4,
  RECORD_CREATE = 5,
  RECORD_WRITE = 6,
  RECORD_CLOSE = 7, /* of a file that was changed; others are not told */
  RECORD_RENAME = 8,
  RECORD_UNLINK = 9
};

enum {
  RECORD_REFUSED = 1,         /* by our policy: it did not happen */
  RECORD_PATH_TRUNCATED = 2,  /* `path` or `extra` is only the beginning */
  RECORD_ARGV_TRUNCATED = 4,
  RECORD_PLATFORM_BINARY = 8, /* EXEC: Apple's own */
  RECORD_AD_HOC = 16,         /* EXEC: signed by nobody, so signingId and teamId prove nothing */
  RECORD_ES_CLIENT = 32,      /* EXEC: is itself an EndpointSecurity client */
  RECORD_UNDECIDED = 64,      /* nobody has said yet whether this process is of interest */
  RECORD_WATCHED = 128        /* it is */
};

struct record {
  uint32_t length;
  uint16_t kind;
  uint16_t flags;
  int64_t time;
  uint64_t lost;
  int64_t global_sequence;
  int64_t sequence;
  int32_t pid;
  uint32_t pid_version;
  int64_t start_us;
  int32_t ppid;
  int32_t responsible_pid;
  uint32_t euid;
  int32_t value;
  int32_t other_pid;
  uint32_t other_pid_version;
  int64_t other_start_us;
  uint32_t path_length;
  uint32_t extra_length;
  uint32_t exe_length;
  uint16_t version;
  uint16_t zero;
};

struct record_exec {
  struct record common;
  uint8_t cdhash[20];
  uint32_t argument_count;
  uint32_t arguments_here;
  uint32_t signing_id_length;
  uint32_t team_id_length;
  uint32_t argv_length;
};

_Static_assert(sizeof(struct record) == RECORD_FIXED, "the layout above");
_Static_assert(sizeof(struct record_exec) == RECORD_FIXED_EXEC, "the layout above");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are little-endian");

#endif
