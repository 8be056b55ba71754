/*
 * The tier for kernels without eBPF: the process connector tells of forks, execs and ends, fanotify of
 * files. Neither tells what a call asked for, and they are two queues: what stands in the one is not
 * ordered against the other. A fork is always taken in before the files of its child, and an end is told
 * after the files that came before it.
 */
#include "fanotify.h"
#include "tell.h"

#include "../clock.h"
#include "../procfs.h"
#include "../table.h"

#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECEIVE_BYTES = 8 * 1024 * 1024, ACKNOWLEDGE_MS = 1000, CPUS_MAX = 1024, ENDS_MAX = 4096, DESCRIPTORS = 65536 };

struct end {
  struct who who;
  int64_t time;
  int status;
};

static int connector = -1;
static struct told *to;
static bool everybody;
static uint32_t next_sequence[CPUS_MAX];
static bool sequence_known[CPUS_MAX];
static struct end ends[ENDS_MAX];
static unsigned end_count;

static bool listen_to(int fd) {
  struct {
    struct nlmsghdr header;
    struct cn_msg message;
    enum proc_cn_mcast_op operation;
  } __attribute__((packed)) request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = NLMSG_DONE, .nlmsg_pid = (uint32_t)getpid()},
      .message = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof(enum proc_cn_mcast_op)},
      .operation = PROC_CN_MCAST_LISTEN};
  return send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request;
}

static struct who who_of(const struct process *process) { return (struct who){process->pid, process->start_ms}; }

/* The table keeps start times as they are told apart here: nanoseconds since boot. */
static struct process *take(pid_t pid, int64_t time) {
  struct process *process = table_find(pid);
  struct procfs_stat stat;
  if (process == NULL && (process = table_add(pid)) == NULL) {
    wire_lose(&to->wire);
    return NULL;
  }
  /* One that is gone already has the time of its fork, which is what stat would have said. */
  process->start_ms = procfs_stat(pid, &stat) ? (int64_t)stat.start_ticks * procfs_tick_nanos() : time;
  return process;
}

static void on_fork(pid_t parent_pid, pid_t child_pid, int64_t time) {
  struct process *parent = table_find(parent_pid);
  struct procfs_stat stat;
  if (parent != NULL) {
    struct process *child = take(child_pid, time);
    if (child != NULL) {
      tell_fork(to, who_of(parent), who_of(child));
    }
  } else if (everybody && procfs_stat(parent_pid, &stat)) {
    struct who who = {parent_pid, (int64_t)stat.start_ticks * procfs_tick_nanos()};
    int64_t start = procfs_stat(child_pid, &stat) ? (int64_t)stat.start_ticks * procfs_tick_nanos() : time;
    tell_fork(to, who, (struct who){child_pid, start});
  }
}

static void on_exec(pid_t pid, int64_t time) {
  struct process *process = table_find(pid);
  struct procfs_stat stat;
  struct who who;
  if (process != NULL) {
    who = who_of(process);
  } else if (everybody && procfs_stat(pid, &stat)) {
    who = (struct who){pid, (int64_t)stat.start_ticks * procfs_tick_nanos()};
  } else if (everybody) {
    wire_lose(&to->wire);
    return;
  } else {
    return;
  }
  if (!tell_exec_from_proc(to, who, time)) {
    wire_lose(&to->wire); /* it ended before it could be looked at */
  }
}

static void on_end(pid_t pid, int64_t time, int status) {
  struct process *process = table_find(pid);
  struct procfs_stat stat;
  if (process == NULL && !(everybody && procfs_stat(pid, &stat))) {
    return;
  }
  if (end_count == ENDS_MAX) {
    wire_lose(&to->wire);
    return;
  }
  struct who who = process != NULL ? who_of(process)
                                   : (struct who){pid, (int64_t)stat.start_ticks * procfs_tick_nanos()};
  ends[end_count++] = (struct end){who, time, status};
}

/* Each processor numbers what it sends; a gap is what the socket had no room for. */
static void count_gap(uint32_t cpu, uint32_t sequence) {
  if (cpu >= CPUS_MAX) {
    return;
  }
  for (; sequence_known[cpu] && next_sequence[cpu] != sequence && sequence - next_sequence[cpu] < UINT32_MAX / 2;
       next_sequence[cpu]++) {
    wire_lose(&to->wire);
  }
  next_sequence[cpu] = sequence + 1;
  sequence_known[cpu] = true;
}

/* Times of the connector do not count what the machine slept; the difference is taken now. */
static int64_t boottime_of(uint64_t monotonic) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)monotonic + clock_boottime() - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
}

