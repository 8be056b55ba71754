#include "access.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

static bool in_group(const struct procfs_status *who, gid_t group) {
  if (who->fsgid == group) {
    return true;
  }
  for (unsigned i = 0; i < who->group_count; i++) {
    if (who->groups[i] == group) {
      return true;
    }
  }
  return false;
}

static bool by_kernel(const struct located *file, int mask) {
  if (file->fd < 0) {
    return syscall(SYS_faccessat2, AT_FDCWD, file->asked.text, mask, AT_EACCESS) == 0;
  }
  return syscall(SYS_faccessat2, file->fd, "", mask, AT_EMPTY_PATH | AT_EACCESS) == 0;
}

static bool by_mode(const struct procfs_status *who, const struct stat *file, int mask) {
  unsigned bits = file->st_mode & 7;
  if (file->st_uid == who->fsuid) {
    bits = (file->st_mode >> 6) & 7;
  } else if (in_group(who, file->st_gid)) {
    bits = (file->st_mode >> 3) & 7;
  }
  return (bits & (unsigned)mask) == (unsigned)mask;
}

static uid_t own_user(void) {
  static uid_t user = (uid_t)-1;
  if (user == (uid_t)-1) {
    user = geteuid();
  }
  return user;
}

/*
 * The kernel is asked with our own rights, which are the process's too unless it has dropped them.
 * It also knows what mode bits do not say: access lists, capabilities, read-only mounts.
 */
bool access_allowed(const struct process *process, const struct located *file, int mask) {
  const struct procfs_status *who = &process->credentials;
  bool modes = who->tgid != 0 && by_mode(who, &file->status, mask);
  if (modes && (mask & W_OK) == 0) {
    return true;
  }
  bool same_rights = who->tgid == 0 || who->fsuid == own_user();
  return same_rights ? by_kernel(file, mask) : modes;
}

bool access_names(const struct process *process, const struct located *directory, const struct stat *victim) {
  if (!access_allowed(process, directory, W_OK | X_OK)) {
    return false;
  }
  uid_t user = process->credentials.fsuid;
  bool sticky = victim != NULL && (directory->status.st_mode & S_ISVTX) != 0;
  return !sticky || user == 0 || victim->st_uid == user || directory->status.st_uid == user;
}
