/* One run of a tier: a command from its start to its end, or running processes until the reader goes. */
#ifndef QUINT_FOLLOW_H
#define QUINT_FOLLOW_H

#include "watch.h"

enum { ORDERS_PIDS_MAX = 1024, FOLLOW_FAILED = 125 };

struct orders {
  const struct tier *tier;
  struct wanted wanted;
  const char *socket_path;
  int64_t clock_offset;
  size_t queue_bytes;
  char **command; /* ends with NULL; empty: watch pids */
  pid_t pids[ORDERS_PIDS_MAX];
  unsigned pid_count;
};

/* Returns the exit code of this process. */
int follow_run(const struct orders *orders);

/* Watches a child of its own and says on standard output how that went. */
int follow_self_test(const struct tier *tier);

#endif
