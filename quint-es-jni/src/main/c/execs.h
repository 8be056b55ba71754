/*
 * Execs. That one is asked for says little: a search of PATH asks several times for one that happens.
 * So it is told when the process is seen to run another image than before.
 */
#ifndef QUINT_EXECS_H
#define QUINT_EXECS_H

#include "supervisor.h"

/* The thread asks for another program, by a name that starts at dirfd when it is relative. */
void execs_asked(struct supervisor *s, struct process *process, pid_t tid, int dirfd, const char *path);

/* The call was interrupted before it was let go. */
void execs_cancel(struct supervisor *s, struct process *process, pid_t tid);

/*
 * Decides an exec that was asked for, by looking at the process: done (told as EXEC), failed
 * (forgotten), or still under way. tid is the thread that made the call at hand, or 0.
 */
void execs_settle(struct supervisor *s, struct process *process, pid_t tid);

/* Looks at all execs that are not settled. */
void execs_settle_all(struct supervisor *s);

/* The process is gone. */
void execs_forget(struct supervisor *s, struct process *process);

#endif
