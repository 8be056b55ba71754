/* What /proc says of a process. All reads are small, bounded and never follow the process's names. */
#ifndef QUINT_PROCFS_H
#define QUINT_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PROCFS_GROUPS_MAX = 32, PROCFS_COMM = 16, PROCFS_WITNESS = 48 };

struct procfs_stat {
  char state;
  pid_t ppid;
  pid_t process_group;
  int terminal;         /* device number of its controlling terminal, 0 for none */
  pid_t terminal_group; /* process group that has its terminal, -1 without one */
  unsigned threads;
  uint64_t start_ticks; /* since boot */
  bool image_complete;  /* its memory says where the environment ends, which an exec sets last */
  int exit_code;        /* wait status; of a zombie only */
  char comm[PROCFS_COMM];
};

struct procfs_status {
  pid_t tgid;
  uid_t euid;
  uid_t fsuid;
  gid_t fsgid;
  unsigned group_count; /* at most PROCFS_GROUPS_MAX are kept */
  gid_t groups[PROCFS_GROUPS_MAX];
};

/* Opens /proc and reads the clock's ticks. */
bool procfs_init(void);

/* Nanoseconds of one tick of start_ticks. */
int64_t procfs_tick_nanos(void);

bool procfs_stat(pid_t pid, struct procfs_stat *to);
bool procfs_status(pid_t tid, struct procfs_status *to);

/* Target of /proc/PID/NAME as a terminated string; its length or -1. */
ssize_t procfs_link(pid_t pid, const char *name, char *to, size_t capacity);

/* Content of /proc/PID/NAME; bytes read, at most capacity, or -1. */
ssize_t procfs_content(pid_t pid, const char *name, char *to, size_t capacity);

/* Calls each child of the process (of all its threads) until visit returns false. */
void procfs_children(pid_t pid, bool (*visit)(pid_t child, void *context), void *context);

/*
 * A value that the kernel draws anew at each exec: the 16 random bytes that it leaves on the new
 * stack, and where. Two reads differ if and only if an exec lies between them. False when the
 * process does not let us look.
 */
bool procfs_witness(pid_t pid, uint8_t to[PROCFS_WITNESS]);

/* Whether the process sees the same root directory and mounts as we do. */
bool procfs_same_view(pid_t pid);

#endif
