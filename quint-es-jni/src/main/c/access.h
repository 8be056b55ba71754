/* Whether a process may do with a file what it asks for. */
#ifndef QUINT_ACCESS_H
#define QUINT_ACCESS_H

#include "path.h"
#include "table.h"

#include <stdbool.h>

/*
 * mask: R_OK, W_OK, X_OK. Decided by mode bits where they suffice, else by the kernel, which is asked
 * by the file's handle, or without one by the name that led to it.
 */
bool access_allowed(const struct process *process, const struct located *file, int mask);

/* Whether it may add or remove a name in a directory; victim is what the name stands for, or NULL. */
bool access_names(const struct process *process, const struct located *directory, const struct stat *victim);

#endif
