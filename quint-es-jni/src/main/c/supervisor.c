#include "supervisor.h"

#include "answer.h"
#include "ask.h"
#include "calls.h"
#include "clock.h"
#include "execs.h"
#include "files.h"
#include "lately.h"
#include "looks.h"
#include "memory.h"
#include "network.h"
#include "policy.h"
#include "processes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, DESCRIPTORS_MAX = 40000, HANGS_AFTER_TICKS = 1250, IDLE_TICKS = 8 };

static const int64_t MILLI = 1000000;
static const int64_t TICK = 4 * MILLI;             /* the longest that a look waits */
static const int64_t TICK_WITHOUT_LOOKS = 10 * MILLI;
static const int64_t SETTLE_FIRST = 1 * MILLI;       /* looks at a pending exec, then doubling */
static const int64_t SETTLE_LONGEST = 1000 * MILLI;
static const int64_t SWEEP_EVERY = 1000 * MILLI;
static const int64_t STATUS_PATIENCE = 200 * MILLI;  /* for the last ends and the root's status */
static const int64_t READER_PATIENCE = 3000 * MILLI; /* for the reader to take the last frames */
static const int64_t KILL_AFTER = 3000 * MILLI;

/* In epoll's data; pids stand for themselves. */
enum source { FROM_PROCESS = 0, FROM_LISTENER = 1, FROM_SOCKET = 2, FROM_CHANNEL = 3, FROM_CHILDREN = 4 };

static uint64_t tag(enum source source) { return (uint64_t)source << 32; }

struct schedule {
  int64_t settle_at;
  int64_t settle_interval;
  int64_t sweep_at;
  int64_t root_ended_at; /* 0: not yet */
  bool socket_full;
};

static void watch(const struct supervisor *s, int fd, uint32_t events, enum source source) {
  struct epoll_event event = {.events = events, .data.u64 = tag(source)};
  epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void tell_hello(struct supervisor *s) {
  struct wire *w = s->wire;
  wire_begin(w, WIRE_HELLO, clock_boottime());
  wire_u32(w, WIRE_MAGIC);
  wire_u16(w, WIRE_VERSION);
  wire_u16(w, 0);
  wire_u32(w, s->features);
  wire_process(w, s->root, s->root_start_ms);
  wire_u64(w, (uint64_t)w->offset);
  wire_commit(w);
  wire_flush(w);
}

static bool start(struct supervisor *s) {
  answer_detach();
  /* One descriptor a process; the agent's own limit was set before and stays as it was. */
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (s->options->writes_only) {
    lately_without_cwd();
  }
  s->self = getpid();
  s->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (s->epoll < 0 || !table_init() || !processes_add_root(s)) {
    return false;
  }
  watch(s, s->listener, EPOLLIN, FROM_LISTENER);
  watch(s, s->wire->socket, EPOLLIN | EPOLLRDHUP, FROM_SOCKET);
  watch(s, s->channel, EPOLLRDHUP, FROM_CHANNEL);
  watch(s, s->children, EPOLLIN, FROM_CHILDREN);
  s->features |= processes_exit_info() ? WIRE_FEATURE_EXIT_INFO : 0;
  tell_hello(s);
  return true;
}

static void exec_asked(struct supervisor *s, const struct trapped *trapped, unsigned path_index) {
  char path[PATH_MAX];
  uint64_t address = trapped->notif->data.args[path_index];
  pid_t tid = (pid_t)trapped->notif->pid;
  int dirfd = path_index == 0 ? AT_FDCWD : (int)trapped->notif->data.args[0];
  if (memory_string(tid, trapped->pointer_bytes == 4 ? (uint32_t)address : address, path, sizeof path) < 0) {
    path[0] = 0;
  }
  execs_asked(s, trapped->process, tid, dirfd, path);
}

struct foreseen {
  bool file;
  bool network;
  bool exec;
  bool lost;
};

static struct file_events file_events;
static struct contacts contacts;

static struct foreseen foresee(struct supervisor *s, const struct trapped *trapped, enum call call) {
  struct foreseen foreseen = {0};
  pid_t tid = (pid_t)trapped->notif->pid;
  struct process *process = trapped->process;
  if (process == NULL) {
    foreseen.lost = call != CALL_EXIT && call != CALL_EXIT_GROUP && call != CALL_VIEW && call != CALL_CWD &&
                    call != CALL_RIGHTS && call != CALL_USER;
    return foreseen;
  }
  execs_settle(s, process, tid);
  if (process->user_moves) {
    processes_look_at_user(process, tid);
  }
  switch (call) {
    case CALL_NONE:
    case CALL_REFUSE:
    case CALL_RIGHTS: /* looks that had waited were made before it */
      break;
    case CALL_EXECVE:
    case CALL_EXECVEAT:
      exec_asked(s, trapped, call == CALL_EXECVE ? 0 : 1);
      foreseen.exec = true;
      break;
    case CALL_EXIT:
    case CALL_EXIT_GROUP:
      processes_exit_asked(s, process, tid, (int)trapped->notif->data.args[0], call == CALL_EXIT_GROUP);
      break;
    case CALL_CWD:
      lately_cwd_moves(tid);
      break;
    case CALL_VIEW:
      lately_names_move(tid);
      process->view_moves = true;
      break;
    case CALL_USER:
      s->users_differ = true;
      process->user_moves = true;
      break;
    case CALL_CONNECT:
    case CALL_SENDTO:
    case CALL_SENDMSG:
    case CALL_SENDMMSG:
    case CALL_SOCKETCALL:
      network_foresee(trapped, call, &contacts);
      foreseen.network = true;
      break;
    default:
      files_foresee(trapped, call, &file_events);
      foreseen.file = true;
      break;
  }
  return foreseen;
}

/*
 * Whether it is not known what the call would do: its process has closed its memory to us, or we had no
 * room for it. Where something is to be refused, what cannot be judged is refused as well.
 */
static bool hidden(const struct foreseen *foreseen) {
  return foreseen->lost || (foreseen->file && file_events.unreadable) ||
         (foreseen->network && contacts.lost > 0);
}

/* Takes the next call, waiting for it; false when there is none, or a signal came first. */
static bool receive(struct supervisor *s) {
  memset(&s->page->in_flight, 0, sizeof s->page->in_flight);
  return ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, &s->page->in_flight) == 0;
}

