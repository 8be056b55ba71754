/* What was seen, as frames. */
#ifndef QUINT_TELL_H
#define QUINT_TELL_H

#include "watch.h"

/* A process: its pid and when it was forked, in nanoseconds since boot. */
struct who {
  pid_t pid;
  int64_t start;
};

int64_t tell_start_ms(const struct told *to, int64_t start);

void tell_fork(struct told *to, struct who parent, struct who child);

struct image {
  pid_t parent;
  uid_t user;
  const char *exe;
  size_t exe_length;
  const char *cwd;
  size_t cwd_length;
  const char *arguments; /* each with its zero */
  size_t arguments_length;
  bool cut;
};

void tell_exec(struct told *to, struct who who, int64_t time, const struct image *image);

/* Reads /proc for it; false when the process is gone. */
bool tell_exec_from_proc(struct told *to, struct who who, int64_t time);

void tell_exit(struct told *to, struct who who, int64_t time, int status);

void tell_file(
    struct told *to, struct who who, int64_t time, enum wire_op op, enum wire_access access,
    const struct name *path, const struct name *requested, const struct name *renamed);

/* type: SOCK_STREAM and the like, or 0. A datagram is told once for an address that was not seen lately. */
void tell_contact(struct told *to, struct who who, int64_t time, const struct peer *peer, int type, bool datagram);

/* A Unix socket, by its path or, after `@`, its abstract name. */
void tell_local(struct told *to, struct who who, int64_t time, const struct name *path, bool datagram);

#endif
