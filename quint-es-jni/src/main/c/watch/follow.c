/*
 * Nobody waits for us: a process that is watched goes its way whatever becomes of this one. The wait
 * ends by itself every few milliseconds while things happen, so that the kernel need not wake us for
 * each of them, and is a real one when nothing does.
 */
#include "follow.h"

#include "tell.h"

#include "../clock.h"
#include "../jobs.h"
#include "../procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  PATIENCE_MS = 4000,
  SLEEP_MS = 1000,
  QUIET_NAPS = 25, /* so many waits without news before a long one */
  SNAPSHOT_MAX = 32768,
  PROGRAM_BYTES = 4096,
  FRAME_HEADER = 8,
  FRAME_BYTES = 12,
  FRAME_FOLLOW = 16,
  PROBE_MS = 3000
};

static struct told told;

struct run {
  const struct tier *tier;
  const struct orders *orders;
  sigset_t inherited;
  int signals;
  pid_t root; /* 0: no command */
  int root_status;
  bool root_ended;
  int exec_error;
  int failed; /* reads an errno when the command could not be executed */
  pid_t reader;
  bool reader_stopped;
};

static int refuse(enum wire_error error, int number, const char *message) {
  wire_refuse(&told.wire, error, number, message);
  return FOLLOW_FAILED;
}

/* The child waits until it is followed; a byte on the pipe lets it become the command. */
static bool start_command(struct run *run, int *go) {
  int gate[2];
  int failed[2];
  if (pipe2(gate, O_CLOEXEC) != 0 || pipe2(failed, O_CLOEXEC) != 0) {
    return false;
  }
  run->root = fork();
  if (run->root == 0) {
    char byte;
    close(gate[1]);
    if (read(gate[0], &byte, 1) != 1) {
      _exit(FOLLOW_FAILED);
    }
    jobs_become(run->orders->command, &run->inherited, failed[1]);
  }
  close(gate[0]);
  close(failed[1]);
  run->failed = failed[0];
  *go = gate[1];
  return run->root > 0 && run->tier->follow(run->root);
}

static bool who_is(pid_t pid, struct who *to) {
  struct procfs_stat stat;
  if (!procfs_stat(pid, &stat) || stat.state == 'Z' || stat.state == 'X') {
    return false;
  }
  *to = (struct who){pid, (int64_t)stat.start_ticks * procfs_tick_nanos()};
  return true;
}

/* Running processes that are still to be taken in, each with the one that it was found under. */
static struct found {
  pid_t pid;
  struct who parent; /* pid 0: none that we watch */
} found[SNAPSHOT_MAX];

static unsigned found_count;

static bool find_child(pid_t pid, void *parent) {
  if (found_count == SNAPSHOT_MAX) {
    wire_lose(&told.wire);
    return false;
  }
  found[found_count++] = (struct found){pid, *(struct who *)parent};
  return true;
}

/* A child that runs what its parent runs has not become another program. */
static bool same_program(pid_t a, pid_t b) {
  static char texts[2][PROGRAM_BYTES];
  static const char *const names[] = {"cmdline", "exe"};
  ssize_t lengths[2];
  for (unsigned i = 0; i < 2; i++) {
    lengths[0] = i == 0 ? procfs_content(a, names[i], texts[0], PROGRAM_BYTES)
                        : procfs_link(a, names[i], texts[0], PROGRAM_BYTES);
    lengths[1] = i == 0 ? procfs_content(b, names[i], texts[1], PROGRAM_BYTES)
                        : procfs_link(b, names[i], texts[1], PROGRAM_BYTES);
    if (lengths[0] != lengths[1] || (lengths[0] > 0 && memcmp(texts[0], texts[1], (size_t)lengths[0]) != 0)) {
      return false;
    }
  }
  return true;
}

/*
 * Takes in a running process and its descendants. Each is followed before its children are looked for,
 * so a child is found here or told by the tier; one that is both is told twice, which says the same.
 */
static void take_in(const struct run *run, pid_t pid) {
  found_count = 0;
  found[found_count++] = (struct found){.pid = pid};
  for (unsigned i = 0; i < found_count; i++) {
    struct found *at = &found[i];
    struct who who;
    if (!run->tier->follow(at->pid)) {
      wire_lose(&told.wire);
    } else if (who_is(at->pid, &who)) {
      if (at->parent.pid != 0) {
        tell_fork(&told, at->parent, who);
      }
      if (at->parent.pid == 0 || !same_program(at->pid, at->parent.pid)) {
        tell_exec_from_proc(&told, who, clock_boottime());
      }
      procfs_children(at->pid, find_child, &who);
    }
  }
}

