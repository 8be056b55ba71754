#include "waiter.h"

#include "answer.h"
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SET_FLAGS SECCOMP_IOW(4, __u64)
#define SYNC_WAKE_UP 1ul

enum { SUPERVISOR_PATIENCE_MS = 4000 };

struct waiter {
  const struct options *options;
  struct wire wire;
  union in_flight *page;
  struct launch launch;
  int signals;
  int control; /* write end to the supervisor */
  pid_t supervisor;
  bool supervisor_ended;
  bool root_ended;
  int root_status;
  pid_t reader; /* our parent, while it is */
  bool reader_stopped;
};

static int connect_reader(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || strlen(path) >= sizeof address.sun_path) {
    return -1;
  }
  memcpy(address.sun_path, path, strlen(path));
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static int failed(struct waiter *w, enum wire_error error, int number) {
  const char *message = launch_explain(error);
  wire_begin(&w->wire, WIRE_ERROR, 0);
  wire_u32(&w->wire, error);
  wire_u32(&w->wire, (uint32_t)number);
  wire_string(&w->wire, message, strlen(message));
  wire_commit(&w->wire);
  wire_finish(&w->wire, SUPERVISOR_PATIENCE_MS);
  return WAITER_FAILED;
}

static void tell_supervisor(const struct waiter *w, struct control message) {
  /* Never waited for; a full pipe means a supervisor that is far behind, and it can do without. */
  if (write(w->control, &message, sizeof message) < 0) {
    return;
  }
}

/* Whether the terminal that we belong to is ours at the moment, that is, the command's. */
static bool in_foreground(void) {
  int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  bool foreground = terminal >= 0 && tcgetpgrp(terminal) == getpgrp();
  if (terminal >= 0) {
    close(terminal);
  }
  return foreground;
}

/*
 * The command was stopped (Ctrl-Z) or goes on. A shell takes its terminal back only when the process
 * that it started is stopped, and that is the reader: it stops and goes on with the command.
 */
static void follow_stop(struct waiter *w, int status) {
  if (getppid() != w->reader) {
    return;
  }
  if (WIFSTOPPED(status) && in_foreground()) {
    w->reader_stopped = kill(w->reader, SIGSTOP) == 0;
  } else if (WIFCONTINUED(status) && w->reader_stopped) {
    w->reader_stopped = false;
    kill(w->reader, SIGCONT);
  }
}

static void reap(struct waiter *w) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
    if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
      if (pid == w->launch.root) {
        follow_stop(w, status);
      }
      continue;
    }
    if (pid == w->supervisor) {
      w->supervisor_ended = true;
      continue;
    }
    if (pid == w->launch.root) {
      int error;
      if (read(w->launch.failed, &error, sizeof error) == (ssize_t)sizeof error) {
        tell_supervisor(w, (struct control){.kind = CONTROL_EXEC_FAILED, .status = error});
      }
      w->root_ended = true;
      w->root_status = status;
    }
    tell_supervisor(w, (struct control){.kind = CONTROL_REAPED, .pid = pid, .status = status});
  }
}

/* A request to end, sent to us by a program, is meant for the command. The terminal's own signals
 * reach the command without us. */
static void pass_on(const struct waiter *w, const struct signalfd_siginfo *signal) {
  bool from_program = signal->ssi_code == SI_USER || signal->ssi_code == SI_QUEUE;
  if (from_program && !w->root_ended && signal->ssi_pid != (uint32_t)w->launch.root) {
    kill(w->launch.root, (int)signal->ssi_signo);
  }
}

