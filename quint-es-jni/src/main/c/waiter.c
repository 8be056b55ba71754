#include "waiter.h"

#include "answer.h"
#include "channel.h"
#include "jobs.h"
#include "launch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SET_FLAGS SECCOMP_IOW(4, __u64)
#define SYNC_WAKE_UP 1ul

enum { PATIENCE_MS = 4000, PAGE = 4096 };

_Static_assert(sizeof(struct shared) <= PAGE, "one page is shared");

struct waiter {
  const struct options *options;
  struct shared *page;
  sigset_t inherited;
  int signals;
  int channel;  /* to the supervisor */
  int listener;
  pid_t reader; /* our parent */
  pid_t supervisor;
  bool supervisor_ended;
  bool reader_stopped;
};

static int failed(struct wire *wire, enum wire_error error, int number) {
  wire_refuse(wire, error, number, launch_explain(error));
  return WAITER_FAILED;
}

/* The supervisor's side of the fork: the root, the listener for us and for the waiting process. */
static _Noreturn void be_supervisor(struct waiter *w, pid_t waiter, int channel) {
  struct supervisor s = {.options = w->options,
                         .page = w->page,
                         .wire = &w->page->wire,
                         .channel = channel,
                         .waiter = waiter,
                         .reader = w->reader,
                         .root_status = -1};
  sigset_t child;
  close(w->signals);
  close(w->channel);
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  s.children = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct launch launch = launch_root(w->options->command, w->options->writes_only, &w->inherited);
  if (launch.listener < 0) {
    _exit(failed(s.wire, launch.error, launch.error_number));
  }
  if (s.children < 0 || !channel_send(channel, launch.listener)) {
    _exit(failed(s.wire, WIRE_ERROR_RESOURCES, errno));
  }
  s.listener = launch.listener;
  s.failed = launch.failed;
  s.root = launch.root;
  atomic_store(&w->page->root, launch.root);
  s.features = (launch.no_new_privs ? WIRE_FEATURE_NO_NEW_PRIVS : 0u) |
               (launch.killable ? WIRE_FEATURE_KILLABLE : 0u) |
               (w->options->writes_only ? WIRE_FEATURE_WRITES_ONLY : 0u);
  if (ioctl(launch.listener, SET_FLAGS, SYNC_WAKE_UP) == 0) {
    s.features |= WIRE_FEATURE_SYNC_WAKE_UP;
  }
  supervisor_run(&s, launch.go);
}

static bool start_supervisor(struct waiter *w) {
  int channel[2];
  pid_t waiter = getpid();
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0) {
    return false;
  }
  w->channel = channel[0];
  w->supervisor = fork();
  if (w->supervisor == 0) {
    be_supervisor(w, waiter, channel[1]);
  }
  close(channel[1]);
  w->listener = w->supervisor < 0 ? -1 : channel_receive(channel[0]);
  return w->listener >= 0;
}

static bool root_ended(const struct waiter *w) { return atomic_load(&w->page->root_status) >= 0; }

/* The root is a child of ours only when the supervisor has died. */
static void reap(struct waiter *w) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
    bool root = pid == atomic_load(&w->page->root);
    bool ended = WIFEXITED(status) || WIFSIGNALED(status);
    if (ended && pid == w->supervisor) {
      w->supervisor_ended = true;
    } else if (ended && root) {
      atomic_store(&w->page->root_status, status);
    } else if (WIFSTOPPED(status) && pid == w->supervisor) {
      kill(w->supervisor, SIGCONT); /* calls would wait for ever */
    } else if (root && getppid() == w->reader) {
      jobs_follow(pid, status, w->reader, &w->reader_stopped);
    }
  }
}