static void hello(const struct run *run) {
  struct who who;
  pid_t first = run->root != 0 ? run->root : run->orders->pid_count > 0 ? run->orders->pids[0] : 0;
  bool known = first != 0 && who_is(first, &who);
  wire_begin(&told.wire, WIRE_HELLO, clock_boottime());
  wire_u32(&told.wire, WIRE_MAGIC);
  wire_u16(&told.wire, WIRE_VERSION);
  wire_u16(&told.wire, 0);
  wire_u32(&told.wire, WIRE_FEATURE_EXIT_INFO | (run->orders->wanted.writes_only ? WIRE_FEATURE_WRITES_ONLY : 0u));
  wire_process(&told.wire, first, known ? tell_start_ms(&told, who.start) : -1);
  wire_u64(&told.wire, (uint64_t)told.wire.offset);
  wire_commit(&told.wire);
}

static void reap(struct run *run) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
    if (pid != run->root) {
      continue;
    }
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      int error;
      run->root_ended = true;
      run->root_status = status;
      if (read(run->failed, &error, sizeof error) == (ssize_t)sizeof error) {
        run->exec_error = error;
      }
    } else if (getppid() == run->reader) {
      jobs_follow(pid, status, run->reader, &run->reader_stopped);
    }
  }
}

/*
 * A request to end, sent to us by a program, is meant for the command. The terminal's own signals
 * reach the command without us. Without a command it is meant for us.
 */
static void on_signals(struct run *run) {
  struct signalfd_siginfo signal;
  while (read(run->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
    bool asks = signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGHUP;
    if (asks && run->root == 0) {
      _exit(0);
    }
    if (!run->root_ended) {
      jobs_pass_on(&signal, run->root);
    }
  }
  reap(run);
}

/* The reader names further processes to follow: u32 length, u8 FRAME_FOLLOW, 3 zero, i32 pid. */
static void read_orders(const struct run *run) {
  static uint8_t bytes[4096];
  static size_t have;
  ssize_t got;
  while ((got = recv(told.wire.socket, bytes + have, sizeof bytes - have, MSG_DONTWAIT)) > 0) {
    have += (size_t)got;
    size_t at = 0;
    for (; have - at >= FRAME_BYTES; at += FRAME_BYTES) {
      uint32_t length;
      int32_t pid;
      memcpy(&length, bytes + at, sizeof length);
      memcpy(&pid, bytes + at + FRAME_HEADER, sizeof pid);
      if (length == FRAME_BYTES && bytes[at + 4] == FRAME_FOLLOW && pid > 0) {
        take_in(run, pid);
      }
    }
    memmove(bytes, bytes + at, have - at);
    have -= at;
  }
}

/* The reader is gone: nothing is watched any more, and the command goes on. */
static int go_on_alone(struct run *run) {
  run->tier->close();
  wire_close(&told.wire);
  run->reader = 0;
  while (run->root != 0 && !run->root_ended) {
    struct pollfd signals = {.fd = run->signals, .events = POLLIN};
    poll(&signals, 1, -1);
    on_signals(run);
  }
  return 0;
}

/* False when the reader is gone. */
static bool watch_once(struct run *run, unsigned *quiet) {
  uint64_t before = told.wire.sequence;
  bool all = run->tier->drain();
  wire_tell_loss(&told.wire);
  if (!wire_flush(&told.wire)) {
    return false;
  }
  *quiet = told.wire.sequence == before ? *quiet + 1 : 0;
  bool sleeps = all && *quiet > QUIET_NAPS && run->tier->may_sleep();
  struct pollfd watched[3] = {
      {.fd = told.wire.socket, .events = (short)(POLLIN | POLLRDHUP | (wire_pending(&told.wire) ? POLLOUT : 0))},
      {.fd = run->signals, .events = POLLIN},
      {.fd = sleeps || run->tier->eager ? run->tier->descriptor() : -1, .events = POLLIN}};
  poll(watched, 3, !all ? 0 : sleeps ? SLEEP_MS : run->tier->nap_ms);
  if ((watched[0].revents & (POLLHUP | POLLERR | POLLRDHUP)) != 0) {
    return false;
  }
  if ((watched[0].revents & POLLIN) != 0) {
    read_orders(run);
  }
  if (watched[1].revents != 0) {
    on_signals(run);
  }
  if (watched[2].revents != 0) {
    *quiet = 0;
  }
  return true;
}

static int watch(struct run *run) {
  unsigned quiet = 0;
  while (!run->root_ended) {
    if (!watch_once(run, &quiet)) {
      int code = go_on_alone(run);
      return run->root == 0 ? code : jobs_end_like(run->root_status);
    }
  }
  while (!run->tier->drain()) {
    wire_flush(&told.wire);
  }
  wire_tell_loss(&told.wire);
  wire_tell_end(&told.wire, run->root_status, run->exec_error);
  run->tier->close();
  wire_finish(&told.wire, PATIENCE_MS);
  return jobs_end_like(run->root_status);
}

int follow_run(const struct orders *orders) {
  struct run run = {.tier = orders->tier, .orders = orders, .reader = getppid(), .root_status = -1, .failed = -1};
  char cause[CAUSE_MAX];
  sigset_t all;
  int go = -1;
  int socket = wire_connect(orders->socket_path);
  if (socket < 0 || !wire_open(&told.wire, socket, orders->queue_bytes, orders->clock_offset)) {
    return FOLLOW_FAILED;
  }
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &run.inherited);
  run.signals = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  if (run.signals < 0) {
    return refuse(WIRE_ERROR_RESOURCES, errno, "no descriptor left");
  }
  if (!orders->tier->open(&orders->wanted, &told, cause)) {
    return refuse(WIRE_ERROR_NO_RIGHT, 0, cause);
  }
  if (orders->command[0] != NULL && !start_command(&run, &go)) {
    return refuse(WIRE_ERROR_RESOURCES, errno, "no process, descriptor or memory left");
  }
  hello(&run);
  for (unsigned i = 0; i < orders->pid_count; i++) {
    take_in(&run, orders->pids[i]);
  }
  if (go >= 0) {
    if (write(go, "", 1) != 1) {
      return refuse(WIRE_ERROR_RESOURCES, errno, "the command cannot be started");
    }
    close(go);
  }
  return watch(&run);
}

