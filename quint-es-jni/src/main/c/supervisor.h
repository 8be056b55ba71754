/*
 * The process that receives every trapped call, tells the reader what it means, and lets it go on.
 * It never blocks on the reader, and refuses a call only by a policy that the reader gave it.
 */
#ifndef QUINT_SUPERVISOR_H
#define QUINT_SUPERVISOR_H

#include "table.h"
#include "wire.h"

#include <linux/seccomp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How many calls may wait for the reader's word at once (ask.h). */
enum { ASK_MAX = 16 };

enum orphan_policy { ORPHAN_CONTINUE, ORPHAN_KILL };

struct options {
  const char *socket_path;
  int64_t clock_offset;
  bool writes_only;
  enum orphan_policy orphan;
  size_t queue_bytes;
  char **command; /* ends with NULL */
};

/* A received call; the kernel's struct may be longer than the one that we were built with. */
union received {
  struct seccomp_notif call;
  char room[512];
};

/*
 * One page that the supervisor shares with whoever stands by. The kernel writes the received call
 * straight into it, so a call that was received and not answered when the supervisor died is known.
 */
struct shared {
  union received in_flight; /* id 0: none */
  _Atomic uint64_t asked[ASK_MAX]; /* ids of calls that wait for the reader's word; 0: none */
  _Atomic pid_t root;       /* 0: not started */
  _Atomic int root_status;  /* wait status, or -1 while it lives */
  struct wire wire;         /* what is queued can be sent by either */
  _Atomic uint32_t looks_left; /* calls let go whose file was still to be looked at (looks.h) ... */
  _Atomic uint32_t looks_made; /* ... and how many of them have been; both ever growing */
};

struct supervisor {
  const struct options *options;
  struct shared *page;
  struct wire *wire;
  int listener;
  int epoll;
  int channel;  /* to the waiting process: a byte when the root has ended; -1 when that is gone */
  int children; /* signalfd of SIGCHLD */
  int failed;   /* reads an errno when the command could not be executed */
  pid_t self;
  pid_t waiter;   /* our parent */
  pid_t reader;   /* the waiting process's parent; 0 when it is gone */
  pid_t stand_in; /* took the waiting process's place, or 0 */
  pid_t root;
  int64_t root_start_ms;
  uint64_t root_start_ticks;
  int root_status; /* wait status, or -1 */
  int exec_error;
  bool root_ended;
  bool root_reaped;
  bool reader_stopped;
  struct procfs_status user; /* of all processes, as the root began ... */
  bool users_differ;         /* ... until one of them may have another */
  pid_t last;        /* process of the call before, or 0 */
  unsigned attempts; /* execs not settled */
  unsigned without_pidfd;
  int64_t now; /* CLOCK_BOOTTIME of the call at hand */
  uint32_t features;
};

/* A trapped call on its way through the supervisor. */
struct trapped {
  const struct seccomp_notif *notif;
  struct process *process;
  unsigned pointer_bytes;
};

/* Runs until the watched tree has ended. A byte on go lets the root become the command. */
_Noreturn void supervisor_run(struct supervisor *s, int go);

#endif
