/*
 * Runs a command under quint-trace, checks every frame that arrives, and prints how many there were:
 *   reader QUINT-TRACE [OPTION...] -- COMMAND [ARGUMENT...]
 * Exits with the command's exit code, or 99 when a frame was wrong.
 */
#include "../../main/c/policy.h"
#include "../../main/c/wire.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRONG = 99, TYPES = WIRE_ASK + 1 };

static void wrong(const char *what) {
  fprintf(stderr, "reader: %s\n", what);
  exit(WRONG);
}

static int listen_at(char *path, size_t capacity) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(path, capacity, "/tmp/quint-reader-%d", (int)getpid());
  memcpy(address.sun_path, path, strlen(path));
  unlink(path); /* of a reader that was killed and had this number */
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) {
    wrong("cannot listen");
  }
  return fd;
}

static pid_t start(char **argv, const char *path) {
  char *line[64];
  int count = 0;
  line[count++] = argv[1];
  line[count++] = "--socket";
  line[count++] = (char *)path;
  for (int i = 2; argv[i] != NULL && count < 63; i++) {
    line[count++] = argv[i];
  }
  line[count] = NULL;
  pid_t child = fork();
  if (child == 0) {
    execv(line[0], line);
    _exit(WRONG);
  }
  return child;
}

static unsigned long counts[TYPES];
static uint64_t sequence;

/* What is asked is answered as QUINT_ANSWERS says, yes or no, or not at all. */
static void answer(int fd, const uint8_t *number) {
  const char *answers = getenv("QUINT_ANSWERS");
  uint8_t frame[17] = {sizeof frame, [4] = POLICY_ANSWER};
  if (answers != NULL && strcmp(answers, "none") != 0) {
    memcpy(frame + 8, number, 8);
    frame[16] = strcmp(answers, "yes") == 0;
    if (write(fd, frame, sizeof frame) != (ssize_t)sizeof frame) {
      wrong("an answer was not taken");
    }
  }
}

static void check(int fd, const uint8_t *frame) {
  uint64_t number;
  memcpy(&number, frame + 8, sizeof number);
  if (number != sequence++) {
    wrong("a gap in the sequence");
  }
  if (frame[4] == 0 || frame[4] >= TYPES || frame[6] != 0 || frame[7] != 0) {
    wrong("a frame of no type");
  }
  if (counts[WIRE_END] + counts[WIRE_ERROR] != 0) {
    wrong("a frame after the last");
  }
  counts[frame[4]]++;
  if (frame[4] == WIRE_ASK) {
    answer(fd, frame + WIRE_HEADER);
  }
}

static void read_all(int fd) {
  static uint8_t buffer[4 * WIRE_FRAME_MAX];
  size_t have = 0;
  ssize_t got;
  while ((got = read(fd, buffer + have, sizeof buffer - have)) > 0) {
    have += (size_t)got;
    size_t at = 0;
    uint32_t length;
    while (have - at >= sizeof length) {
      memcpy(&length, buffer + at, sizeof length);
      if (length < WIRE_HEADER || length > WIRE_FRAME_MAX) {
        wrong("a frame of impossible length");
      }
      if (have - at < length) {
        break;
      }
      check(fd, buffer + at);
      at += length;
    }
    memmove(buffer, buffer + at, have - at);
    have -= at;
  }
  if (have != 0 || counts[WIRE_END] + counts[WIRE_ERROR] != 1) {
    wrong("the stream was cut short");
  }
}

int main(int argc, char **argv) {
  char path[64];
  int status;
  if (argc < 4) {
    wrong("usage: reader QUINT-TRACE [OPTION...] -- COMMAND [ARGUMENT...]");
  }
  int server = listen_at(path, sizeof path);
  pid_t child = start(argv, path);
  /* The terminal's signals are the command's. */
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  signal(SIGTSTP, SIG_IGN);
  int fd = accept(server, NULL, NULL);
  unlink(path);
  read_all(fd);
  if (waitpid(child, &status, 0) != child) {
    wrong("the supervisor is nobody's child");
  }
  fprintf(stderr, "reader: %lu forks, %lu execs, %lu exits, %lu files, %lu contacts, %lu losses\n", counts[WIRE_FORK],
          counts[WIRE_EXEC], counts[WIRE_EXIT], counts[WIRE_FILE], counts[WIRE_CONNECT], counts[WIRE_LOSS]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