/* A call that may go before its file is looked at: it has gone. */
static bool looks_wait(const struct supervisor *s, const struct trapped *trapped, enum call call) {
  struct seccomp_notif *notif = &s->page->in_flight.call;
  struct look *look = trapped->process == NULL || policy_armed() || ask_armed() ? NULL : looks_claim();
  if (look == NULL || !files_can_wait(trapped, call, s->now, look)) {
    return false;
  }
  bool let_go = answer_continue(s->listener, notif->id);
  notif->id = 0;
  if (let_go) {
    looks_leave();
  }
  return true;
}

/*
 * Everything that depends on the state of the moment is read before the call is let go; telling it
 * comes after, while the caller already runs. SEND succeeds only for a call that still waits, so
 * what was read came from its caller and from nobody who took over its number.
 */
static void on_call(struct supervisor *s, struct schedule *schedule) {
  struct seccomp_notif *notif = &s->page->in_flight.call;
  s->now = clock_boottime();
  enum call call = calls_find(notif->data.arch, (uint32_t)notif->data.nr);
  struct trapped trapped = {
      .notif = notif,
      .process = processes_known((pid_t)notif->pid),
      .pointer_bytes = calls_pointer_bytes(notif->data.arch, (uint32_t)notif->data.nr)};
  if (looks_wait(s, &trapped, call)) {
    return;
  }
  looks_take();
  lately_now(s->now);
  lately_called((pid_t)notif->pid, notif->data.nr);
  if (trapped.process == NULL) {
    trapped.process = processes_of_thread(s, (pid_t)notif->pid);
  }
  s->last = trapped.process == NULL ? 0 : trapped.process->pid;
  struct foreseen foreseen = foresee(s, &trapped, call);
  enum ask_result asked = ASK_NOT;
  if (ask_armed() && (foreseen.file || foreseen.network)) {
    asked = ask_call(s, &trapped, foreseen.file ? &file_events : NULL, foreseen.file ? NULL : &contacts);
  }
  if (asked == ASK_WAITS) {
    if (foreseen.network) {
      memset(trapped.process->recent, 0, sizeof trapped.process->recent); /* it is looked at once more */
    }
    notif->id = 0;
    return;
  }
  bool refused = asked == ASK_REFUSED || ((ask_armed() || policy_armed()) && hidden(&foreseen));
  refused |= policy_armed() && ((foreseen.file && files_refused(s, &file_events)) ||
                                    (foreseen.network && network_refused(s, &contacts)));
  if (refused && foreseen.network && trapped.process != NULL) {
    memset(trapped.process->recent, 0, sizeof trapped.process->recent); /* the next one is looked at too */
  }
  bool let_go = refused ? answer_refuse(s->listener, notif->id) : answer_continue(s->listener, notif->id);
  notif->id = 0;
  if (!let_go) {
    if (foreseen.exec) {
      execs_cancel(s, trapped.process, (pid_t)notif->pid);
    }
    return;
  }
  if (foreseen.lost) {
    wire_lose(s->wire);
  } else if (foreseen.file) {
    files_tell(s, trapped.process, s->now, &file_events, refused);
  } else if (foreseen.network) {
    network_tell(s, trapped.process, &contacts, refused);
  } else if (foreseen.exec) {
    schedule->settle_interval = SETTLE_FIRST;
    schedule->settle_at = s->now + SETTLE_FIRST;
  }
}

