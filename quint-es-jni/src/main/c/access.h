/* Whether a process may do with a file what it asks for. */
#ifndef QUINT_ACCESS_H
#define QUINT_ACCESS_H

#include "path.h"
#include "table.h"

#include <stdbool.h>

/* Whether mode bits alone allow it. Writing is never certain by them: the mount may be read-only. */
bool access_by_mode(const struct process *process, const struct stat *file, int mask);

/* mask: R_OK, W_OK, X_OK. Decided by mode bits where they suffice, else by the kernel. */
bool access_allowed(const struct process *process, const struct located *file, int mask);

/* Whether it may add or remove a name in a directory; victim is what the name stands for, or NULL. */
bool access_names(const struct process *process, const struct located *directory, const struct stat *victim);

#endif
