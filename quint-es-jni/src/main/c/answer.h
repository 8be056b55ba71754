/* Letting trapped calls go on without looking at them. */
#ifndef QUINT_ANSWER_H
#define QUINT_ANSWER_H

#include "supervisor.h"

#include <stdbool.h>
#include <stdint.h>

/* False when the call is not waiting any more. */
bool answer_continue(int listener, uint64_t id);

/* Makes the call fail with EPERM. False when it is not waiting any more. */
bool answer_refuse(int listener, uint64_t id);

/* Lets go all that the supervisor had in hand when it died, and what waits for the reader's word. */
void answer_left(int listener, struct shared *page);

/* Takes the next call and lets it go. */
void answer_next(int listener);

/* Whether no process is left that the filter is installed in. */
bool answer_tree_ended(int listener);

/*
 * Keeps watch over the supervisor. When it dies or does not come back from a call, the call that it
 * had in hand is let go and all that follow; ends with the watched tree.
 */
_Noreturn void answer_stand_by(int listener, struct shared *page, pid_t supervisor);

/* What was seen of the supervisor at the last look. */
struct answer_look {
  uint64_t id; /* of the call that it had in hand */
  unsigned times;
};

/* How often to look, in milliseconds. */
enum { ANSWER_LOOK_MS = 1000 };

/*
 * Looks whether the supervisor hangs in a call: it still has the same one in hand after several looks,
 * on a file system that is served by the watched processes themselves, or by a machine that is gone.
 * It is killed then.
 */
bool answer_hangs(struct answer_look *look, const struct shared *page, pid_t supervisor);

/* Makes this process hold nothing of the user: no terminal, no pipe, no directory. */
void answer_detach(void);

#endif