/* Calls that waited for the reader's word and have it, or have waited long enough. */
static void settle_asked(struct supervisor *s, struct schedule *schedule) {
  bool again;
  while (ask_open() && ask_settle(s, &again)) {
    if (again) {
      on_call(s, schedule);
      ask_settled(s);
    }
  }
}

/* The waiting process is gone: another one stands by in its place. */
static void replace_waiter(struct supervisor *s) {
  close(s->channel);
  s->channel = -1;
  s->stand_in = fork();
  if (s->stand_in == 0) {
    close(s->wire->socket);
    close(s->epoll);
    answer_stand_by(s->listener, s->page, s->self);
  }
}

static void on_children(struct supervisor *s) {
  struct signalfd_siginfo signal;
  while (read(s->children, &signal, sizeof signal) == (ssize_t)sizeof signal) {
    /* several ends may be one signal: all that there are, are reaped */
  }
  processes_reap(s);
}

static bool signal_one(struct process *process, void *context) {
  if (process->pidfd >= 0) {
    syscall(SYS_pidfd_send_signal, process->pidfd, *(int *)context, NULL, 0);
  }
  return true;
}

static void end_tree(struct supervisor *s) {
  int64_t deadline = clock_boottime() + KILL_AFTER;
  int mild = SIGTERM;
  int hard = SIGKILL;
  struct schedule unused = {0};
  table_each(signal_one, &mild);
  while (clock_boottime() < deadline && !answer_tree_ended(s->listener)) {
    struct epoll_event event;
    if (epoll_wait(s->epoll, &event, 1, 50) <= 0) {
      continue;
    }
    struct process *ended = table_find((pid_t)event.data.u64);
    if (event.data.u64 == tag(FROM_LISTENER) && receive(s)) {
      on_call(s, &unused); /* children that appear now are ended too */
    } else if (event.data.u64 == tag(FROM_CHILDREN)) {
      on_children(s);
    } else if (event.data.u64 == tag(FROM_CHANNEL)) {
      replace_waiter(s);
    } else if (ended != NULL) {
      processes_ended(s, ended);
    }
  }
  table_each(signal_one, &hard);
}

/* The reader is gone. The tree goes on without being watched, or is ended. */
static _Noreturn void go_on_alone(struct supervisor *s) {
  signal(SIGALRM, SIG_IGN); /* no more ticks */
  looks_stop();
  s->reader = 0;
  wire_close(s->wire);
  answer_left(s->listener, s->page);
  if (s->options->orphan == ORPHAN_KILL && !s->root_ended) {
    end_tree(s);
  }
  bool tree_ended = false;
  while (!tree_ended || !s->root_reaped) {
    struct pollfd watched[3] = {{.fd = s->children, .events = POLLIN},
                                {.fd = s->channel, .events = POLLRDHUP},
                                {.fd = tree_ended ? -1 : s->listener, .events = POLLIN}};
    poll(watched, 3, -1);
    if (watched[0].revents != 0) {
      on_children(s);
    }
    if (watched[1].revents != 0) {
      replace_waiter(s);
    }
    if ((watched[2].revents & POLLIN) != 0) {
      answer_next(s->listener);
    } else if (watched[2].revents != 0) {
      tree_ended = true;
    }
  }
  _exit(0);
}

