/*
 * The process that the reader starts. It is the parent of the root, of the supervisor and, as a
 * subreaper, of the root's orphans; it waits, passes on the root's end, and answers trapped calls
 * itself when the supervisor has died.
 */
#ifndef QUINT_WAITER_H
#define QUINT_WAITER_H

#include "supervisor.h"

/* Exit code when the command could not be put under watch; an ERROR frame says why. */
enum { WAITER_FAILED = 125 };

/* Returns the exit code of this process. A root that was killed by a signal ends us by the same. */
int waiter_run(const struct options *options);

#endif
