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
  bool plain; /* real, effective, saved and file system user are one, and the groups too */
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

/* Number of the system call that the thread sleeps in, or -1 when it does not, or is not known to. */
int procfs_sleeps_in(pid_t tid);

/* Target of /proc/PID/NAME as a terminated string; its length or -1. */
ssize_t procfs_link(pid_t pid, const char *name, char *to, size_t capacity);

/* Content of /proc/PID/NAME, of a file that the kernel gives at once; bytes read, at most capacity, or -1. */
ssize_t procfs_content(pid_t pid, const char *name, char *to, size_t capacity);

/*
 * Whether nobody was made after the process, so that it has neither a child nor a second thread: the
 * kernel's last pid is its own. False where that is not known. (Who may choose pids, which needs
 * CAP_CHECKPOINT_RESTORE, can make children that this does not see.)
 */
bool procfs_newest(pid_t pid);

/* Calls each child of the process (of all its threads) until visit returns false. */
void procfs_children(pid_t pid, bool (*visit)(pid_t child, void *context), void *context);

/*
 * Which image a process runs. The witness is a value that the kernel draws anew at each exec: the 16
 * random bytes that it leaves on the new stack, and where. Two reads differ if and only if an exec
 * lies between them. secure: the exec may have given it rights that its caller did not have
 * (AT_SECURE); without it users and groups are the caller's, where those were all one.
 */
struct procfs_image {
  bool known; /* the process lets us look */
  bool secure;
  uint8_t witness[PROCFS_WITNESS];
};

void procfs_image(pid_t pid, struct procfs_image *to);

/* Whether two processes that live have one memory, as after vfork. */
bool procfs_same_memory(pid_t one, pid_t other);

/* Whether the thread is one of the process's. */
bool procfs_has_thread(pid_t pid, pid_t tid);

/* Whether the process sees the same root directory and mounts as we do. */
bool procfs_same_view(pid_t pid);

#endif
