/* Letting trapped calls go on without looking at them. */
#ifndef QUINT_ANSWER_H
#define QUINT_ANSWER_H

#include "supervisor.h"

#include <stdbool.h>
#include <stdint.h>

/* False when the call is not waiting any more. */
bool answer_continue(int listener, uint64_t id);

/* Takes the next call and lets it go. */
void answer_next(int listener);

/* Whether no process is left that the filter is installed in. */
bool answer_tree_ended(int listener);

/* Lets every call go until the watched tree has ended. */
void answer_until_end(int listener);

/*
 * Keeps watch over the supervisor. When it dies, the call that it had in hand is let go and all that
 * follow; ends with the watched tree.
 */
_Noreturn void answer_stand_by(int listener, const union in_flight *page, pid_t supervisor);

/* Makes this process hold nothing of the user: no terminal, no pipe, no directory. */
void answer_detach(void);

#endif
