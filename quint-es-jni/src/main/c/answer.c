#include "answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HANGS_AFTER_LOOKS = 5 };

static bool send(int listener, struct seccomp_notif_resp response) {
  int result;
  do {
    result = ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

bool answer_continue(int listener, uint64_t id) {
  return send(listener, (struct seccomp_notif_resp){.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE});
}

bool answer_refuse(int listener, uint64_t id) {
  return send(listener, (struct seccomp_notif_resp){.id = id, .error = -EPERM});
}

void answer_left(int listener, struct shared *page) {
  answer_continue(listener, page->in_flight.call.id);
  for (size_t i = 0; i < ASK_MAX; i++) {
    uint64_t id = atomic_exchange(&page->asked[i], 0);
    if (id != 0) {
      answer_continue(listener, id);
    }
  }
}

void answer_next(int listener) {
  union received received;
  memset(&received, 0, sizeof received);
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &received) == 0) {
    answer_continue(listener, received.call.id);
  }
}

bool answer_tree_ended(int listener) {
  struct pollfd poll_listener = {.fd = listener};
  return poll(&poll_listener, 1, 0) > 0 && (poll_listener.revents & (POLLHUP | POLLNVAL)) != 0;
}

bool answer_hangs(struct answer_look *look, const struct shared *page, pid_t supervisor) {
  const volatile struct shared *seen = page;
  uint64_t id = seen->in_flight.call.id;
  look->times = id != 0 && id == look->id ? look->times + 1 : 0;
  look->id = id;
  if (look->times < HANGS_AFTER_LOOKS) {
    return false;
  }
  kill(supervisor, SIGKILL);
  return true;
}

static void answer_until_end(int listener) {
  for (;;) {
    struct pollfd poll_listener = {.fd = listener, .events = POLLIN};
    int ready = poll(&poll_listener, 1, -1);
    if (ready < 0 && errno != EINTR) {
      return;
    }
    if (ready > 0 && (poll_listener.revents & POLLIN) != 0) {
      answer_next(listener);
    } else if (ready > 0) {
      return;
    }
  }
}

_Noreturn void answer_stand_by(int listener, struct shared *page, pid_t supervisor) {
  int pidfd = (int)syscall(SYS_pidfd_open, supervisor, 0);
  struct pollfd watched[2] = {{.fd = pidfd, .events = POLLIN}, {.fd = listener}};
  struct answer_look look = {0};
  while (pidfd >= 0) {
    int ready = poll(watched, 2, ANSWER_LOOK_MS);
    if (ready == 0 && answer_hangs(&look, page, supervisor)) {
      break;
    }
    if (ready > 0 && watched[0].revents != 0) {
      break;
    }
    if (ready > 0) {
      _exit(0); /* the tree has ended */
    }
  }
  answer_left(listener, page);
  answer_until_end(listener);
  _exit(0);
}

void answer_detach(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd <= 2; fd++) {
    if (null < 0 || dup2(null, fd) < 0) {
      close(fd);
    }
  }
  if (null > 2) {
    close(null);
  }
  /* Not a session of our own: the scheduler would take it for another user's, at a price each switch. */
  int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal >= 0) {
    ioctl(terminal, TIOCNOTTY);
    close(terminal);
  }
  setpgid(0, 0);
  if (chdir("/") != 0) {
    return; /* the directory stays held; nothing else can be done about it */
  }
}
