/*
 * The process that receives every trapped call, tells the reader what it means, and lets it go on.
 * It never blocks on the reader and never refuses a call.
 */
#ifndef QUINT_SUPERVISOR_H
#define QUINT_SUPERVISOR_H

#include "table.h"
#include "wire.h"

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum orphan_policy { ORPHAN_CONTINUE, ORPHAN_KILL };

struct options {
  const char *socket_path;
  int64_t clock_offset;
  bool writes_only;
  enum orphan_policy orphan;
  size_t queue_bytes;
  char **command; /* ends with NULL */
};

/*
 * One page that the supervisor and its backup share. The kernel writes the received call straight
 * into it, so a call that was received and not answered when the supervisor died is known here.
 */
union in_flight {
  struct seccomp_notif call; /* id 0: none */
  char room[512];            /* the kernel's struct may be longer than the one we were built with */
};

/* Messages of the waiting process to the supervisor. */
struct control {
  enum { CONTROL_REAPED = 1, CONTROL_EXEC_FAILED = 2 } kind;
  pid_t pid;
  int status; /* wait status, or errno */
};

struct supervisor {
  const struct options *options;
  union in_flight *page;
  struct wire wire;
  int listener;
  int epoll;
  int control; /* read end, or -1 */
  pid_t self;
  pid_t waiter; /* parent of the root and of its orphans */
  pid_t root;
  int64_t root_start_ms;
  uint64_t root_start_ticks;
  int root_status; /* wait status, or -1 */
  int exec_error;
  bool root_ended;
  bool root_reaped; /* the waiting process has said all that it knows of it */
  unsigned attempts; /* execs not settled */
  unsigned without_pidfd;
  int64_t now; /* CLOCK_BOOTTIME of the call at hand */
  uint32_t features;
  int ready; /* write end: one byte when calls are being answered */
};

/* A trapped call on its way through the supervisor. */
struct trapped {
  const struct seccomp_notif *notif;
  struct process *process;
  unsigned pointer_bytes;
};

/* Runs until the watched tree has ended. Never returns. */
_Noreturn void supervisor_run(struct supervisor *s);

#endif
