/* The command as a job: how it starts, is told to end, stops, and how we end like it. */
#ifndef QUINT_JOBS_H
#define QUINT_JOBS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/types.h>

/*
 * The command was stopped (Ctrl-Z) or goes on, says its wait status. A shell takes its terminal back
 * only when the process that it started is stopped, and that is the reader. A command that is stopped
 * while it does not have the terminal stops alone. *stopped remembers that we stopped the reader.
 */
void jobs_follow(pid_t root, int status, pid_t reader, bool *stopped);

/*
 * Becomes the command, with these signals blocked. When it cannot be executed errno goes to the descriptor, and
 * the process ends as a shell's would.
 */
_Noreturn void jobs_become(char **command, const sigset_t *mask, int failed);

/*
 * A request to end that a program sent to us is meant for the command. The terminal's own signals reach
 * the command without us.
 */
void jobs_pass_on(const struct signalfd_siginfo *signal, pid_t root);

/* The exit code that is like this wait status; of a signal we die ourselves where we can. */
int jobs_end_like(int status);

#endif
