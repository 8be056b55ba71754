#include "launch.h"

#include "filter.h"
#include "jobs.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

const char launch_probe[] = "/proc/self/quint-trace-self-test";

enum { NOT_STARTED = 125 };

/* What the root tells us before it waits. */
struct report {
  struct filter_result filter;
  bool no_new_privs;
};

static struct filter_result install(bool writes_only) {
  struct filter_result result = filter_install(writes_only);
  if (result.error == EACCES) {
    /* Without CAP_SYS_ADMIN a filter is only for processes that cannot gain rights by exec. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
      result = filter_install(writes_only);
    }
  }
  return result;
}

static _Noreturn void run_root(
    char **command, bool writes_only, const sigset_t *mask, int report_to, int go, int failed) {
  struct report report = {.filter = install(writes_only)};
  report.no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
  char byte;
  if (write(report_to, &report, sizeof report) != (ssize_t)sizeof report || read(go, &byte, 1) != 1) {
    _exit(NOT_STARTED);
  }
  if (command == NULL) {
    int fd = open(launch_probe, O_RDONLY | O_CLOEXEC);
    _exit(fd >= 0 || errno != ENOENT);
  }
  jobs_become(command, mask, failed);
}

static enum wire_error meaning(int error) {
  switch (error) {
    case EBUSY:
      return WIRE_ERROR_NESTED;
    case EPERM:
    case EACCES:
      return WIRE_ERROR_NO_RIGHT;
    case ENOSYS:
    case EINVAL:
      return WIRE_ERROR_NO_SECCOMP;
    default:
      return WIRE_ERROR_RESOURCES;
  }
}

static int fail(struct launch *launch, int error) {
  launch->error = meaning(error);
  launch->error_number = error;
  return -1;
}

/* The listener lives in the root; we take a copy, which needs the right to read its memory too. */
static int take_listener(struct launch *launch, int report_from) {
  struct report report;
  if (read(report_from, &report, sizeof report) != (ssize_t)sizeof report) {
    return fail(launch, ECHILD);
  }
  launch->killable = report.filter.killable;
  launch->no_new_privs = report.no_new_privs;
  if (report.filter.listener < 0) {
    return fail(launch, report.filter.error);
  }
  int pidfd = (int)syscall(SYS_pidfd_open, launch->root, 0);
  int listener = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, report.filter.listener, 0);
  int error = errno;
  if (pidfd >= 0) {
    close(pidfd);
  }
  char text[sizeof launch_probe];
  if (listener >= 0 &&
      memory_string(launch->root, (uint64_t)(uintptr_t)launch_probe, text, sizeof text) < 0) {
    error = errno;
    close(listener);
    listener = -1;
  }
  return listener < 0 ? fail(launch, error) : listener;
}

struct launch launch_root(char **command, bool writes_only, const sigset_t *mask) {
  struct launch launch = {.root = -1, .listener = -1, .go = -1, .failed = -1};
  int report[2];
  int go[2];
  int failed[2];
  if (pipe2(report, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0 || pipe2(failed, O_CLOEXEC) != 0) {
    fail(&launch, errno);
    return launch;
  }
  launch.root = fork();
  if (launch.root == 0) {
    close(go[1]);
    run_root(command, writes_only, mask, report[1], go[0], failed[1]);
  }
  close(report[1]);
  close(go[0]);
  close(failed[1]);
  if (launch.root < 0) {
    fail(&launch, errno);
  } else {
    launch.listener = take_listener(&launch, report[0]);
  }
  close(report[0]);
  launch.go = go[1];
  launch.failed = failed[0];
  return launch;
}

const char *launch_explain(enum wire_error error) {
  switch (error) {
    case WIRE_ERROR_USAGE:
      return "wrong arguments";
    case WIRE_ERROR_SOCKET:
      return "the reader's socket cannot be reached";
    case WIRE_ERROR_NO_SECCOMP:
      return "this kernel cannot notify of system calls; Linux 5.9 or later with seccomp filters is needed";
    case WIRE_ERROR_NESTED:
      return "the processes here are watched by another supervisor already; a kernel allows one";
    case WIRE_ERROR_NO_RIGHT:
      return "the memory of watched processes may not be read; allow ptrace of descendants "
             "(kernel.yama.ptrace_scope 0 or 1, or the container's seccomp profile)";
    case WIRE_ERROR_RESOURCES:
      return "no process, descriptor or memory left";
    default:
      return "unknown error";
  }
}
