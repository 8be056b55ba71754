/* The terminal's job control: the reader stops and goes on with the command. */
#ifndef QUINT_JOBS_H
#define QUINT_JOBS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The command was stopped (Ctrl-Z) or goes on, says its wait status. A shell takes its terminal back
 * only when the process that it started is stopped, and that is the reader. A command that is stopped
 * while it does not have the terminal stops alone. *stopped remembers that we stopped the reader.
 */
void jobs_follow(pid_t root, int status, pid_t reader, bool *stopped);

#endif
