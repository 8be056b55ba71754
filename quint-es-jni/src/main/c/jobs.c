#include "jobs.h"

#include "procfs.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127, NOT_EXECUTABLE = 126 };

void jobs_follow(pid_t root, int status, pid_t reader, bool *stopped) {
  struct procfs_stat command;
  struct procfs_stat started;
  if (reader <= 1) {
    return;
  }
  if (WIFCONTINUED(status) && *stopped) {
    *stopped = false;
    kill(reader, SIGCONT);
  } else if (WIFSTOPPED(status) && procfs_stat(root, &command) && procfs_stat(reader, &started)) {
    bool one_job = command.process_group == started.process_group;
    bool has_terminal = command.terminal_group == command.process_group;
    *stopped = one_job && has_terminal && kill(reader, SIGSTOP) == 0;
  }
}

_Noreturn void jobs_become(char **command, const sigset_t *mask, int failed) {
  sigprocmask(SIG_SETMASK, mask, NULL);
  execvp(command[0], command);
  int error = errno;
  if (write(failed, &error, sizeof error) != (ssize_t)sizeof error) {
    _exit(NOT_FOUND);
  }
  _exit(error == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

void jobs_pass_on(const struct signalfd_siginfo *signal, pid_t root) {
  bool asks = signal->ssi_signo == SIGTERM || signal->ssi_signo == SIGHUP;
  bool from_program = signal->ssi_code == SI_USER || signal->ssi_code == SI_QUEUE;
  if (asks && from_program && root > 0 && signal->ssi_pid != (uint32_t)root) {
    kill(root, (int)signal->ssi_signo);
  }
}

int jobs_end_like(int status) {
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
