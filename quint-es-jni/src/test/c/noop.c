/*
 * The least that any supervisor of this kind costs: the same filter, and each call received and let
 * go without a look at it.
 *   noop [--reads all|writes] [--look] COMMAND [ARGUMENT...]
 * With --look it also reads the path of an openat and looks at the file once, which is the least that
 * any supervisor costs that knows what was opened and whether it is there.
 * Exits like the command; 125 when it cannot be watched.
 */
#include "../../main/c/calls.h"
#include "../../main/c/launch.h"
#include "../../main/c/memory.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT = 125 };

#define SET_FLAGS SECCOMP_IOW(4, __u64)
#define SYNC_WAKE_UP 1ul

static void look_at(const struct seccomp_notif *call) {
  char path[PATH_MAX];
  struct stat status;
  if (memory_string((pid_t)call->pid, call->data.args[1], path, sizeof path) > 0) {
    (void)fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW);
  }
}

static void answer_all(int listener, bool look) {
  union {
    struct seccomp_notif call;
    char room[512];
  } received;
  for (;;) {
    memset(&received, 0, sizeof received);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &received) != 0) {
      struct pollfd ended = {.fd = listener};
      if (poll(&ended, 1, 0) > 0 && (ended.revents & POLLHUP) != 0) {
        return;
      }
      continue;
    }
    if (look && received.call.data.nr == SYS_openat) {
      look_at(&received.call);
    }
    struct seccomp_notif_resp response = {
        .id = received.call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  }
}

int main(int argc, char **argv) {
  const struct abi *abis;
  bool writes_only = false;
  bool look = false;
  sigset_t mask;
  int status;
  int at = 1;
  if (argc > at + 1 && strcmp(argv[at], "--reads") == 0) {
    writes_only = strcmp(argv[at + 1], "writes") == 0;
    at += 2;
  }
  if (argc > at && strcmp(argv[at], "--look") == 0) {
    look = true;
    at++;
  }
  if (argc <= at) {
    fputs("usage: noop [--reads all|writes] [--look] COMMAND [ARGUMENT...]\n", stderr);
    return CANNOT;
  }
  calls_init(&abis);
  sigprocmask(SIG_SETMASK, NULL, &mask);
  struct launch launch = launch_root(argv + at, writes_only, &mask);
  if (launch.listener < 0) {
    fprintf(stderr, "noop: %s\n", launch_explain(launch.error));
    return CANNOT;
  }
  ioctl(launch.listener, SET_FLAGS, SYNC_WAKE_UP);
  if (write(launch.go, "", 1) != 1) {
    return CANNOT;
  }
  answer_all(launch.listener, look);
  if (waitpid(launch.root, &status, 0) != launch.root) {
    return CANNOT;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
