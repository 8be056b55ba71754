/*
 * Looks that can wait until the call has been let go. A file that is only opened for reading stays
 * what it is until a call of the watched tree changes it, and such a call is held until all looks
 * before it have been made. So between the two nobody waits for the look: a second thread makes it,
 * on a processor that the watched processes leave free.
 *
 * Whoever has taken the looks owns everything that a look uses (wire, names, processes). The
 * supervisor has, but while such calls come one after the other.
 */
#ifndef QUINT_LOOKS_H
#define QUINT_LOOKS_H

#include "supervisor.h"

enum { LOOK_NAME = 512 };

struct look {
  int64_t time; /* CLOCK_BOOTTIME of the call */
  const struct process *process;
  pid_t tid;
  uint32_t flags;       /* of the open */
  char name[LOOK_NAME]; /* absolute */
};

/* Starts the second thread; without it no look waits. The caller owns everything from then on. */
void looks_start(struct supervisor *s);

/* Room for the look of the call at hand, or NULL when it must be made at once. */
struct look *looks_claim(void);

/* Leaves it, and all that is owned, to the second thread. */
void looks_leave(void);

/* Makes what looks are left, and owns everything again. */
void looks_take(void);

/* The same; false when the second thread does not come back from a look in so many milliseconds. */
bool looks_take_within(int milliseconds);

bool looks_taken(void);

/* Has the second thread make them and send what has waited long enough. */
void looks_wake(void);

/* From now on no look waits. */
void looks_stop(void);

#endif
