/*
 * Two groups: one whose events carry open files, for opens and for closes of written files, and one
 * whose events carry directories and names, for what is made, removed and renamed. Both are marked on
 * every file system that is mounted at the start.
 */
#include "fanotify.h"

#include "tell.h"

#include "../clock.h"
#include "../table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#ifndef FAN_RENAME
#define FAN_RENAME 0x10000000
#define FAN_EVENT_INFO_TYPE_OLD_DFID_NAME 10
#define FAN_EVENT_INFO_TYPE_NEW_DFID_NAME 12
#endif

enum { BATCH_BYTES = 64 * 1024, MOUNTS_MAX = 256, LINE_MAX_BYTES = 8192 };

struct batch {
  int group;
  ssize_t length;
  char bytes[BATCH_BYTES];
};

/* A marked file system: by its id a directory of it is opened. */
struct mount {
  fsid_t id;
  dev_t device;
  int fd;
};

static struct batch opens = {.group = -1};
static struct batch names = {.group = -1};
static struct mount mounts[MOUNTS_MAX];
static unsigned mount_count;
static struct told *to;
static bool writes_only;

static bool known(dev_t device) {
  for (unsigned i = 0; i < mount_count; i++) {
    if (mounts[i].device == device) {
      return true;
    }
  }
  return false;
}

/*
 * File systems that show the kernel's own state are left out, and so are devices: an event's descriptor
 * opens what it tells of, which a device may notice.
 */
static bool of_interest(const char *type) {
  static const char *const others[] = {"proc",    "sysfs",   "cgroup",   "cgroup2", "devpts",     "debugfs",
                                       "tracefs", "bpf",     "mqueue",   "pstore",  "securityfs", "configfs",
                                       "nsfs",    "devtmpfs", "autofs",  "rpc_pipefs"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    if (strcmp(type, others[i]) == 0) {
      return false;
    }
  }
  return true;
}

static void mark(const char *path) {
  struct stat status;
  struct statfs fs;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return;
  }
  if (mount_count == MOUNTS_MAX || fstat(fd, &status) != 0 || fstatfs(fd, &fs) != 0 || known(status.st_dev) ||
      fanotify_mark(opens.group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
                    FAN_CLOSE_WRITE | (writes_only ? 0 : FAN_OPEN), fd, NULL) != 0) {
    close(fd);
    return;
  }
  /* Renames come as one event from 5.17 on, before that as a removal and a creation. */
  uint64_t changes = FAN_CREATE | FAN_DELETE | FAN_ONDIR;
  if (fanotify_mark(names.group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, changes | FAN_RENAME, fd, NULL) != 0) {
    (void)fanotify_mark(names.group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, changes | FAN_MOVED_FROM | FAN_MOVED_TO, fd,
                        NULL);
  }
  mounts[mount_count].id = fs.f_fsid;
  mounts[mount_count].device = status.st_dev;
  mounts[mount_count++].fd = fd;
}

/* Spaces and the like stand as \ooo. */
static void unescape(char *text) {
  char *out = text;
  for (char *in = text; *in != 0; out++) {
    if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] != 0 && in[3] != 0) {
      *out = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 + (in[3] - '0'));
      in += 4;
    } else {
      *out = *in++;
    }
  }
  *out = 0;
}

/* ID PARENT DEVICE ROOT POINT OPTIONS... - TYPE ... */
static void mark_all(void) {
  char line[LINE_MAX_BYTES];
  FILE *all = fopen("/proc/self/mountinfo", "re");
  while (all != NULL && fgets(line, sizeof line, all) != NULL) {
    char point[4096];
    char type[64];
    const char *rest = strstr(line, " - ");
    if (rest != NULL && sscanf(line, "%*s %*s %*s %*s %4095s", point) == 1 && sscanf(rest, " - %63s", type) == 1 &&
        of_interest(type)) {
      unescape(point);
      mark(point);
    }
  }
  if (all != NULL) {
    fclose(all);
  }
}

bool fanotify_open(const struct wanted *wanted, struct told *told, char cause[CAUSE_MAX]) {
  to = told;
  writes_only = wanted->writes_only;
  unsigned flags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK;
  opens.group = fanotify_init(flags, O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NONBLOCK | O_NOATIME);
  names.group = opens.group < 0 ? -1 : fanotify_init(flags | FAN_REPORT_DFID_NAME, 0);
  if (names.group < 0) {
    cause_set(cause, "fanotify cannot be used (errno %d: %s); it needs root in the host's user namespace, Linux 5.9 "
                     "and CONFIG_FANOTIFY", errno, strerror(errno));
    return false;
  }
  mark_all();
  if (mount_count == 0) {
    cause_set(cause, "no file system here can be marked for fanotify (errno %d: %s)", errno, strerror(errno));
    return false;
  }
  return true;
}

static bool read_batch(struct batch *batch) {
  batch->length = read(batch->group, batch->bytes, sizeof batch->bytes);
  if (batch->length < 0) {
    if (errno != EAGAIN && errno != EINTR) {
      wire_lose(&to->wire); /* an event whose file could not be opened for us */
    }
    batch->length = 0;
  }
  return batch->length > 0;
}

bool fanotify_read(void) {
  bool some = read_batch(&opens);
  return read_batch(&names) || some;
}

static bool path_of(int fd, struct name *path) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path->text, sizeof path->text - 1);
  if (length <= 0) {
    return false;
  }
  static const char deleted[] = " (deleted)";
  ssize_t suffix = sizeof deleted - 1;
  path->text[length] = 0;
  if (length > suffix && strcmp(path->text + length - suffix, deleted) == 0) {
    length -= suffix;
    path->text[length] = 0;
  }
  path->length = (size_t)length;
  return true;
}