static bool end_one(struct process *process, void *context) {
  processes_ended(context, process);
  return true;
}

static void flush(struct supervisor *s, struct schedule *schedule) {
  if (!wire_flush(s->wire)) {
    go_on_alone(s);
  }
  bool full = wire_pending(s->wire);
  if (full != schedule->socket_full) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | (full ? EPOLLOUT : 0), .data.u64 = tag(FROM_SOCKET)};
    epoll_ctl(s->epoll, EPOLL_CTL_MOD, s->wire->socket, &event);
    schedule->socket_full = full;
  }
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

/* What is due by time, and how long until the next is, in milliseconds; -1 for nothing. */
static int on_time(struct supervisor *s, struct schedule *schedule) {
  int64_t now = clock_boottime();
  int64_t next = INT64_MAX;
  if (ask_open()) {
    settle_asked(s, schedule);
    next = ask_deadline();
  }
  if (s->attempts > 0) {
    if (now >= schedule->settle_at) {
      execs_settle_all(s);
      schedule->settle_interval = earlier(schedule->settle_interval * 2, SETTLE_LONGEST);
      schedule->settle_at = now + schedule->settle_interval;
    }
    next = earlier(next, schedule->settle_at);
  }
  if (s->without_pidfd > 0) {
    if (now >= schedule->sweep_at) {
      processes_sweep(s);
      schedule->sweep_at = now + SWEEP_EVERY;
    }
    next = earlier(next, schedule->sweep_at);
  }
  if (s->root_ended) {
    schedule->root_ended_at = schedule->root_ended_at == 0 ? now : schedule->root_ended_at;
    bool known = s->root_reaped || now > schedule->root_ended_at + STATUS_PATIENCE;
    if (known) {
      wire_tell_end(s->wire, s->root_status, s->exec_error);
      flush(s, schedule);
      if (!wire_pending(s->wire) || now > schedule->root_ended_at + READER_PATIENCE) {
        go_on_alone(s);
      }
    }
    next = earlier(next, now + 10 * MILLI);
  }
  if (wire_pending(s->wire) && !schedule->socket_full) {
    if (wire_due(s->wire, now)) {
      flush(s, schedule);
    } else {
      next = earlier(next, s->wire->oldest + WIRE_WAIT_NANOS);
    }
  }
  return next == INT64_MAX ? -1 : next <= now ? 0 : (int)((next - now + MILLI - 1) / MILLI);
}

/* Everything but calls that wait. True when the watched tree has ended. */
static bool on_events(struct supervisor *s, struct schedule *schedule, const struct epoll_event *events,
                      int count, bool *call_waits) {
  bool ended = false;
  *call_waits = false;
  for (int i = 0; i < count; i++) {
    uint64_t from = events[i].data.u64;
    if (from == tag(FROM_LISTENER)) {
      *call_waits = (events[i].events & EPOLLIN) != 0;
      ended = !*call_waits;
    } else if (from == tag(FROM_CHANNEL)) {
      replace_waiter(s);
    } else if (from == tag(FROM_CHILDREN)) {
      on_children(s);
    } else if (from == tag(FROM_SOCKET)) {
      if ((events[i].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) {
        go_on_alone(s);
      }
      policy_read(s->wire->socket);
      flush(s, schedule);
    } else {
      struct process *process = table_find((pid_t)from);
      if (process != NULL) {
        processes_ended(s, process);
      }
    }
  }
  return ended;
}

/*
 * No process is left that could make a call. The last ones may still be on their way out: their ends
 * are waited for, since only then do their exit codes exist.
 */
static _Noreturn void finish(struct supervisor *s, struct schedule *schedule) {
  int64_t deadline = clock_boottime() + STATUS_PATIENCE;
  bool unused;
  looks_stop();
  epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->listener, NULL);
  while ((table_size() > 0 || !s->root_reaped) && clock_boottime() < deadline) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(s->epoll, events, EVENTS, 10);
    on_events(s, schedule, events, count, &unused);
  }
  table_each(end_one, s);
  wire_tell_end(s->wire, s->root_status, s->exec_error);
  wire_finish(s->wire, (int)(READER_PATIENCE / MILLI));
  _exit(0);
}