/* What a probe does: a fork, an open, two ends. */
static _Noreturn void be_probe(int gate) {
  char byte;
  if (read(gate, &byte, 1) != 1) {
    _exit(1);
  }
  pid_t child = fork();
  if (child == 0) {
    int fd = open(watch_probe, O_RDONLY | O_CLOEXEC);
    _exit(fd < 0);
  }
  int status = 1;
  waitpid(child, &status, 0);
  _exit(status != 0);
}

int follow_self_test(const struct tier *tier) {
  const struct wanted wanted = {0};
  char cause[CAUSE_MAX] = "";
  int gate[2];
  ssize_t length = readlink("/proc/self/exe", watch_probe, sizeof watch_probe - 1);
  watch_probe[length < 0 ? 0 : length] = 0;
  told.probing = true;
  told.wire.socket = -1;
  if (!tier->open(&wanted, &told, cause) || pipe2(gate, O_CLOEXEC) != 0) {
    printf("error %d %d %s\n", WIRE_ERROR_NO_RIGHT, 0, cause);
    return 1;
  }
  pid_t probe = fork();
  if (probe == 0) {
    close(gate[1]);
    be_probe(gate[0]);
  }
  close(gate[0]);
  bool followed = probe > 0 && tier->follow(probe) && write(gate[1], "", 1) == 1;
  close(gate[1]);
  int64_t deadline = clock_boottime() + (int64_t)PROBE_MS * 1000000;
  while (followed && told.exits < 2 && clock_boottime() < deadline) {
    tier->drain();
    poll(NULL, 0, tier->nap_ms);
  }
  waitpid(probe, NULL, 0);
  tier->close();
  if (told.forks < 1 || told.exits < 2 || told.probes < 1) {
    printf("error %d 0 the %s source starts and does not see what a probe does (%u forks, %u opens, %u exits of 1, 1, 2)\n",
           WIRE_ERROR_NO_RIGHT, tier->name, told.forks, told.probes, told.exits);
    return 1;
  }
  puts("ok");
  return 0;
}
