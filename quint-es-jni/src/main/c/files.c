#include "files.h"

#include "access.h"
#include "lately.h"
#include "memory.h"
#include "policy.h"
#include "processes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LINKS_MAX = 8, NEAR_NAME = 256 };

_Static_assert((int)LOOK_NAME > (int)LATELY_TEXT + (int)NEAR_NAME, "a working directory and a name fit");

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

/* A call's view of its caller and one path argument. */
struct request {
  const struct trapped *trapped;
  struct viewer viewer;
  struct file_events *events;
};

static uint64_t argument(const struct trapped *trapped, unsigned index) {
  uint64_t value = trapped->notif->data.args[index];
  return trapped->pointer_bytes == 4 ? (uint32_t)value : value;
}

static int descriptor(const struct trapped *trapped, unsigned index) {
  return (int)trapped->notif->data.args[index];
}

/* False when there is nothing to report; text that is no path makes the call fail by itself. */
static bool read_path(struct request *request, unsigned index, char to[PATH_MAX]) {
  pid_t tid = (pid_t)request->trapped->notif->pid;
  ssize_t length = memory_string(tid, argument(request->trapped, index), to, PATH_MAX);
  if (length == -1) {
    /* A bad address fails with EFAULT; an address that only we cannot read is a loss. */
    request->events->unreadable |= errno == EPERM || errno == EACCES || errno == ENOSYS;
  }
  return length > 0;
}

static struct file_event *event(struct request *request, enum wire_op op, enum wire_access access) {
  struct file_event *event = &request->events->events[request->events->count++];
  event->op = op;
  event->access = access;
  event->requested.length = 0;
  event->new_path.length = 0;
  return event;
}

static void copy_name(struct name *to, const struct name *from) {
  to->length = from->length;
  memcpy(to->text, from->text, from->length + 1);
}

static void set_requested(struct request *request, struct file_event *event, int dirfd, const char *name) {
  if (name[0] == '/' && strcmp(name, event->path.text) == 0) {
    return;
  }
  if (!path_absolute(&request->viewer, dirfd, name, &event->requested) ||
      strcmp(event->requested.text, event->path.text) == 0) {
    event->requested.length = 0;
  }
}

/* The same where the name was made absolute when it was looked at. */
static void set_asked(struct request *request, struct file_event *event, int dirfd, const char *name,
                      const struct name *asked) {
  if (asked->length == 0) {
    set_requested(request, event, dirfd, name);
    return;
  }
  bool same = asked->length == event->path.length && memcmp(asked->text, event->path.text, asked->length) == 0;
  if (!same && (!path_normal(asked->text, &event->requested) ||
                strcmp(event->requested.text, event->path.text) == 0)) {
    event->requested.length = 0;
  }
}

static enum wire_access access_of(uint64_t flags) {
  switch (flags & O_ACCMODE) {
    case O_RDONLY:
      return (flags & O_TRUNC) != 0 ? WIRE_READWRITE : WIRE_READ;
    case O_WRONLY:
      return WIRE_WRITE;
    default:
      return WIRE_READWRITE;
  }
}

/* A name in a directory, the last link not followed. */
struct entry {
  struct located parent; /* fd may be -1 though error is 0 */
  char last[NAME_MAX + 1];
  struct name path; /* when parent.error is 0 */
};

static void find_path(struct request *request, struct entry *entry) {
  if (entry->parent.error != 0) {
    return;
  }
  copy_name(&entry->path, &entry->parent.path);
  if (!path_append(&entry->path, entry->last)) {
    entry->parent.error = ENAMETOOLONG; /* for us: the kernel needs no whole path */
    request->events->unreadable = true;
  }
}

static void look_at_entry(struct request *request, int dirfd, const char *name, struct entry *to) {
  path_look_parent(&request->viewer, dirfd, name, &to->parent, to->last);
  request->events->unreadable |= path_our_failure(to->parent.error);
  find_path(request, to);
}

/* The directory and the name in it for calls that take both. */
static int entry_directory(const struct entry *entry) { return entry->parent.fd < 0 ? AT_FDCWD : entry->parent.fd; }

static const char *entry_name(const struct entry *entry) {
  return entry->parent.fd < 0 ? entry->path.text : entry->last;
}

static void close_entry(struct entry *entry) {
  if (entry->parent.fd >= 0) {
    close(entry->parent.fd);
    entry->parent.fd = -1;
  }
}

