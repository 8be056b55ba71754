#include "answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool answer_continue(int listener, uint64_t id) {
  struct seccomp_notif_resp response = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  int result;
  do {
    result = ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

void answer_next(int listener) {
  union in_flight received;
  memset(&received, 0, sizeof received);
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &received) == 0) {
    answer_continue(listener, received.call.id);
  }
}

bool answer_tree_ended(int listener) {
  struct pollfd poll_listener = {.fd = listener};
  return poll(&poll_listener, 1, 0) > 0 && (poll_listener.revents & (POLLHUP | POLLNVAL)) != 0;
}

void answer_until_end(int listener) {
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

_Noreturn void answer_stand_by(int listener, const union in_flight *page, pid_t supervisor) {
  int pidfd = (int)syscall(SYS_pidfd_open, supervisor, 0);
  struct pollfd watched[2] = {{.fd = pidfd, .events = POLLIN}, {.fd = listener}};
  while (pidfd >= 0) {
    int ready = poll(watched, 2, -1);
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready < 0 || watched[0].revents != 0) {
      break;
    }
    if (watched[1].revents != 0) {
      _exit(0);
    }
  }
  answer_continue(listener, page->call.id);
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
  setsid();
  if (chdir("/") != 0) {
    return; /* the directory stays held; nothing else can be done about it */
  }
}