/* An information record: its head, the file system's id, a handle of a directory, and a name. */
static bool directory_and_name(const char *record, size_t length, struct name *path) {
  _Alignas(struct fanotify_event_info_fid) char copy[sizeof(struct fanotify_event_info_fid) +
                                                     sizeof(struct file_handle) + MAX_HANDLE_SZ + NAME_MAX + 1];
  if (length > sizeof copy) {
    return false;
  }
  memcpy(copy, record, length); /* what follows a name is not aligned */
  const struct fanotify_event_info_fid *info = (const void *)copy;
  struct file_handle *handle = (struct file_handle *)(uintptr_t)info->handle;
  const char *last = (const char *)handle->f_handle + handle->handle_bytes;
  if (last >= copy + length || memchr(last, 0, (size_t)(copy + length - last)) == NULL) {
    return false;
  }
  int fd = -1;
  for (unsigned i = 0; i < mount_count && fd < 0; i++) {
    if (memcmp(&mounts[i].id, &info->fsid, sizeof info->fsid) == 0) {
      fd = open_by_handle_at(mounts[i].fd, handle, O_PATH | O_CLOEXEC);
    }
  }
  if (fd < 0) {
    return false; /* the directory is gone too */
  }
  bool found = path_of(fd, path) && (strcmp(last, ".") == 0 || path_append(path, last));
  close(fd);
  return found;
}

static void tell_open(const struct fanotify_event_metadata *event, const char *records, struct who who) {
  (void)records;
  static struct name path;
  static const struct name none;
  if (event->fd < 0 || !path_of(event->fd, &path)) {
    wire_lose(&to->wire);
    return;
  }
  if (to->probing && strcmp(path.text, watch_probe) != 0) {
    return;
  }
  int64_t now = clock_boottime();
  if ((event->mask & FAN_OPEN) != 0) {
    tell_file(to, who, now, WIRE_OP_OPEN, WIRE_READ, &path, &none, &none);
  }
  if ((event->mask & FAN_CLOSE_WRITE) != 0) {
    tell_file(to, who, now, WIRE_OP_WRITE, WIRE_ACCESS_NONE, &path, &none, &none);
  }
}

static void tell_names(const struct fanotify_event_metadata *event, const char *records, struct who who) {
  static struct name paths[2];
  static const struct name none;
  unsigned count = 0;
  struct fanotify_event_info_header info;
  size_t left = event->event_len - event->metadata_len;
  while (left >= sizeof info && count < 2) {
    memcpy(&info, records, sizeof info);
    if (info.len < sizeof info || info.len > left) {
      break;
    }
    bool named = info.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME ||
                 info.info_type == FAN_EVENT_INFO_TYPE_OLD_DFID_NAME ||
                 info.info_type == FAN_EVENT_INFO_TYPE_NEW_DFID_NAME;
    if (named && !directory_and_name(records, info.len, &paths[count++])) {
      wire_lose(&to->wire);
      return;
    }
    records += info.len;
    left -= info.len;
  }
  int64_t now = clock_boottime();
  if ((event->mask & FAN_RENAME) != 0 && count == 2) {
    tell_file(to, who, now, WIRE_OP_RENAME, WIRE_ACCESS_NONE, &paths[0], &none, &paths[1]);
  } else if ((event->mask & (FAN_CREATE | FAN_MOVED_TO)) != 0 && count > 0) {
    bool directory = (event->mask & FAN_ONDIR) != 0;
    if (!directory) {
      tell_file(to, who, now, WIRE_OP_CREATE, WIRE_ACCESS_NONE, &paths[0], &none, &none);
    }
  }
  if ((event->mask & (FAN_DELETE | FAN_MOVED_FROM)) != 0 && count > 0) {
    tell_file(to, who, now, WIRE_OP_UNLINK, WIRE_ACCESS_NONE, &paths[0], &none, &none);
  }
}

static void tell_batch(
    struct batch *batch,
    void (*tell)(const struct fanotify_event_metadata *event, const char *records, struct who who)) {
  const char *at = batch->bytes;
  const char *end = batch->bytes + batch->length;
  struct fanotify_event_metadata event; /* a copy: those with names are not aligned */
  while ((size_t)(end - at) >= sizeof event) {
    memcpy(&event, at, sizeof event);
    if (event.event_len < event.metadata_len || event.metadata_len < sizeof event ||
        event.event_len > (size_t)(end - at)) {
      wire_lose(&to->wire);
      break;
    }
    const struct process *process = table_find(event.pid);
    if ((event.mask & FAN_Q_OVERFLOW) != 0) {
      wire_lose(&to->wire); /* one at least */
    } else if (process != NULL) {
      tell(&event, at + event.metadata_len, (struct who){process->pid, process->start_ms});
    }
    if (event.fd >= 0) {
      close(event.fd);
    }
    at += event.event_len;
  }
  batch->length = 0;
}

void fanotify_tell(void) {
  tell_batch(&opens, tell_open);
  tell_batch(&names, tell_names);
}

void fanotify_close(void) {
  for (unsigned i = 0; i < mount_count; i++) {
    close(mounts[i].fd);
  }
  mount_count = 0;
  if (opens.group >= 0) {
    close(opens.group);
  }
  if (names.group >= 0) {
    close(names.group);
  }
  opens.group = -1;
  names.group = -1;
}
