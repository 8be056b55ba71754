#include "selftest.h"

#include "answer.h"
#include "calls.h"
#include "launch.h"
#include "memory.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 2000 };

static int failed(enum wire_error error, int number) {
  printf("error %d %d %s\n", (int)error, number, launch_explain(error));
  return 1;
}

/* The root opens a file that does not exist; its call must arrive with the name readable. */
static int see_one_call(const struct launch *launch) {
  int seen = 0;
  for (;;) {
    struct pollfd listener = {.fd = launch->listener, .events = POLLIN};
    if (poll(&listener, 1, PATIENCE_MS) <= 0 || (listener.revents & POLLIN) == 0) {
      return seen;
    }
    union received received;
    memset(&received, 0, sizeof received);
    if (ioctl(launch->listener, SECCOMP_IOCTL_NOTIF_RECV, &received) != 0) {
      return 0;
    }
    char name[256];
    enum call call = calls_find(received.call.data.arch, (uint32_t)received.call.data.nr);
    unsigned index = call == CALL_OPENAT ? 1 : 0;
    if ((call == CALL_OPENAT || call == CALL_OPEN) &&
        memory_string((pid_t)received.call.pid, received.call.data.args[index], name, sizeof name) > 0) {
      seen |= strcmp(name, launch_probe) == 0;
    }
    if (!answer_continue(launch->listener, received.call.id)) {
      return 0;
    }
  }
}

int selftest_run(void) {
  sigset_t none;
  sigemptyset(&none);
  struct launch launch = launch_root(NULL, false, &none);
  if (launch.listener < 0) {
    return failed(launch.error, launch.error_number);
  }
  int status = -1;
  bool went = write(launch.go, "", 1) == 1;
  bool seen = went && see_one_call(&launch);
  close(launch.go);
  close(launch.listener);
  if (waitpid(launch.root, &status, 0) != launch.root || status != 0 || !seen) {
    return failed(WIRE_ERROR_NO_SECCOMP, EPROTO);
  }
  puts("ok");
  return 0;
}
