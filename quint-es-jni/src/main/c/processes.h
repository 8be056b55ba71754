/* Forks and exits: which processes there are. */
#ifndef QUINT_PROCESSES_H
#define QUINT_PROCESSES_H

#include "supervisor.h"

/* The root, before it runs anything. */
bool processes_add_root(struct supervisor *s);

/*
 * The process of a trapped thread. One that is met for the first time is announced by a FORK, its
 * unknown ancestors before it. NULL when it is gone or there is no room.
 */
struct process *processes_of_thread(struct supervisor *s, pid_t tid);

/* The same where it is known already, else NULL. */
struct process *processes_known(pid_t tid);

/*
 * By whom the working directory of one of its threads is known (lately.h): the process, or the thread
 * where that may have a directory of its own.
 */
pid_t processes_cwd(const struct process *process, pid_t tid);

/* Reads anew which user and groups the thread, one of the process's, has. */
void processes_look_at_user(struct process *process, pid_t tid);

/* Announces the children that the process has at this moment. */
void processes_find_children(struct supervisor *s, const struct process *process);

/* The process, or the thread with exit, is about to end. */
void processes_exit_asked(struct supervisor *s, struct process *process, pid_t tid, int code, bool group);

/* Whether this kernel keeps exit codes for holders of pidfds. */
bool processes_exit_info(void);

/* The process has ended. */
void processes_ended(struct supervisor *s, struct process *process);

/* Takes note of children of ours that ended, stopped or go on: the root, and orphans of the tree. */
void processes_reap(struct supervisor *s);

/* Looks for ends of processes that could not be given a pidfd. */
void processes_sweep(struct supervisor *s);

#endif