/* The entry that a link, which is one itself, leads to. */
static void follow_link(struct request *request, struct entry *link, const char *target) {
  char whole[PATH_MAX];
  struct viewer own = request->viewer;
  int base = link->parent.fd;
  if (target[0] != '/' && base >= 0) {
    /* It is relative to the directory that holds it, which our own descriptor names. */
    own.tid = getpid();
    own.tgid = own.tid;
    own.cwd = own.tid;
    own.same_view = true;
  } else if (target[0] != '/') {
    int length = snprintf(whole, sizeof whole, "%s/%s", link->parent.path.text, target);
    target = length < (int)sizeof whole ? whole : "";
  }
  path_locate_parent(&own, base >= 0 ? base : AT_FDCWD, target, &link->parent, link->last);
  if (base >= 0) {
    close(base);
  }
  find_path(request, link);
}

/*
 * A name that does not exist yet, in a directory that does: its path, when the process may make it.
 * A dangling link is followed, since creating through it makes what it points to.
 */
static bool locate_new(struct request *request, int dirfd, const char *name, bool follow, struct name *to) {
  static struct entry entry;
  char target[PATH_MAX];
  bool found = false;
  look_at_entry(request, dirfd, name, &entry);
  for (int links = 0; entry.parent.error == 0 && links < LINKS_MAX; links++) {
    ssize_t length = readlinkat(entry_directory(&entry), entry_name(&entry), target, sizeof target - 1);
    if (length < 0) {
      found = errno == ENOENT && access_names(request->trapped->process, &entry.parent, NULL);
      break;
    }
    if (!follow || length == 0) {
      break;
    }
    target[length] = 0;
    follow_link(request, &entry, target);
  }
  if (found) {
    copy_name(to, &entry.path);
  }
  close_entry(&entry);
  return found;
}

static void open_create(struct request *request, int dirfd, const char *name, uint64_t flags) {
  static struct name created;
  bool follow = (flags & (O_EXCL | O_NOFOLLOW)) == 0;
  if (!locate_new(request, dirfd, name, follow, &created)) {
    return;
  }
  struct file_event *made = event(request, WIRE_OP_CREATE, access_of(flags));
  copy_name(&made->path, &created);
  set_requested(request, made, dirfd, name);
}

/* The device that means "my terminal" can be opened only by a process that has one. */
static bool lacks_terminal(const struct process *process, const struct stat *file) {
  struct procfs_stat stat;
  return S_ISCHR(file->st_mode) && file->st_rdev == makedev(5, 0) && procfs_stat(process->pid, &stat) &&
         stat.terminal == 0;
}

static void look_at_open(struct request *request, int dirfd, const char *name, uint64_t flags) {
  static struct located file;
  bool nofollow = (flags & O_NOFOLLOW) != 0;
  path_look(&request->viewer, dirfd, name, nofollow, &file);
  if (file.error != 0) {
    if (file.error == ENOENT && (flags & O_CREAT) != 0) {
      open_create(request, dirfd, name, flags);
    }
    request->events->unreadable |= path_our_failure(file.error);
    return;
  }
  enum wire_access access = access_of(flags);
  int mask = access == WIRE_READ ? R_OK : access == WIRE_WRITE ? W_OK : R_OK | W_OK;
  bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
  bool opens = !S_ISDIR(file.status.st_mode) && !S_ISLNK(file.status.st_mode) &&
               !S_ISSOCK(file.status.st_mode) && !exclusive && !lacks_terminal(request->trapped->process, &file.status);
  const struct process *process = request->trapped->process;
  if (opens && access_allowed(process, &file, mask)) {
    struct file_event *opened = event(request, WIRE_OP_OPEN, access);
    copy_name(&opened->path, &file.path);
    set_asked(request, opened, dirfd, name, &file.asked);
  }
  if (file.fd >= 0) {
    close(file.fd);
  }
}

static void foresee_open(struct request *request, int dirfd, unsigned path_index, uint64_t flags) {
  char name[PATH_MAX];
  if ((flags & (O_PATH | O_DIRECTORY)) == 0 && read_path(request, path_index, name)) {
    look_at_open(request, dirfd, name, flags);
  }
}

static void foresee_openat2(struct request *request) {
  struct open_how how = {0};
  size_t size = (size_t)argument(request->trapped, 3);
  size_t wanted = size < sizeof how ? size : sizeof how;
  if (memory_read((pid_t)request->trapped->notif->pid, argument(request->trapped, 2), &how, wanted)) {
    foresee_open(request, descriptor(request->trapped, 0), 1, how.flags);
  }
}

