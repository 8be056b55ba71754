/*
 * Plays a shell with a terminal: runs a command as a job in the foreground, types Ctrl-Z, expects the
 * job to stop, takes the terminal back, continues the job in the foreground, types Ctrl-C, and expects
 * the command's own exit code:
 *   terminal CODE COMMAND [ARGUMENT...]
 * The command prints `ready` when it can be typed to, and each time that it gets SIGCONT. Exit 0: all
 * that happened; else a message says what did not.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000, CTRL_C = 3, CTRL_Z = 26 };

static void fail(const char *what) {
  fprintf(stderr, "terminal: %s\n", what);
  _exit(1);
}

static pid_t start_job(char **command) {
  pid_t job = fork();
  if (job == 0) {
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    execv(command[0], command);
    _exit(1);
  }
  setpgid(job, job);
  tcsetpgrp(STDIN_FILENO, job);
  return job;
}

/* The shell, in the terminal. Its exit code is the job's, or 99 when that did not stop as it should. */
static int play_shell(char **command) {
  int status;
  signal(SIGTTOU, SIG_IGN);
  pid_t job = start_job(command);
  if (waitpid(job, &status, WUNTRACED) != job || !WIFSTOPPED(status)) {
    return 99;
  }
  tcsetpgrp(STDIN_FILENO, getpgrp());
  tcsetpgrp(STDIN_FILENO, job);
  kill(-job, SIGCONT);
  if (waitpid(job, &status, 0) != job) {
    return 99;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void expect_ready(int terminal) {
  char text[4096] = {0};
  size_t have = 0;
  while (strstr(text, "ready") == NULL) {
    struct pollfd readable = {.fd = terminal, .events = POLLIN};
    ssize_t got = poll(&readable, 1, PATIENCE_MS) == 1 ? read(terminal, text + have, sizeof text - 1 - have) : 0;
    if (got <= 0) {
      fail("the command is not ready");
    }
    have += (size_t)got;
  }
}

static void type(int terminal, char key) {
  if (write(terminal, &key, 1) != 1) {
    fail("cannot type");
  }
}

int main(int argc, char **argv) {
  int terminal;
  int status;
  if (argc < 3) {
    fail("usage: terminal CODE COMMAND [ARGUMENT...]");
  }
  pid_t shell = forkpty(&terminal, NULL, NULL, NULL);
  if (shell == 0) {
    _exit(play_shell(argv + 2));
  }
  expect_ready(terminal);
  type(terminal, CTRL_Z);
  expect_ready(terminal);
  type(terminal, CTRL_C);
  for (int waited = 0; waitpid(shell, &status, WNOHANG) == 0; waited += 10) {
    if (waited > PATIENCE_MS) {
      fail("the job did not end");
    }
    usleep(10000);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != atoi(argv[1])) {
    fprintf(stderr, "terminal: ended with %d\n", WEXITSTATUS(status));
    return 1;
  }
  return 0;
}
