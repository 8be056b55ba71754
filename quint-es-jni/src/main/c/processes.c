/*
 * No call tells the pid of a new child, so a process is found when it first does something: every
 * process that ends by itself does so with exit_group, which stops for us. A parent's children are
 * looked at before it runs another program or ends, so that a child is never attributed to the
 * wrong program or to nobody.
 */
#include "processes.h"

#include "clock.h"
#include "execs.h"
#include "jobs.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANCESTORS_MAX = 128 };

/* From linux/pidfd.h of kernels that have it. */
struct pidfd_info_64 {
  uint64_t mask;
  uint64_t cgroupid;
  uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  int32_t exit_code;
};
#define PIDFD_GET_INFO_64 _IOWR(0xFF, 11, struct pidfd_info_64)
#define PIDFD_INFO_EXIT_BIT (1ull << 3)

static int64_t start_nanos(uint64_t ticks) { return (int64_t)ticks * procfs_tick_nanos(); }

static int64_t start_ms(const struct supervisor *s, uint64_t ticks) {
  int64_t nanos = start_nanos(ticks) + s->wire->offset;
  return nanos / 1000000 - (nanos % 1000000 < 0);
}

static void watch_exit(struct supervisor *s, struct process *process) {
  process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)process->pid};
  if (process->pidfd >= 0 && epoll_ctl(s->epoll, EPOLL_CTL_ADD, process->pidfd, &event) != 0) {
    close(process->pidfd);
    process->pidfd = -1;
  }
  s->without_pidfd += process->pidfd < 0;
}

void processes_look_at_user(struct process *process, pid_t tid) {
  if (!procfs_status(tid, &process->credentials)) {
    process->credentials.tgid = 0; /* not known */
  }
}

static struct process *add(struct supervisor *s, pid_t pid, const struct procfs_stat *stat) {
  struct process *process = table_add(pid);
  if (process == NULL) {
    wire_lose(s->wire);
    return NULL;
  }
  process->ppid = stat->ppid;
  process->start_ms = start_ms(s, stat->start_ticks);
  process->same_view = procfs_same_view(pid);
  process->found = s->now;
  memcpy(process->comm, stat->comm, sizeof process->comm);
  if (s->users_differ) {
    processes_look_at_user(process, pid);
  } else {
    process->credentials = s->user;
  }
  watch_exit(s, process);
  return process;
}

bool processes_add_root(struct supervisor *s) {
  struct procfs_stat stat;
  if (!procfs_stat(s->root, &stat)) {
    return false;
  }
  s->root_start_ticks = stat.start_ticks;
  s->root_start_ms = start_ms(s, stat.start_ticks);
  s->users_differ = !procfs_status(s->root, &s->user) || !s->user.plain;
  return add(s, s->root, &stat) != NULL;
}

/* A parent that is not known (orphans whose parent was killed) is taken to be the root. */
static struct process *announce(
    struct supervisor *s, pid_t pid, const struct procfs_stat *stat, struct process *parent) {
  pid_t parent_pid = s->root;
  int64_t parent_start = s->root_start_ms;
  if (parent != NULL) {
    execs_settle(s, parent, 0);
    parent_pid = parent->pid;
    parent_start = parent->start_ms;
  }
  struct process *process = add(s, pid, stat);
  if (process != NULL) {
    wire_begin(s->wire, WIRE_FORK, start_nanos(stat->start_ticks));
    wire_process(s->wire, parent_pid, parent_start);
    wire_process(s->wire, process->pid, process->start_ms);
    wire_commit(s->wire);
  }
  return process;
}

/* From the process up to its nearest known ancestor, then down again, oldest first. */
static struct process *discover(struct supervisor *s, pid_t pid) {
  pid_t line[ANCESTORS_MAX];
  struct procfs_stat own;
  struct procfs_stat ancestor;
  unsigned depth = 0;
  struct process *parent = NULL;
  pid_t at = pid;
  while (depth < ANCESTORS_MAX && (parent = table_find(at)) == NULL) {
    bool outside = at <= 1 || at == s->waiter || at == s->self || at == s->stand_in;
    struct procfs_stat *stat = at == pid ? &own : &ancestor;
    if (outside || !procfs_stat(at, stat) || stat->start_ticks < s->root_start_ticks) {
      break;
    }
    line[depth++] = at;
    at = stat->ppid;
  }
  while (depth > 0) {
    pid_t child = line[--depth];
    if (child == pid) {
      parent = announce(s, pid, &own, parent);
    } else if (procfs_stat(child, &ancestor)) {
      parent = announce(s, child, &ancestor, parent);
    } else {
      return NULL;
    }
    if (parent == NULL) {
      return NULL;
    }
  }
  return parent != NULL && parent->pid == pid ? parent : NULL;
}

struct process *processes_known(pid_t tid) {
  struct process *process = table_find(tid);
  if (process != NULL) {
    return process;
  }
  pid_t owner = table_thread_owner(tid);
  return owner == 0 ? NULL : table_find(owner);
}

/* Calls of one process come in runs, so a new thread is most often one of who called before. */
static pid_t process_of(const struct supervisor *s, pid_t tid) {
  struct procfs_status status;
  if (procfs_has_thread(tid, tid)) {
    return tid;
  }
  if (s->last != 0 && procfs_has_thread(s->last, tid)) {
    return s->last;
  }
  return procfs_status(tid, &status) ? status.tgid : 0;
}

