#include "procfs.h"

#include "memory.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { NAME_MAX_PROC = 64, THREADS_SCANNED = 64, CHILDREN_BYTES = 65536 };

static int proc_directory = -1;
static int loads = -1; /* /proc/loadavg, whose last word is the last pid; -1: none, or not the kernel's */
static int64_t tick_nanos;
static struct stat own_mounts;

/* A root directory, and the mount that it is reached on where the kernel tells. */
static struct root {
  dev_t device;
  ino_t inode;
  uint64_t mount;
  bool has_mount;
} own_root;

static bool root_of(const char *name, struct root *to);

/* In some containers a file system of somebody else's lies over it. */
static void open_loads(void) {
  struct statfs system;
  loads = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  if (loads >= 0 && (fstatfs(loads, &system) != 0 || system.f_type != PROC_SUPER_MAGIC)) {
    close(loads);
    loads = -1;
  }
}

bool procfs_init(void) {
  open_loads();
  proc_directory = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  tick_nanos = 1000000000 / sysconf(_SC_CLK_TCK);
  return proc_directory >= 0 && root_of("self/root/", &own_root) &&
         fstatat(proc_directory, "self/ns/mnt", &own_mounts, 0) == 0;
}

int64_t procfs_tick_nanos(void) { return tick_nanos; }

static void name_of(char to[NAME_MAX_PROC], pid_t pid, const char *name) {
  snprintf(to, NAME_MAX_PROC, "%d/%s", (int)pid, name);
}

ssize_t procfs_content(pid_t pid, const char *name, char *to, size_t capacity) {
  char path[NAME_MAX_PROC];
  name_of(path, pid, name);
  int fd = openat(proc_directory, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return -1;
  }
  ssize_t got = read(fd, to, capacity);
  close(fd);
  return got;
}

ssize_t procfs_link(pid_t pid, const char *name, char *to, size_t capacity) {
  char path[NAME_MAX_PROC];
  name_of(path, pid, name);
  ssize_t length = readlinkat(proc_directory, path, to, capacity - 1);
  if (length >= 0) {
    to[length] = 0;
  }
  return length;
}

/* A name may hold any byte, parentheses too: the last one ends it. */
bool procfs_stat(pid_t pid, struct procfs_stat *to) {
  char text[1024];
  ssize_t length = procfs_content(pid, "stat", text, sizeof text - 1);
  if (length <= 0) {
    return false;
  }
  text[length] = 0;
  char *open = strchr(text, '(');
  char *close = strrchr(text, ')');
  if (open == NULL || close == NULL || close < open) {
    return false;
  }
  memset(to, 0, sizeof *to);
  size_t comm = (size_t)(close - open - 1);
  memcpy(to->comm, open + 1, comm < sizeof to->comm ? comm : sizeof to->comm - 1);
  int field = 3;
  char *rest = NULL;
  for (char *word = strtok_r(close + 1, " \n", &rest); word != NULL;
       word = strtok_r(NULL, " \n", &rest), field++) {
    switch (field) {
      case 3:
        to->state = word[0];
        break;
      case 4:
        to->ppid = (pid_t)strtol(word, NULL, 10);
        break;
      case 5:
        to->process_group = (pid_t)strtol(word, NULL, 10);
        break;
      case 7:
        to->terminal = (int)strtol(word, NULL, 10);
        break;
      case 8:
        to->terminal_group = (pid_t)strtol(word, NULL, 10);
        break;
      case 20:
        to->threads = (unsigned)strtoul(word, NULL, 10);
        break;
      case 22:
        to->start_ticks = strtoull(word, NULL, 10);
        break;
      case 51:
        to->image_complete = strcmp(word, "0") != 0;
        break;
      case 52:
        to->exit_code = (int)strtol(word, NULL, 10);
        break;
      default:
        break;
    }
  }
  return field > 22;
}

