#include "table.h"

#include "memory.h"

#include <stdlib.h>
#include <unistd.h>

enum { BUCKETS = 16384, SLOTS = 2 * TABLE_THREADS_MAX, PROBES = 64, READS_FIRST = 8, MEMORIES_MAX = 256 };

struct thread {
  pid_t tid; /* 0: free */
  pid_t pid;
  bool shares_cwd;
};

static struct process **buckets;
static struct thread *threads;
static size_t size;
static size_t thread_count;
static unsigned memories;

bool table_init(void) {
  buckets = calloc(BUCKETS, sizeof *buckets);
  threads = calloc(SLOTS, sizeof *threads);
  return buckets != NULL && threads != NULL;
}

static struct process **bucket(pid_t pid) { return &buckets[(uint32_t)pid % BUCKETS]; }

struct process *table_find(pid_t pid) {
  struct process *process = *bucket(pid);
  while (process != NULL && process->pid != pid) {
    process = process->next;
  }
  return process;
}

struct process *table_add(pid_t pid) {
  struct process *process = size < TABLE_PROCESSES_MAX ? calloc(1, sizeof *process) : NULL;
  if (process != NULL) {
    process->pid = pid;
    process->pidfd = -1;
    process->memory = -1;
    process->exit_hint = -1;
    process->reaped = -1;
    process->next = *bucket(pid);
    *bucket(pid) = process;
    size++;
  }
  return process;
}

void table_remove(struct process *process) {
  struct process **link = bucket(process->pid);
  while (*link != process) {
    link = &(*link)->next;
  }
  *link = process->next;
  table_threads_forget(process);
  table_memory_forget(process);
  free(process->attempt);
  free(process);
  size--;
}

void table_each(bool (*visit)(struct process *process, void *context), void *context) {
  for (size_t i = 0; i < BUCKETS; i++) {
    struct process *next;
    for (struct process *process = buckets[i]; process != NULL; process = next) {
      next = process->next;
      if (!visit(process, context)) {
        return;
      }
    }
  }
}

/*
 * Threads sit in an open table and are looked for within a fixed distance. One that finds no room is
 * not remembered and is looked up in /proc each time.
 */
static struct thread *slot(pid_t tid, pid_t wanted) {
  for (size_t i = 0; i < PROBES; i++) {
    struct thread *thread = &threads[((uint32_t)tid + i) % SLOTS];
    if (thread->tid == wanted) {
      return thread;
    }
  }
  return NULL;
}

pid_t table_thread_owner(pid_t tid) {
  struct thread *thread = slot(tid, tid);
  return thread == NULL ? 0 : thread->pid;
}

bool table_thread_shares_cwd(pid_t tid) {
  struct thread *thread = slot(tid, tid);
  return thread != NULL && thread->shares_cwd;
}

void table_thread_add(pid_t tid, struct process *process, bool shares_cwd) {
  struct thread *thread = slot(tid, 0);
  if (thread != NULL && thread_count < TABLE_THREADS_MAX) {
    *thread = (struct thread){.tid = tid, .pid = process->pid, .shares_cwd = shares_cwd};
    thread_count++;
    process->threads_known++;
  }
}

static void forget(struct thread *thread) {
  *thread = (struct thread){0};
  thread_count--;
}

void table_thread_remove(pid_t tid) {
  struct thread *thread = slot(tid, tid);
  if (thread != NULL) {
    struct process *process = table_find(thread->pid);
    if (process != NULL) {
      process->threads_known--;
    }
    forget(thread);
  }
}

void table_threads_forget(struct process *process) {
  for (size_t i = 0; process->threads_known > 0 && i < SLOTS; i++) {
    if (threads[i].tid != 0 && threads[i].pid == process->pid) {
      forget(&threads[i]);
      process->threads_known--;
    }
  }
}

int table_memory(struct process *process) {
  if (process->memory < 0 && ++process->reads == READS_FIRST && memories < MEMORIES_MAX) {
    process->memory = memory_open(process->pid);
    memories += process->memory >= 0;
  }
  return process->memory;
}

void table_memory_forget(struct process *process) {
  if (process->memory >= 0) {
    close(process->memory);
    process->memory = -1;
    memories--;
  }
  process->reads = 0;
}

size_t table_size(void) { return size; }