static void on_signals(struct waiter *w) {
  struct signalfd_siginfo signal;
  while (read(w->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
    if (!root_ended(w)) {
      jobs_pass_on(&signal, atomic_load(&w->page->root));
    }
  }
  reap(w);
}

/* What the supervisor left in its queue is sent; what it would have seen from now on is lost. */
static void take_over(struct waiter *w) {
  answer_left(w->listener, w->page);
  wire_lose(&w->page->wire);
  w->page->wire.lost += atomic_load(&w->page->looks_left) - atomic_load(&w->page->looks_made);
  wire_tell_loss(&w->page->wire);
  if (!wire_flush(&w->page->wire)) {
    wire_close(&w->page->wire);
  }
}

static void wait_for_root(struct waiter *w) {
  bool taken_over = false;
  bool tree_ended = false;
  struct answer_look look = {0};
  while (!root_ended(w)) {
    if (!taken_over && w->supervisor_ended) {
      take_over(w);
      taken_over = true;
    }
    bool sends = taken_over && wire_pending(&w->page->wire);
    struct pollfd watched[4] = {{.fd = w->signals, .events = POLLIN},
                                {.fd = w->supervisor_ended ? -1 : w->channel, .events = POLLIN},
                                {.fd = taken_over && !tree_ended ? w->listener : -1, .events = POLLIN},
                                {.fd = sends ? w->page->wire.socket : -1, .events = POLLOUT}};
    if (poll(watched, 4, w->supervisor_ended ? -1 : ANSWER_LOOK_MS) == 0) {
      w->supervisor_ended = answer_hangs(&look, w->page, w->supervisor);
    }
    if (watched[0].revents != 0) {
      on_signals(w);
    }
    char byte;
    if (watched[1].revents != 0 && recv(w->channel, &byte, 1, MSG_DONTWAIT) == 0) {
      w->supervisor_ended = true;
      reap(w);
    }
    if ((watched[2].revents & POLLIN) != 0) {
      answer_next(w->listener);
    } else if (watched[2].revents != 0) {
      tree_ended = true; /* only the root's end is still to be reaped */
    }
    if (watched[3].revents != 0 && !wire_flush(&w->page->wire)) {
      wire_close(&w->page->wire);
    }
  }
}

/*
 * What the root left behind goes on. The supervisor sees us leave and finds somebody to stand by for
 * it; without a supervisor a child of ours goes on answering.
 */
static void leave(struct waiter *w) {
  bool ended = answer_tree_ended(w->listener);
  if (!ended && w->supervisor_ended && fork() == 0) {
    close(w->signals);
    close(w->channel);
    answer_detach();
    close(w->page->wire.socket);
    answer_stand_by(w->listener, w->page, -1);
  }
  if (w->supervisor_ended && !w->page->wire.sealed) {
    wire_tell_end(&w->page->wire, atomic_load(&w->page->root_status), 0);
    wire_finish(&w->page->wire, PATIENCE_MS);
  }
  struct pollfd signals = {.fd = w->signals, .events = POLLIN};
  for (int waited = 0; ended && !w->supervisor_ended && waited < PATIENCE_MS; waited += 100) {
    poll(&signals, 1, 100);
    on_signals(w);
  }
}

int waiter_run(const struct options *options) {
  struct waiter w = {.options = options, .reader = getppid()};
  sigset_t all;
  int socket = wire_connect(options->socket_path);
  w.page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (socket < 0 || w.page == MAP_FAILED ||
      !wire_open(&w.page->wire, socket, options->queue_bytes, options->clock_offset)) {
    return WAITER_FAILED;
  }
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &w.inherited);
  w.signals = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  if (w.signals < 0 || !procfs_init()) {
    return failed(&w.page->wire, WIRE_ERROR_RESOURCES, errno);
  }
  atomic_store(&w.page->root_status, -1);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  bool started = start_supervisor(&w);
  if (!started && w.supervisor > 0) {
    waitpid(w.supervisor, NULL, 0); /* it has said why */
    return WAITER_FAILED;
  }
  if (!started) {
    return failed(&w.page->wire, WIRE_ERROR_RESOURCES, errno);
  }
  wait_for_root(&w);
  leave(&w);
  return jobs_end_like(atomic_load(&w.page->root_status));
}