static void foresee_truncate(struct request *request) {
  static struct located file;
  char name[PATH_MAX];
  if (!read_path(request, 0, name)) {
    return;
  }
  path_locate(&request->viewer, AT_FDCWD, name, false, &file);
  if (file.fd < 0) {
    request->events->unreadable |= path_our_failure(file.error);
    return;
  }
  if (S_ISREG(file.status.st_mode) && access_allowed(request->trapped->process, &file, W_OK)) {
    struct file_event *written = event(request, WIRE_OP_WRITE, WIRE_ACCESS_NONE);
    copy_name(&written->path, &file.path);
    set_requested(request, written, AT_FDCWD, name);
  }
  close(file.fd);
}

static void names_move(const struct request *request) {
  lately_names_move((pid_t)request->trapped->notif->pid);
}

/* What an entry stands for. */
struct victim {
  struct entry entry;
  bool exists;
  struct stat status;
};

static void look_at_victim(struct request *request, int dirfd, const char *name, struct victim *to) {
  look_at_entry(request, dirfd, name, &to->entry);
  to->exists = to->entry.parent.error == 0 && fstatat(entry_directory(&to->entry), entry_name(&to->entry),
                                                      &to->status, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool may_change(struct request *request, const struct victim *victim) {
  return victim->entry.parent.error == 0 &&
         access_names(request->trapped->process, &victim->entry.parent, victim->exists ? &victim->status : NULL);
}

static bool directory_is_empty(const struct entry *entry) {
  int fd = openat(entry_directory(entry), entry_name(entry), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  char entries[256]; /* "." and ".." need 48 bytes */
  long got = syscall(SYS_getdents64, fd, entries, sizeof entries);
  close(fd);
  return got >= 0 && got <= 48;
}

static void foresee_unlink(struct request *request, int dirfd, unsigned path_index, bool directory) {
  static struct victim victim;
  char name[PATH_MAX];
  if (!read_path(request, path_index, name)) {
    return;
  }
  look_at_victim(request, dirfd, name, &victim);
  if (directory || (victim.exists && S_ISLNK(victim.status.st_mode))) {
    names_move(request);
  }
  bool fits = victim.exists && S_ISDIR(victim.status.st_mode) == directory &&
              (!directory || directory_is_empty(&victim.entry));
  if (fits && may_change(request, &victim)) {
    struct file_event *removed = event(request, WIRE_OP_UNLINK, WIRE_ACCESS_NONE);
    copy_name(&removed->path, &victim.entry.path);
    set_requested(request, removed, dirfd, name);
  }
  close_entry(&victim.entry);
}

static void tell_rename(struct request *request, const struct entry *from, const struct entry *to) {
  struct file_event *renamed = event(request, WIRE_OP_RENAME, WIRE_ACCESS_NONE);
  copy_name(&renamed->path, &from->path);
  copy_name(&renamed->new_path, &to->path);
}

static void foresee_rename(
    struct request *request, int from_dirfd, unsigned from_index, int to_dirfd, unsigned to_index, uint64_t flags) {
  static struct victim from;
  static struct victim to;
  char name[PATH_MAX];
  if (!read_path(request, from_index, name)) {
    return;
  }
  look_at_victim(request, from_dirfd, name, &from);
  if (read_path(request, to_index, name)) {
    look_at_victim(request, to_dirfd, name, &to);
    bool exchange = (flags & RENAME_EXCHANGE) != 0;
    if (exchange || !S_ISREG(from.status.st_mode) || (to.exists && !S_ISREG(to.status.st_mode))) {
      names_move(request);
    }
    bool fits = from.exists && !(to.exists && (flags & RENAME_NOREPLACE) != 0) && (to.exists || !exchange);
    if (fits && to.exists && !exchange) {
      bool same_kind = S_ISDIR(from.status.st_mode) == S_ISDIR(to.status.st_mode);
      bool same_file = from.status.st_dev == to.status.st_dev && from.status.st_ino == to.status.st_ino;
      fits = same_kind && !same_file && (!S_ISDIR(to.status.st_mode) || directory_is_empty(&to.entry));
    }
    /* Directories are compared: a union mount gives its files device numbers of their own. */
    if (fits && from.entry.parent.status.st_dev == to.entry.parent.status.st_dev && may_change(request, &from) &&
        may_change(request, &to)) {
      tell_rename(request, &from.entry, &to.entry);
      if (exchange) {
        tell_rename(request, &to.entry, &from.entry);
      }
    }
    close_entry(&to.entry);
  }
  close_entry(&from.entry);
}

/* Hard links, symbolic links and special files: a new name appears. */
static void foresee_new_name(struct request *request, int dirfd, unsigned path_index) {
  static struct name created;
  char name[PATH_MAX];
  if (read_path(request, path_index, name) && locate_new(request, dirfd, name, false, &created)) {
    struct file_event *made = event(request, WIRE_OP_CREATE, WIRE_ACCESS_NONE);
    copy_name(&made->path, &created);
    set_requested(request, made, dirfd, name);
  }
}

static void foresee_link(
    struct request *request, int from_dirfd, unsigned from_index, int to_dirfd, unsigned to_index, bool empty) {
  static struct victim from;
  char name[PATH_MAX];
  bool exists = empty; /* AT_EMPTY_PATH: an open file, which needs no name */
  if (read_path(request, from_index, name)) {
    look_at_victim(request, from_dirfd, name, &from);
    exists = from.exists && !S_ISDIR(from.status.st_mode);
    if (exists) {
      copy_name(&request->events->linked, &from.entry.path);
    }
    close_entry(&from.entry);
  }
  if (exists) {
    foresee_new_name(request, to_dirfd, to_index);
  }
}

/* What a name in /proc or /dev leads to depends on who asks, and when. */
static bool same_for_everybody(const char *name) {
  return !(name[1] == 'p' && name[2] == 'r' && name[3] == 'o' && name[4] == 'c') &&
         !(name[1] == 'd' && name[2] == 'e' && name[3] == 'v');
}

bool files_can_wait(const struct trapped *trapped, enum call call, int64_t now, struct look *to) {
  struct process *process = trapped->process;
  unsigned path_index = call == CALL_OPENAT;
  char name[NEAR_NAME];
  uint64_t flags = argument(trapped, path_index + 1);
  if ((call != CALL_OPEN && call != CALL_OPENAT) || process->attempt != NULL || !process->same_view ||
      process->view_moves || process->user_moves || (flags & (O_ACCMODE | O_CREAT | O_TRUNC | O_PATH | O_DIRECTORY)) != 0) {
    return false;
  }
  pid_t tid = (pid_t)trapped->notif->pid;
  if (lately_waits_for(tid, now)) {
    return false;
  }
  int memory = table_memory(process);
  uint64_t address = argument(trapped, path_index);
  ssize_t length = memory >= 0 ? memory_string_near(memory, address, name, sizeof name)
                               : memory_string(tid, address, name, sizeof name);
  if (length <= 0) {
    return false;
  }
  size_t before = 0;
  if (name[0] != '/') {
    const struct lately *cwd = lately_cwd_at(processes_cwd(process, tid), now);
    if (cwd == NULL || (call == CALL_OPENAT && descriptor(trapped, 0) != AT_FDCWD)) {
      return false;
    }
    before = cwd->path_length;
    memcpy(to->name, cwd->path, before);
    to->name[before++] = '/';
  }
  memcpy(to->name + before, name, (size_t)length + 1);
  to->time = now;
  to->process = process;
  to->tid = tid;
  to->flags = (uint32_t)flags;
  return same_for_everybody(to->name);
}

void files_look(struct supervisor *s, const struct look *look) {
  static struct file_events events;
  const struct process *process = look->process;
  struct trapped let_go = {.process = (struct process *)process};
  struct request request = {.trapped = &let_go,
                            .viewer = {.tid = look->tid,
                                       .tgid = process->pid,
                                       .cwd = look->tid,
                                       .same_view = true},
                            .events = &events};
  events.count = 0;
  events.linked.length = 0;
  events.unreadable = false;
  lately_now(look->time);
  look_at_open(&request, AT_FDCWD, look->name, look->flags);
  files_tell(s, process, look->time, &events, false);
}

void files_foresee(const struct trapped *trapped, enum call call, struct file_events *to) {
  struct request request = {.trapped = trapped,
                            .viewer = {.tid = (pid_t)trapped->notif->pid,
                                       .tgid = trapped->process->pid,
                                       .cwd = processes_cwd(trapped->process, (pid_t)trapped->notif->pid),
                                       .same_view = trapped->process->same_view},
                            .events = to};
  to->count = 0;
  to->linked.length = 0;
  to->unreadable = false;
  if (trapped->process->view_moves) {
    request.viewer.same_view = procfs_same_view(trapped->process->pid);
  }
  switch (call) {
    case CALL_OPEN:
      foresee_open(&request, AT_FDCWD, 0, argument(trapped, 1));
      break;
    case CALL_OPENAT:
      foresee_open(&request, descriptor(trapped, 0), 1, argument(trapped, 2));
      break;
    case CALL_OPENAT2:
      foresee_openat2(&request);
      break;
    case CALL_CREAT:
      foresee_open(&request, AT_FDCWD, 0, O_CREAT | O_WRONLY | O_TRUNC);
      break;
    case CALL_TRUNCATE:
      foresee_truncate(&request);
      break;
    case CALL_RENAME:
      foresee_rename(&request, AT_FDCWD, 0, AT_FDCWD, 1, 0);
      break;
    case CALL_RENAMEAT:
      foresee_rename(&request, descriptor(trapped, 0), 1, descriptor(trapped, 2), 3, 0);
      break;
    case CALL_RENAMEAT2:
      foresee_rename(
          &request, descriptor(trapped, 0), 1, descriptor(trapped, 2), 3, argument(trapped, 4));
      break;
    case CALL_UNLINK:
      foresee_unlink(&request, AT_FDCWD, 0, false);
      break;
    case CALL_RMDIR:
      foresee_unlink(&request, AT_FDCWD, 0, true);
      break;
    case CALL_UNLINKAT:
      foresee_unlink(
          &request, descriptor(trapped, 0), 1, (argument(trapped, 2) & AT_REMOVEDIR) != 0);
      break;
    case CALL_LINK:
      foresee_link(&request, AT_FDCWD, 0, AT_FDCWD, 1, false);
      break;
    case CALL_LINKAT:
      foresee_link(&request, descriptor(trapped, 0), 1, descriptor(trapped, 2), 3,
                   (argument(trapped, 4) & AT_EMPTY_PATH) != 0);
      break;
    case CALL_SYMLINK:
      names_move(&request);
      foresee_new_name(&request, AT_FDCWD, 1);
      break;
    case CALL_SYMLINKAT:
      names_move(&request);
      foresee_new_name(&request, descriptor(trapped, 1), 2);
      break;
    case CALL_MKNOD:
      foresee_new_name(&request, AT_FDCWD, 0);
      break;
    case CALL_MKNODAT:
      foresee_new_name(&request, descriptor(trapped, 0), 1);
      break;
    default:
      break;
  }
}

/* A directory that is moved takes what lies in it along. */
static bool refused_with_content(const struct supervisor *s, const struct name *directory) {
  char text[PATH_MAX + 1];
  memcpy(text, directory->text, directory->length);
  memcpy(text + directory->length, "/", 2);
  return policy_refuses(s->wire->socket, text);
}

bool files_refused(const struct supervisor *s, const struct file_events *events) {
  if (events->count > 0 && events->linked.length > 0 &&
      policy_refuses(s->wire->socket, events->linked.text)) {
    return true;
  }
  for (unsigned i = 0; i < events->count; i++) {
    const struct file_event *event = &events->events[i];
    if (policy_refuses(s->wire->socket, event->path.text) ||
        (event->op == WIRE_OP_RENAME && (policy_refuses(s->wire->socket, event->new_path.text) ||
                                         refused_with_content(s, &event->path)))) {
      return true;
    }
  }
  return false;
}

void files_tell(struct supervisor *s, const struct process *process, int64_t time,
                const struct file_events *events, bool refused) {
  if (events->unreadable) {
    wire_lose(s->wire);
  }
  for (unsigned i = 0; i < events->count; i++) {
    const struct file_event *event = &events->events[i];
    wire_begin(s->wire, WIRE_FILE, time);
    wire_flag(s->wire, refused ? WIRE_FLAG_REFUSED : 0);
    wire_process(s->wire, process->pid, process->start_ms);
    wire_u8(s->wire, (uint8_t)event->op);
    wire_u8(s->wire, (uint8_t)event->access);
    wire_u16(s->wire, 0);
    wire_string(s->wire, event->path.text, event->path.length);
    wire_string(s->wire, event->requested.text, event->requested.length);
    wire_string(s->wire, event->new_path.text, event->new_path.length);
    wire_commit(s->wire);
  }
}