static void on_signals(struct waiter *w) {
  struct signalfd_siginfo signal;
  while (read(w->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
    if (signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGHUP) {
      pass_on(w, &signal);
    }
  }
  reap(w);
}

static void wait_for_root(struct waiter *w) {
  bool taken_over = false;
  while (!w->root_ended) {
    struct pollfd watched[2] = {{.fd = w->signals, .events = POLLIN},
                                {.fd = w->supervisor_ended ? w->launch.listener : -1, .events = POLLIN}};
    if (w->supervisor_ended && !taken_over) {
      answer_continue(w->launch.listener, w->page->call.id);
      taken_over = true;
    }
    poll(watched, 2, -1);
    if ((watched[1].revents & POLLIN) != 0) {
      answer_next(w->launch.listener);
    } else if (watched[1].revents != 0) {
      w->supervisor_ended = false; /* none is left to answer; only the end is still to be reaped */
    }
    if (watched[0].revents != 0) {
      on_signals(w);
    }
  }
}

/* What the root left behind goes on. Somebody must stand by for it after us. */
static void leave(struct waiter *w) {
  if (answer_tree_ended(w->launch.listener)) {
    struct pollfd signals = {.fd = w->signals, .events = POLLIN};
    for (int waited = 0; !w->supervisor_ended && waited < SUPERVISOR_PATIENCE_MS; waited += 100) {
      poll(&signals, 1, 100);
      on_signals(w);
    }
    return;
  }
  pid_t child = fork();
  if (child == 0) {
    close(w->signals);
    close(w->control);
    close(w->launch.failed);
    answer_detach();
    answer_stand_by(w->launch.listener, w->page, w->supervisor);
  }
}

static int end_like_root(int status) {
  if (WIFSIGNALED(status)) {
    struct rlimit no_core = {0, 0};
    sigset_t all;
    setrlimit(RLIMIT_CORE, &no_core);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    return 128 + WTERMSIG(status);
  }
  return WEXITSTATUS(status);
}

static bool start_supervisor(struct waiter *w, int ready[2], int control[2]) {
  pid_t waiter = getpid();
  w->supervisor = fork();
  if (w->supervisor == 0) {
    close(w->signals);
    close(w->launch.go);
    close(w->launch.failed);
    close(ready[0]);
    close(control[1]);
    struct supervisor s = {.options = w->options,
                           .page = w->page,
                           .wire = w->wire,
                           .listener = w->launch.listener,
                           .control = control[0],
                           .waiter = waiter,
                           .root = w->launch.root,
                           .root_status = -1,
                           .ready = ready[1]};
    s.features = (w->launch.no_new_privs ? WIRE_FEATURE_NO_NEW_PRIVS : 0u) |
                 (w->launch.killable ? WIRE_FEATURE_KILLABLE : 0u) |
                 (w->options->writes_only ? WIRE_FEATURE_WRITES_ONLY : 0u);
    if (ioctl(w->launch.listener, SET_FLAGS, SYNC_WAKE_UP) == 0) {
      s.features |= WIRE_FEATURE_SYNC_WAKE_UP;
    }
    supervisor_run(&s);
  }
  close(ready[1]);
  close(control[0]);
  w->control = control[1];
  char byte;
  bool started = w->supervisor > 0 && read(ready[0], &byte, 1) == 1;
  close(ready[0]);
  return started;
}

int waiter_run(const struct options *options) {
  struct waiter w = {.options = options, .reader = getppid()};
  sigset_t all;
  sigset_t inherited;
  int ready[2];
  int control[2];
  int socket = connect_reader(options->socket_path);
  if (socket < 0 || !wire_open(&w.wire, socket, options->queue_bytes, options->clock_offset)) {
    return WAITER_FAILED;
  }
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &inherited);
  w.signals = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  w.page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (w.signals < 0 || w.page == MAP_FAILED || !procfs_init() || pipe2(ready, O_CLOEXEC) != 0 ||
      pipe2(control, O_CLOEXEC) != 0 || fcntl(control[1], F_SETFL, O_NONBLOCK) != 0) {
    return failed(&w, WIRE_ERROR_RESOURCES, errno);
  }
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  w.launch = launch_root(options->command, options->writes_only, &inherited);
  if (w.launch.listener < 0) {
    return failed(&w, w.launch.error, w.launch.error_number);
  }
  if (!start_supervisor(&w, ready, control)) {
    return failed(&w, WIRE_ERROR_RESOURCES, errno);
  }
  wire_close(&w.wire);
  if (write(w.launch.go, "", 1) != 1) {
    return WAITER_FAILED;
  }
  close(w.launch.go);
  wait_for_root(&w);
  leave(&w);
  return end_like_root(w.root_status);
}