static void on_event(const struct proc_event *event, uint32_t sequence) {
  count_gap(event->cpu, sequence);
  int64_t time = boottime_of(event->timestamp_ns);
  switch (event->what) {
    case PROC_EVENT_FORK:
      if (event->event_data.fork.child_pid == event->event_data.fork.child_tgid) {
        on_fork(event->event_data.fork.parent_tgid, event->event_data.fork.child_tgid, time);
      }
      break;
    case PROC_EVENT_EXEC:
      on_exec(event->event_data.exec.process_tgid, time);
      break;
    case PROC_EVENT_EXIT:
      if (event->event_data.exit.process_pid == event->event_data.exit.process_tgid) {
        on_end(event->event_data.exit.process_tgid, time, (int)event->event_data.exit.exit_code);
      }
      break;
    default:
      break;
  }
}

/* One datagram; false when there is none. */
static bool receive(struct proc_event *event, uint32_t *sequence) {
  union {
    struct nlmsghdr header;
    char room[1024];
  } datagram;
  ssize_t got;
  do {
    got = recv(connector, &datagram, sizeof datagram, MSG_DONTWAIT);
  } while (got < 0 && (errno == EINTR || errno == ENOBUFS)); /* gaps in the numbers say how many */
  size_t least = NLMSG_HDRLEN + sizeof(struct cn_msg) + sizeof *event;
  memset(event, 0, sizeof *event);
  event->what = 0x7fffffff;
  if (got > 0 && (size_t)got >= least && NLMSG_OK(&datagram.header, (size_t)got)) {
    const struct cn_msg *message = NLMSG_DATA(&datagram.header);
    *sequence = message->seq;
    memcpy(event, message->data, sizeof *event);
  }
  return got > 0;
}

static void drain_connector(void) {
  struct proc_event event;
  uint32_t sequence = 0;
  while (receive(&event, &sequence)) {
    if ((unsigned)event.what != 0x7fffffff) {
      on_event(&event, sequence);
    }
  }
}

/* A kernel that does not send to this namespace does not acknowledge either. */
static bool acknowledged(void) {
  int64_t deadline = clock_boottime() + (int64_t)ACKNOWLEDGE_MS * 1000000;
  struct proc_event event;
  uint32_t sequence;
  while (clock_boottime() < deadline) {
    struct pollfd readable = {.fd = connector, .events = POLLIN};
    poll(&readable, 1, 50);
    while (receive(&event, &sequence)) {
      if ((unsigned)event.what == PROC_EVENT_NONE) {
        return event.event_data.ack.err == 0;
      }
    }
  }
  return false;
}

static void close_tier(void) {
  fanotify_close();
  if (connector >= 0) {
    close(connector);
    connector = -1;
  }
}

static bool open_connector(char cause[CAUSE_MAX]) {
  struct sockaddr_nl address = {
      .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC, .nl_pid = (uint32_t)getpid()};
  int bytes = RECEIVE_BYTES;
  connector = socket(PF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
  if (connector < 0 || bind(connector, (struct sockaddr *)&address, sizeof address) != 0 || !listen_to(connector)) {
    cause_set(cause, "the process connector cannot be listened to (errno %d: %s); it needs CAP_NET_ADMIN and "
                     "CONFIG_PROC_EVENTS", errno, strerror(errno));
    return false;
  }
  setsockopt(connector, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  if (!acknowledged()) {
    cause_set(cause, "the process connector stays silent; it tells only processes of the host's own pid and user "
                     "namespaces, in a kernel with CONFIG_PROC_EVENTS");
    return false;
  }
  return true;
}

static bool open_tier(const struct wanted *wanted, struct told *told, char cause[CAUSE_MAX]) {
  struct stat space;
  struct rlimit limit;
  to = told;
  everybody = wanted->everybody;
  end_count = 0;
  memset(sequence_known, 0, sizeof sequence_known);
  if (geteuid() != 0) {
    cause_set(cause, "the process connector with fanotify needs root");
    return false;
  }
  if (stat("/proc/self/ns/pid", &space) != 0 || space.st_ino != 0xEFFFFFFCu) {
    cause_set(cause, "the process connector sees the pids of the host; run Quint outside of the container's pid "
                     "namespace (--pid=host)");
    return false;
  }
  /* Each queued file event is an open descriptor once it is read. */
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < DESCRIPTORS) {
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (!table_init() || !open_connector(cause) || !fanotify_open(wanted, told, cause)) {
    close_tier();
    return false;
  }
  return true;
}

static bool follow(pid_t pid) { return take(pid, clock_boottime()) != NULL; }

static bool drain(void) {
  bool files = fanotify_read();
  drain_connector();
  fanotify_tell();
  if (files) {
    return false;
  }
  for (unsigned i = 0; i < end_count; i++) {
    struct process *process = table_find(ends[i].who.pid);
    tell_exit(to, ends[i].who, ends[i].time, ends[i].status);
    if (process != NULL && process->start_ms == ends[i].who.start) {
      table_remove(process);
    }
  }
  end_count = 0;
  return true;
}

static int descriptor(void) { return connector; }

/* Two queues, one descriptor: files alone are looked for at every nap. */
static bool may_sleep(void) { return false; }

const struct tier tier_connector = {"connector", open_tier, follow, drain, descriptor, may_sleep, 10, true, close_tier};
