/*
 * quint-watch: tells a reader what processes do that were not started by us, or were started without a
 * supervisor, by one of two ways of the kernel that need root. The frames are those of wire.h.
 */
#ifndef QUINT_WATCH_H
#define QUINT_WATCH_H

#include "../address.h"
#include "../path.h"
#include "../wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CAUSE_MAX = 512 };

/* What is asked of a tier. */
struct wanted {
  bool writes_only;
  bool everybody; /* forks, execs and exits of all processes */
};

/* Where a tier tells what it has seen, in the order in which it happened. */
struct told {
  struct wire wire;
  bool probing;      /* a self-test: nothing is told, but counted */
  unsigned forks;
  unsigned execs;
  unsigned exits;
  unsigned probes; /* files of the self-test that were opened */
};

/*
 * One way of watching. At most one is open. Functions other than open are called only when it is.
 */
struct tier {
  const char *name;

  /* False with a cause, in one sentence that says what to do about it, when it does not work here. */
  bool (*open)(const struct wanted *wanted, struct told *to, char cause[CAUSE_MAX]);

  /* Follows a process and what it forks from now on. */
  bool (*follow)(pid_t pid);

  /* Tells what has come. At most some thousands at once; false when there is more. */
  bool (*drain)(void);

  /* Something to poll for input, or -1. */
  int (*descriptor)(void);

  /* Before a long wait on the descriptor: true when nothing has come since drain. */
  bool (*may_sleep)(void);

  /* Milliseconds to wait at most while things happen; whether what comes ends that wait too. */
  int nap_ms;
  bool eager;

  void (*close)(void);
};

extern const struct tier tier_bpf;
extern const struct tier tier_connector;

/* The file that a self-test opens: this program. */
extern char watch_probe[PATH_MAX];

void cause_set(char cause[CAUSE_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
