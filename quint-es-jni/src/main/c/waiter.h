/*
 * The process that the reader starts. It is the parent of the supervisor, which is the parent of the
 * root. It waits, ends like the root, and answers trapped calls itself when the supervisor has died;
 * as a subreaper it is the root's parent then.
 *
 * The supervisor stands between so that it is an ancestor of everything that it watches: only an
 * ancestor may read a process's memory where Yama restricts ptrace (kernel.yama.ptrace_scope = 1).
 */
#ifndef QUINT_WAITER_H
#define QUINT_WAITER_H

#include "supervisor.h"

/* Exit code when the command could not be put under watch; an ERROR frame says why. */
enum { WAITER_FAILED = 125 };

/* Returns the exit code of this process. A root that was killed by a signal ends us by the same. */
int waiter_run(const struct options *options);

#endif
