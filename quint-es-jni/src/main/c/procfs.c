#include "procfs.h"

#include "memory.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAME_MAX_PROC = 64, THREADS_SCANNED = 64, CHILDREN_BYTES = 65536 };

static int proc_directory = -1;
static int64_t tick_nanos;
static struct stat own_root;
static struct stat own_mounts;

bool procfs_init(void) {
  proc_directory = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  tick_nanos = 1000000000 / sysconf(_SC_CLK_TCK);
  return proc_directory >= 0 && fstatat(proc_directory, "self/root/", &own_root, 0) == 0 &&
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
  size_t have = 0;
  ssize_t got = 0;
  while (have < capacity && (got = read(fd, to + have, capacity - have)) > 0) {
    have += (size_t)got;
  }
  close(fd);
  return got < 0 && have == 0 ? -1 : (ssize_t)have;
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
  for (int i = 0; i < 4; i++) {
    uid_t value = (uid_t)strtoul(uid, &uid, 10);
    to->fsgid = (gid_t)strtoul(gid, &gid, 10);
    to->euid = i == 1 ? value : to->euid;
    to->fsuid = value;
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

static bool children_of_thread(
    pid_t pid, pid_t tid, bool (*visit)(pid_t child, void *context), void *context) {
  static char text[CHILDREN_BYTES];
  char name[NAME_MAX_PROC];
  snprintf(name, sizeof name, "task/%d/children", (int)tid);
  ssize_t length = procfs_content(pid, name, text, sizeof text - 1);
  if (length <= 0) {
    return true;
  }
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

/* Where the 16 random bytes lie; auxiliary vectors of 32-bit programs have narrow words. */
static uint64_t random_address(const char *auxv, size_t length) {
  for (size_t at = 0; at + 16 <= length; at += 16) {
    uint64_t pair[2];
    memcpy(pair, auxv + at, sizeof pair);
    if (pair[0] == AT_RANDOM) {
      return pair[1];
    }
  }
  for (size_t at = 0; at + 8 <= length; at += 8) {
    uint32_t pair[2];
    memcpy(pair, auxv + at, sizeof pair);
    if (pair[0] == AT_RANDOM) {
      return pair[1];
    }
  }
  return 0;
}

bool procfs_witness(pid_t pid, uint8_t to[PROCFS_WITNESS]) {
  char auxv[1024];
  memset(to, 0, PROCFS_WITNESS);
  ssize_t length = procfs_content(pid, "auxv", auxv, sizeof auxv);
  if (length <= 0) {
    return false;
  }
  uint64_t address = random_address(auxv, (size_t)length);
  memcpy(to, &address, sizeof address);
  return address != 0 && memory_read(pid, address, to + sizeof address, 16);
}

bool procfs_same_view(pid_t pid) {
  char name[NAME_MAX_PROC];
  struct stat found;
  name_of(name, pid, "root/");
  if (fstatat(proc_directory, name, &found, 0) != 0 || found.st_dev != own_root.st_dev ||
      found.st_ino != own_root.st_ino) {
    return false;
  }
  name_of(name, pid, "ns/mnt");
  return fstatat(proc_directory, name, &found, 0) == 0 && found.st_ino == own_mounts.st_ino;
}