int procfs_sleeps_in(pid_t tid) {
  char text[256];
  ssize_t length = procfs_content(tid, "syscall", text, sizeof text - 1);
  if (length <= 0) {
    return -1;
  }
  text[length] = 0;
  char *end;
  long number = strtol(text, &end, 10); /* "running" is no number */
  return end == text ? -1 : (int)number;
}

static char *line_of(char *text, const char *key) {
  char *at = strstr(text, key); /* keys start with a newline, so names cannot forge them */
  return at == NULL ? NULL : at + strlen(key);
}

bool procfs_status(pid_t tid, struct procfs_status *to) {
  char text[4096];
  ssize_t length = procfs_content(tid, "status", text, sizeof text - 1);
  if (length <= 0) {
    return false;
  }
  text[length] = 0;
  memset(to, 0, sizeof *to);
  char *tgid = line_of(text, "\nTgid:");
  char *uid = line_of(text, "\nUid:");
  char *gid = line_of(text, "\nGid:");
  char *groups = line_of(text, "\nGroups:");
  if (tgid == NULL || uid == NULL || gid == NULL) {
    return false;
  }
  to->tgid = (pid_t)strtol(tgid, NULL, 10);
  to->plain = true;
  for (int i = 0; i < 4; i++) {
    uid_t user = (uid_t)strtoul(uid, &uid, 10);
    gid_t group = (gid_t)strtoul(gid, &gid, 10);
    to->plain &= i == 0 || (user == to->fsuid && group == to->fsgid);
    to->euid = i == 1 ? user : to->euid;
    to->fsuid = user;
    to->fsgid = group;
  }
  while (groups != NULL && to->group_count < PROCFS_GROUPS_MAX) {
    char *end;
    unsigned long group = strtoul(groups, &end, 10);
    size_t skipped = strspn(groups, " \t");
    if (end == groups || memchr(groups, '\n', skipped + 1) != NULL) {
      break;
    }
    to->groups[to->group_count++] = (gid_t)group;
    groups = end;
    if (*groups == '\n' || (groups[0] == ' ' && groups[1] == '\n')) {
      break;
    }
  }
  return true;
}

bool procfs_newest(pid_t pid) {
  char text[128];
  ssize_t length = loads < 0 ? -1 : pread(loads, text, sizeof text - 1, 0);
  if (length <= 0) {
    return false;
  }
  text[length] = 0;
  const char *last = strrchr(text, ' ');
  return last != NULL && strtol(last, NULL, 10) == pid;
}

static bool children_of_thread(
    pid_t pid, pid_t tid, bool (*visit)(pid_t child, void *context), void *context) {
  static char text[CHILDREN_BYTES];
  char path[NAME_MAX_PROC];
  snprintf(path, sizeof path, "%d/task/%d/children", (int)pid, (int)tid);
  int fd = openat(proc_directory, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return true;
  }
  size_t length = 0;
  ssize_t got;
  while (length < sizeof text - 1 && (got = read(fd, text + length, sizeof text - 1 - length)) > 0) {
    length += (size_t)got; /* the kernel gives a page of them at a time */
  }
  close(fd);
  text[length] = 0;
  char *at = text;
  char *end;
  for (long child = strtol(at, &end, 10); end != at; child = strtol(at, &end, 10)) {
    at = end;
    if (child > 0 && !visit((pid_t)child, context)) {
      return false;
    }
  }
  return true;
}

