/* The root: from a copy of ourselves to the command with the filter around it. */
#ifndef QUINT_LAUNCH_H
#define QUINT_LAUNCH_H

#include "wire.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct launch {
  pid_t root;
  int listener; /* our copy, or -1 */
  int go;       /* write a byte and the command runs; close it and the root ends */
  int failed;   /* reads an errno when the command could not be executed; ends when it could */
  bool killable;
  bool no_new_privs;
  enum wire_error error; /* when listener is -1 */
  int error_number;
};

/*
 * Forks the root, which installs the filter and waits. command NULL: the root only opens a file and
 * ends, for a self-test. mask is the signal mask that the command gets.
 */
struct launch launch_root(char **command, bool writes_only, const sigset_t *mask);

/* What an error means and what to do about it, in one sentence. */
const char *launch_explain(enum wire_error error);

/* The file that the root of a self-test opens. */
extern const char launch_probe[];

#endif