static void on_tick(int signal) { (void)signal; }

/* A tick interrupts the wait for a call. */
static bool make_ticks(timer_t *timer) {
  struct sigaction action = {.sa_handler = on_tick};
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  sigset_t ticks;
  sigemptyset(&ticks);
  sigaddset(&ticks, SIGALRM);
  return sigaction(SIGALRM, &action, NULL) == 0 && sigprocmask(SIG_UNBLOCK, &ticks, NULL) == 0 &&
         timer_create(CLOCK_MONOTONIC, &event, timer) == 0;
}

static void set_ticks(timer_t timer, int64_t every) {
  struct itimerspec interval = {.it_value.tv_nsec = every, .it_interval.tv_nsec = every};
  timer_settime(timer, 0, &interval, NULL);
}

/* Whether something besides calls and events is to be done at a tick. */
static bool time_matters(const struct supervisor *s, const struct schedule *schedule) {
  return looks_taken() || s->attempts > 0 || s->without_pidfd > 0 || s->root_ended || schedule->socket_full;
}

/*
 * While calls come one after the other, the wait for the next one is the only system call besides
 * what the call itself needs; a tick interrupts it for everything else. Ends after some ticks without
 * a call: this wait is woken on the caller's processor, the one for everything at once on one that may
 * have to wake up first.
 */
static void take_calls(struct supervisor *s, struct schedule *schedule) {
  unsigned hangs = 0;
  for (unsigned idle = 0; idle < IDLE_TICKS;) {
    bool calls = false;
    while (receive(s)) {
      calls = true;
      on_call(s, schedule);
      if (looks_taken() && wire_backlog(s->wire) >= WIRE_BATCH && !schedule->socket_full) {
        flush(s, schedule);
      }
      if (ask_open()) { /* the answer comes by the socket */
        break;
      }
    }
    bool may_have_ended = !ask_open() && errno == ENOENT; /* or a call was interrupted as it came */
    struct epoll_event events[EVENTS];
    bool unused;
    int count = epoll_wait(s->epoll, events, EVENTS, 0);
    if (calls && count <= 0 && !may_have_ended && !time_matters(s, schedule)) {
      looks_wake();
      idle = 0;
      continue;
    }
    if (!looks_take_within((int)(TICK / MILLI))) {
      if (++hangs == HANGS_AFTER_TICKS) {
        _exit(1); /* a look hangs, as in a file system whose server is gone: who stands by goes on */
      }
      idle = 0;
      continue;
    }
    hangs = 0;
    idle = calls ? 0 : idle + 1;
    on_time(s, schedule);
    on_events(s, schedule, events, count, &unused);
    if (may_have_ended && answer_tree_ended(s->listener)) {
      finish(s, schedule);
    }
    if (ask_open()) {
      return;
    }
  }
}

/* Without calls the wait is for everything at once. */
_Noreturn void supervisor_run(struct supervisor *s, int go) {
  struct schedule schedule = {.settle_interval = SETTLE_FIRST};
  timer_t timer;
  if (!start(s) || !make_ticks(&timer) || write(go, "", 1) != 1) {
    _exit(1);
  }
  looks_start(s);
  close(go);
  for (;;) {
    struct epoll_event events[EVENTS];
    bool call_waits;
    int count = epoll_wait(s->epoll, events, EVENTS, on_time(s, &schedule));
    if (on_events(s, &schedule, events, count, &call_waits)) {
      finish(s, &schedule);
    }
    if (call_waits) {
      /* Not polled while it is read: each call would wake the poll too. */
      epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->listener, NULL);
      set_ticks(timer, s->options->writes_only ? TICK_WITHOUT_LOOKS : TICK);
      take_calls(s, &schedule);
      set_ticks(timer, 0);
      watch(s, s->listener, EPOLLIN, FROM_LISTENER);
    }
  }
}