struct dirent64 {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

void procfs_children(pid_t pid, bool (*visit)(pid_t child, void *context), void *context) {
  struct stat threads_directory;
  char path[NAME_MAX_PROC];
  name_of(path, pid, "task");
  /* Its link count is 2 and one for each thread. */
  if (fstatat(proc_directory, path, &threads_directory, 0) != 0) {
    return;
  }
  if (threads_directory.st_nlink <= 3) {
    children_of_thread(pid, pid, visit, context);
    return;
  }
  int directory = openat(proc_directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return;
  }
  _Alignas(struct dirent64) char entries[4096];
  long got;
  int threads = 0;
  while ((got = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0) {
    for (long at = 0; at < got;) {
      struct dirent64 *entry = (struct dirent64 *)(entries + at);
      at += entry->length;
      pid_t tid = (pid_t)strtol(entry->name, NULL, 10);
      if (tid > 0 && (threads++ >= THREADS_SCANNED || !children_of_thread(pid, tid, visit, context))) {
        close(directory);
        return;
      }
    }
  }
  close(directory);
}

/* A value of an auxiliary vector, or 0; those of 32-bit programs have narrow words. */
static uint64_t auxiliary(const char *auxv, size_t length, unsigned bytes, uint64_t key) {
  for (size_t at = 0; at + 2 * bytes <= length; at += 2 * bytes) {
    uint64_t pair[2] = {0, 0}; /* little-endian: a narrow word fills the low half */
    memcpy(&pair[0], auxv + at, bytes);
    memcpy(&pair[1], auxv + at + bytes, bytes);
    if (pair[0] == key) {
      return pair[1];
    }
  }
  return 0;
}

void procfs_image(pid_t pid, struct procfs_image *to) {
  char auxv[1024];
  memset(to, 0, sizeof *to);
  to->secure = true;
  ssize_t length = procfs_content(pid, "auxv", auxv, sizeof auxv);
  if (length <= 0) {
    return;
  }
  unsigned bytes = 8;
  uint64_t address = auxiliary(auxv, (size_t)length, bytes, AT_RANDOM);
  if (address == 0) {
    bytes = 4;
    address = auxiliary(auxv, (size_t)length, bytes, AT_RANDOM);
  }
  to->secure = auxiliary(auxv, (size_t)length, bytes, AT_SECURE) != 0;
  memcpy(to->witness, &address, sizeof address);
  to->known = address != 0 && memory_read(pid, address, to->witness + sizeof address, 16);
}

bool procfs_same_memory(pid_t one, pid_t other) { return syscall(SYS_kcmp, one, other, KCMP_VM, 0, 0) == 0; }

bool procfs_has_thread(pid_t pid, pid_t tid) {
  /* No signal is sent; who may not send one is still told whether there is anybody. */
  return syscall(SYS_tgkill, pid, tid, 0) == 0 || errno == EPERM;
}

/*
 * Paths lead through mounts, and one that two namespaces have in common does not exist: who has our
 * root, on the very mount that we have it on, sees what we see.
 */
static bool root_of(const char *name, struct root *to) {
#ifdef STATX_MNT_ID
  struct statx found;
  if (statx(proc_directory, name, 0, STATX_INO | STATX_MNT_ID, &found) != 0) {
    return false;
  }
  to->device = makedev(found.stx_dev_major, found.stx_dev_minor);
  to->inode = found.stx_ino;
  to->has_mount = (found.stx_mask & STATX_MNT_ID) != 0; /* from Linux 5.8 on */
  to->mount = to->has_mount ? found.stx_mnt_id : 0;
  return true;
#else
  struct stat found;
  if (fstatat(proc_directory, name, &found, 0) != 0) {
    return false;
  }
  *to = (struct root){.device = found.st_dev, .inode = found.st_ino};
  return true;
#endif
}

bool procfs_same_view(pid_t pid) {
  char name[NAME_MAX_PROC];
  struct root root;
  name_of(name, pid, "root/");
  if (!root_of(name, &root) || root.device != own_root.device || root.inode != own_root.inode ||
      root.mount != own_root.mount) {
    return false;
  }
  if (own_root.has_mount) {
    return true;
  }
  struct stat mounts;
  name_of(name, pid, "ns/mnt");
  return fstatat(proc_directory, name, &mounts, 0) == 0 && mounts.st_ino == own_mounts.st_ino;
}