struct process *processes_of_thread(struct supervisor *s, pid_t tid) {
  struct process *process = processes_known(tid);
  if (process != NULL) {
    return process;
  }
  pid_t pid = process_of(s, tid);
  uint64_t id = s->page->in_flight.call.id;
  if (pid == 0 || ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) != 0) {
    return NULL; /* it was killed while it waited; its number may be another's by now */
  }
  process = discover(s, pid);
  if (process != NULL && tid != pid) {
    table_thread_add(tid, process, syscall(SYS_kcmp, process->pid, tid, KCMP_FS, 0, 0) == 0);
  }
  return process;
}

pid_t processes_cwd(const struct process *process, pid_t tid) {
  /* unshare is among the calls that move the view */
  return !process->view_moves && table_thread_shares_cwd(tid) ? process->pid : tid;
}

static bool discover_child(pid_t child, void *context) {
  struct supervisor *s = context;
  if (table_find(child) == NULL) {
    discover(s, child);
  }
  return true;
}

void processes_find_children(struct supervisor *s, const struct process *process) {
  if (!procfs_newest(process->pid)) {
    procfs_children(process->pid, discover_child, s);
  }
}

void processes_exit_asked(
    struct supervisor *s, struct process *process, pid_t tid, int code, bool group) {
  if (group || tid == process->pid) {
    process->exit_hint = (code & 0xff) << 8;
    processes_find_children(s, process);
  } else {
    table_thread_remove(tid);
  }
}

/* Of a reaped process, from kernels that keep it. */
static bool kernel_status(const struct process *process, int *status) {
  struct pidfd_info_64 info = {.mask = PIDFD_INFO_EXIT_BIT};
  if (process->pidfd < 0 || ioctl(process->pidfd, PIDFD_GET_INFO_64, &info) != 0 ||
      (info.mask & PIDFD_INFO_EXIT_BIT) == 0) {
    return false;
  }
  *status = info.exit_code;
  return true;
}

bool processes_exit_info(void) {
  struct pidfd_info_64 info = {.mask = PIDFD_INFO_EXIT_BIT};
  int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
  bool known = pidfd >= 0 && ioctl(pidfd, PIDFD_GET_INFO_64, &info) == 0;
  if (pidfd >= 0) {
    close(pidfd);
  }
  return known;
}

/* A zombie's status stands in /proc; a reaped one's the kernel keeps for the holder of a pidfd. */
static int exit_status(const struct supervisor *s, const struct process *process) {
  int status;
  if (kernel_status(process, &status)) {
    return status;
  }
  struct procfs_stat stat;
  if (procfs_stat(process->pid, &stat) && stat.state == 'Z' &&
      start_ms(s, stat.start_ticks) == process->start_ms) {
    return stat.exit_code;
  }
  if (kernel_status(process, &status)) {
    return status; /* it was reaped while we looked */
  }
  return process->reaped >= 0 ? process->reaped : process->exit_hint;
}

static int32_t exit_code(int status) {
  if (status < 0) {
    return -1;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Children of a process that was killed are ours now, and nobody else's are. */
static void adopt_orphans(struct supervisor *s, struct process *dead);

void processes_ended(struct supervisor *s, struct process *process) {
  execs_settle(s, process, 0);
  execs_forget(s, process);
  int status = exit_status(s, process);
  if (process->exit_hint < 0) {
    adopt_orphans(s, process);
  }
  if (process->pid == s->root) {
    s->root_ended = true;
    s->root_status = status >= 0 ? status : s->root_status;
  }
  wire_begin(s->wire, WIRE_EXIT, clock_boottime());
  wire_process(s->wire, process->pid, process->start_ms);
  wire_u32(s->wire, (uint32_t)exit_code(status));
  wire_commit(s->wire);
  if (process->pidfd >= 0) {
    close(process->pidfd);
  } else {
    s->without_pidfd--;
  }
  table_remove(process);
}

struct adoption {
  struct supervisor *s;
  struct process *dead;
};

static bool adopt(pid_t child, void *context) {
  struct adoption *adoption = context;
  struct procfs_stat stat;
  if (table_find(child) == NULL && child != adoption->s->stand_in && procfs_stat(child, &stat)) {
    announce(adoption->s, child, &stat, adoption->dead);
  }
  return true;
}

static void adopt_orphans(struct supervisor *s, struct process *dead) {
  struct adoption adoption = {s, dead};
  procfs_children(s->self, adopt, &adoption);
}

static void reaped(struct supervisor *s, pid_t pid, int status) {
  struct process *process = table_find(pid);
  if (process != NULL) {
    process->reaped = status;
  }
  if (pid == s->root) {
    int error;
    if (read(s->failed, &error, sizeof error) == (ssize_t)sizeof error) {
      s->exec_error = error;
    }
    s->root_status = status;
    s->root_reaped = true;
    atomic_store(&s->page->root_status, status);
    if (s->channel >= 0 && write(s->channel, "", 1) < 0) {
      s->channel = -1; /* nobody waits */
    }
  }
}

void processes_reap(struct supervisor *s) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      reaped(s, pid, status);
    } else if (pid == s->root && getppid() == s->waiter) {
      jobs_follow(pid, status, s->reader, &s->reader_stopped);
    }
  }
}

static bool sweep_one(struct process *process, void *context) {
  struct supervisor *s = context;
  struct procfs_stat stat;
  if (process->pidfd < 0 &&
      (!procfs_stat(process->pid, &stat) || stat.state == 'Z' ||
       start_ms(s, stat.start_ticks) != process->start_ms)) {
    processes_ended(s, process);
  }
  return true;
}

void processes_sweep(struct supervisor *s) { table_each(sweep_one, s); }
