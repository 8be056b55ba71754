#include "jobs.h"

#include "procfs.h"

#include <signal.h>
#include <sys/wait.h>

void jobs_follow(pid_t root, int status, pid_t reader, bool *stopped) {
  struct procfs_stat command;
  struct procfs_stat started;
  if (WIFCONTINUED(status) && *stopped) {
    *stopped = false;
    kill(reader, SIGCONT);
  } else if (WIFSTOPPED(status) && procfs_stat(root, &command) && procfs_stat(reader, &started)) {
    bool one_job = command.process_group == started.process_group;
    bool has_terminal = command.terminal_group == command.process_group;
    *stopped = one_job && has_terminal && kill(reader, SIGSTOP) == 0;
  }
}
