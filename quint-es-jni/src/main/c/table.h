/* The watched processes, and which process a thread belongs to. Both are bounded. */
#ifndef QUINT_TABLE_H
#define QUINT_TABLE_H

#include "address.h"
#include "path.h"
#include "procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TABLE_PROCESSES_MAX = 32768, TABLE_THREADS_MAX = 65536, RECENT_PEERS = 8 };

/* An exec that has been asked for and not been seen to happen or fail. */
struct attempt {
  pid_t tid;
  int64_t time; /* CLOCK_BOOTTIME of the call */
  struct procfs_image image; /* before the call */
  pid_t memory_of;           /* the parent whose memory it had then, which an exec ends, or 0 */
  char comm[PROCFS_COMM];    /* the process's short name before the call */
  struct name path;          /* what it asked for, absolute */
};

struct process {
  struct process *next;
  pid_t pid;
  pid_t ppid; /* as it was when found: it stays so in what is told when the parent ends */
  int64_t start_ms;
  int pidfd;     /* or -1 */
  int exit_hint; /* wait status that it asked for with exit_group, or -1 */
  int reaped;    /* wait status, of our own children only, or -1 */
  bool same_view;
  bool view_moves; /* it called chroot or the like: look at its view again each time */
  bool user_moves; /* it called setuid or the like: look at its credentials again each time */
  int64_t found;   /* CLOCK_BOOTTIME of the call by which it was found ... */
  char comm[PROCFS_COMM]; /* ... and its short name then */
  struct procfs_image image; /* by its last exec that we saw, if there was one */
  unsigned threads_known;
  int memory;     /* a handle on its memory, or -1 */
  unsigned reads; /* how often it was asked for since the last exec */
  struct procfs_status credentials;
  struct attempt *attempt; /* or NULL */
  struct peer recent[RECENT_PEERS]; /* addresses that it has sent datagrams to */
  unsigned recent_next;
};

/* Returns false when there is no memory. */
bool table_init(void);

struct process *table_find(pid_t pid);

/* A new entry, or NULL at the bound. */
struct process *table_add(pid_t pid);

/* Frees the entry and forgets its threads. */
void table_remove(struct process *process);

/* Calls each process until visit returns false; visit may remove the one that it is given. */
void table_each(bool (*visit)(struct process *process, void *context), void *context);

/* The process of a thread that is not its main thread, or 0. */
pid_t table_thread_owner(pid_t tid);
void table_thread_add(pid_t tid, struct process *process, bool shares_cwd);

/* Whether the thread is known to have its process's working directory, and not one of its own. */
bool table_thread_shares_cwd(pid_t tid);
void table_thread_remove(pid_t tid);

/* Forgets all threads of a process: after an exec only the main one is left. */
void table_threads_forget(struct process *process);

/*
 * A handle on the process's memory, or -1: only a process that is read often gets one, since it costs as
 * much as several reads, and not all of many.
 */
int table_memory(struct process *process);

/* Its memory is about to be another. */
void table_memory_forget(struct process *process);

size_t table_size(void);

#endif
