/*
 * The kernel does the walking: an O_PATH open finds the file without touching it, and
 * /proc/self/fd/N then holds its absolute path. The walk starts at the watched thread's own
 * /proc/TID/cwd or /proc/TID/fd/N. A process with another root directory or other mounts is walked
 * inside its own root with RESOLVE_IN_ROOT.
 */
#include "path.h"

#include "lately.h"
#include "procfs.h"
#include "recall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PREFIX_MAX = 64 };

/* Names that mean the process that asks; asked by us they would mean us. */
static const struct {
  const char *prefix;
  const char *instead;
  bool thread;
} own_names[] = {
    {"/proc/self", "/proc/%d", false},
    {"/proc/thread-self", "/proc/%d/task/%d", true},
    {"/dev/fd", "/proc/%d/fd", false},
    {"/dev/stdin", "/proc/%d/fd/0", false},
    {"/dev/stdout", "/proc/%d/fd/1", false},
    {"/dev/stderr", "/proc/%d/fd/2", false},
};

static bool join(char to[PATH_MAX], const char *left, const char *right) {
  size_t a = strlen(left);
  size_t b = strlen(right);
  if (a + b >= PATH_MAX) {
    return false;
  }
  memcpy(to, left, a);
  memcpy(to + a, right, b + 1);
  return true;
}

static const char *without_self(const struct viewer *viewer, const char *name, char buffer[PATH_MAX]) {
  if (name[0] != '/' || (name[1] != 'p' && name[1] != 'd')) {
    return name;
  }
  for (size_t i = 0; i < sizeof own_names / sizeof own_names[0]; i++) {
    size_t length = strlen(own_names[i].prefix);
    if (strncmp(name, own_names[i].prefix, length) == 0 && (name[length] == 0 || name[length] == '/')) {
      char prefix[PREFIX_MAX];
      if (own_names[i].thread) {
        snprintf(prefix, sizeof prefix, "/proc/%d/task/%d", (int)viewer->tgid, (int)viewer->tid);
      } else {
        snprintf(prefix, sizeof prefix, own_names[i].instead, (int)viewer->tgid);
      }
      return join(buffer, prefix, name + length) ? buffer : name;
    }
  }
  return name;
}

static void start_of(const struct viewer *viewer, int dirfd, char to[PREFIX_MAX]) {
  if (dirfd == AT_FDCWD) {
    snprintf(to, PREFIX_MAX, "/proc/%d/cwd/", (int)viewer->tid);
  } else {
    snprintf(to, PREFIX_MAX, "/proc/%d/fd/%d/", (int)viewer->tid, dirfd);
  }
}

static int open_in_view(const struct viewer *viewer, int dirfd, const char *name, int flags) {
  char path[PATH_MAX];
  if (name[0] == '/') {
    return open(without_self(viewer, name, path), flags);
  }
  char start[PREFIX_MAX];
  start_of(viewer, dirfd, start);
  if (join(path, start, name)) {
    return open(path, flags);
  }
  int directory = open(start, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return -1;
  }
  int fd = openat(directory, name, flags);
  int error = errno;
  close(directory);
  errno = error;
  return fd;
}

/* Whether the text of the working directory leads to it: it may be gone, moved, or hidden by a mount. */
static bool leads_to_cwd(const struct viewer *viewer, const char *text) {
  char start[PREFIX_MAX];
  struct stat cwd;
  struct stat found;
  start_of(viewer, AT_FDCWD, start);
  return stat(start, &cwd) == 0 && stat(text, &found) == 0 && cwd.st_ino == found.st_ino &&
         cwd.st_dev == found.st_dev;
}

/* The directory that a relative name starts from, as an absolute path in the viewer's own root. */
static bool start_path(const struct viewer *viewer, int dirfd, char to[PATH_MAX]) {
  char link[32] = "cwd";
  bool cwd = dirfd == AT_FDCWD && viewer->same_view;
  const struct lately *known = cwd ? lately_cwd(viewer->cwd) : NULL;
  if (known != NULL) {
    memcpy(to, known->path, known->path_length + 1u);
    return true;
  }
  if (dirfd != AT_FDCWD) {
    snprintf(link, sizeof link, "fd/%d", dirfd);
  }
  ssize_t got = procfs_link(viewer->tid, link, to, PATH_MAX);
  if (got <= 0 || to[0] != '/') {
    return false;
  }
  if (cwd && (!lately_keeps_cwd() || leads_to_cwd(viewer, to))) {
    lately_keep_cwd(viewer->cwd, to, (size_t)got);
  }
  if (!viewer->same_view) {
    char root[PATH_MAX];
    ssize_t length = procfs_link(viewer->tid, "root", root, sizeof root);
    if (length > 1 && strncmp(to, root, (size_t)length) == 0 && (to[length] == '/' || to[length] == 0)) {
      memmove(to, to + length, strlen(to + length) + 1);
      if (to[0] == 0) {
        memcpy(to, "/", 2);
      }
    }
  }
  return true;
}

static int open_in_root(const struct viewer *viewer, int dirfd, const char *name, int flags) {
  char root_name[PREFIX_MAX];
  char self[PATH_MAX];
  char path[PATH_MAX];
  if (name[0] == '/') {
    name = without_self(viewer, name, self);
  } else {
    if (!start_path(viewer, dirfd, self)) {
      errno = EPERM;
      return -1;
    }
    if (!join(path, self, "/") || !join(self, path, name)) {
      errno = ENAMETOOLONG;
      return -1;
    }
    name = self;
  }
  snprintf(root_name, sizeof root_name, "/proc/%d/root/", (int)viewer->tid);
  int root = open(root_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) {
    errno = errno == EACCES ? EPERM : errno;
    return -1;
  }
  struct open_how how = {.flags = (uint64_t)(unsigned)flags, .resolve = RESOLVE_IN_ROOT};
  int fd = (int)syscall(SYS_openat2, root, name, &how, sizeof how);
  int error = errno;
  close(root);
  errno = error;
  return fd;
}

/* A link such as /etc/mtab leads through /proc/self, which was us when we walked it. */
static void name_the_asker(const struct viewer *viewer, struct name *path) {
  char own[PREFIX_MAX];
  if (strncmp(path->text, "/proc/", 6) != 0) {
    return;
  }
  int length = snprintf(own, sizeof own, "/proc/%d/", (int)getpid());
  if (strncmp(path->text, own, (size_t)length) == 0) {
    char asker[PREFIX_MAX];
    char changed[PATH_MAX];
    snprintf(asker, sizeof asker, "/proc/%d/", (int)viewer->tgid);
    if (join(changed, asker, path->text + length)) {
      path->length = strlen(changed);
      memcpy(path->text, changed, path->length + 1);
    }
  }
}

static bool name_of(const struct viewer *viewer, struct located *to) {
  char link[PREFIX_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", to->fd);
  ssize_t length = readlink(link, to->path.text, sizeof to->path.text - 1);
  if (length <= 0) {
    return false;
  }
  static const char deleted[] = " (deleted)";
  size_t suffix = sizeof deleted - 1;
  if (to->status.st_nlink == 0 && (size_t)length > suffix &&
      memcmp(to->path.text + length - suffix, deleted, suffix) == 0) {
    length -= (ssize_t)suffix; /* an open file whose name is gone: the name it had */
  }
  to->path.text[length] = 0;
  to->path.length = (size_t)length;
  name_the_asker(viewer, &to->path);
  return true;
}

void path_locate(const struct viewer *viewer, int dirfd, const char *name, bool nofollow, struct located *to) {
  int flags = O_PATH | O_CLOEXEC | (nofollow ? O_NOFOLLOW : 0);
  to->error = 0;
  to->fd = viewer->same_view ? open_in_view(viewer, dirfd, name, flags)
                             : open_in_root(viewer, dirfd, name, flags);
  if (to->fd < 0) {
    to->error = errno;
    return;
  }
  if (fstat(to->fd, &to->status) != 0 || !name_of(viewer, to)) {
    to->error = errno;
    close(to->fd);
    to->fd = -1;
  }
}

/*
 * The name as an absolute path in our own view, whose text the kernel may walk again: the directory
 * it starts from has no links in it, and ".." is left to the kernel. False when there is none.
 */
static bool walkable(const struct viewer *viewer, int dirfd, const char *name, char to[PATH_MAX]) {
  if (!viewer->same_view) {
    return false;
  }
  if (name[0] == '/') {
    const char *text = without_self(viewer, name, to);
    if (text != to) {
      memcpy(to, text, strlen(text) + 1);
    }
    return true;
  }
  if (!start_path(viewer, dirfd, to)) {
    return false;
  }
  size_t length = strlen(to);
  size_t more = strlen(name);
  if (length + 1 + more >= PATH_MAX) {
    return false;
  }
  to[length] = '/';
  memcpy(to + length + 1, name, more + 1);
  return true;
}

/* Whether a text that led to the directory leads everybody there, and not into /proc or to what is gone. */
static bool same_for_all(const struct located *directory) {
  const char *path = directory->path.text;
  bool proc = strncmp(path, "/proc", 5) == 0 && (path[5] | '/') == '/';
  return !proc && S_ISDIR(directory->status.st_mode) && directory->status.st_nlink > 0;
}

/* Where the text of a directory leads; NULL when that is nowhere, or not the same for everybody. */
static const struct lately *directory_of(const struct viewer *viewer, const char *text, size_t length) {
  static struct located directory;
  static char name[PATH_MAX];
  const struct lately *known = lately_directory(text, length);
  if (known != NULL || length >= LATELY_TEXT) {
    return known;
  }
  memcpy(name, text, length);
  name[length] = 0;
  path_locate(viewer, AT_FDCWD, length == 0 ? "/" : name, false, &directory);
  if (directory.fd < 0) {
    return NULL;
  }
  close(directory.fd);
  if (!same_for_all(&directory)) {
    return NULL;
  }
  lately_keep_directory(text, length, &directory.path);
  return lately_directory(text, length);
}

/*
 * A name that is no link lies in the directory before it. One look at it is then all that is needed.
 * False when that does not tell.
 */
static bool look_in_directory(const struct viewer *viewer, struct located *to) {
  const char *text = to->asked.text;
  const char *last = strrchr(text, '/') + 1;
  size_t length = to->asked.length - (size_t)(last - text);
  if (length == 0 || length > NAME_MAX || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
    return false;
  }
  const struct lately *directory = directory_of(viewer, text, (size_t)(last - text) - 1);
  if (directory == NULL) {
    return false;
  }
  to->fd = -1;
  to->error = fstatat(AT_FDCWD, text, &to->status, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
  if (to->error != 0) {
    return to->error == ENOENT;
  }
  if (S_ISLNK(to->status.st_mode)) {
    return false;
  }
  size_t before = directory->path_length == 1 ? 0 : directory->path_length;
  memcpy(to->path.text, directory->path, before);
  to->path.text[before] = '/';
  memcpy(to->path.text + before + 1, last, length + 1);
  to->path.length = before + 1 + length;
  return true;
}

void path_look(const struct viewer *viewer, int dirfd, const char *name, bool nofollow, struct located *to) {
  bool can_walk = walkable(viewer, dirfd, name, to->asked.text);
  to->asked.length = can_walk ? strlen(to->asked.text) : 0;
  if (can_walk && look_in_directory(viewer, to)) {
    return;
  }
  const struct recalled *known =
      can_walk ? recall_find(to->asked.text, to->asked.length, nofollow) : NULL;
  int flags = nofollow ? AT_SYMLINK_NOFOLLOW : 0;
  if (known != NULL && fstatat(AT_FDCWD, to->asked.text, &to->status, flags) == 0 &&
      known->inode == to->status.st_ino && known->device == to->status.st_dev) {
    to->fd = -1;
    to->error = 0;
    to->path.length = known->path_length;
    memcpy(to->path.text, known->path, known->path_length + 1u);
    return;
  }
  path_locate(viewer, dirfd, name, nofollow, to);
  if (can_walk && to->fd >= 0 && strncmp(to->path.text, "/proc/", 6) != 0) {
    recall_keep(nofollow, to);
  }
}

bool path_our_failure(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EPERM;
}

/* The text of the directory before the last component. False when there is no such component. */
static bool split(const char *name, char parent[PATH_MAX], struct located *to, char last[NAME_MAX + 1]) {
  size_t length = strlen(name);
  while (length > 1 && name[length - 1] == '/') {
    length--;
  }
  size_t start = length;
  while (start > 0 && name[start - 1] != '/') {
    start--;
  }
  to->fd = -1;
  if (length - start == 0 || length - start > NAME_MAX || start >= PATH_MAX) {
    to->error = length - start == 0 ? EEXIST : ENAMETOOLONG;
    return false;
  }
  memcpy(last, name + start, length - start);
  last[length - start] = 0;
  if (start == 0) {
    memcpy(parent, ".", 2);
  } else {
    memcpy(parent, name, start);
    parent[start] = 0;
  }
  return true;
}

static void locate_directory(const struct viewer *viewer, int dirfd, const char *name, struct located *to) {
  path_locate(viewer, dirfd, name, false, to);
  if (to->fd >= 0 && !S_ISDIR(to->status.st_mode)) {
    close(to->fd);
    to->fd = -1;
    to->error = ENOTDIR;
  }
}

void path_locate_parent(
    const struct viewer *viewer, int dirfd, const char *name, struct located *to, char last[NAME_MAX + 1]) {
  char parent[PATH_MAX];
  if (split(name, parent, to, last)) {
    locate_directory(viewer, dirfd, parent, to);
  }
}

void path_look_parent(
    const struct viewer *viewer, int dirfd, const char *name, struct located *to, char last[NAME_MAX + 1]) {
  char parent[PATH_MAX];
  if (!split(name, parent, to, last)) {
    return;
  }
  bool can_walk = walkable(viewer, dirfd, parent, to->asked.text);
  to->asked.length = can_walk ? strlen(to->asked.text) : 0;
  const struct lately *known = can_walk ? lately_directory(to->asked.text, to->asked.length) : NULL;
  if (known != NULL && stat(known->path, &to->status) == 0 && S_ISDIR(to->status.st_mode)) {
    to->error = 0;
    to->path.length = known->path_length;
    memcpy(to->path.text, known->path, known->path_length + 1u);
    return;
  }
  locate_directory(viewer, dirfd, parent, to);
  if (can_walk && to->fd >= 0 && same_for_all(to)) {
    lately_keep_directory(to->asked.text, to->asked.length, &to->path);
  }
}

bool path_append(struct name *to, const char *component) {
  size_t length = strlen(component);
  bool slash = to->length == 0 || to->text[to->length - 1] != '/';
  if (to->length + slash + length >= PATH_MAX) {
    return false;
  }
  if (slash) {
    to->text[to->length++] = '/';
  }
  memcpy(to->text + to->length, component, length + 1);
  to->length += length;
  return true;
}

static bool append_normal(struct name *to, const char *text) {
  while (*text != 0) {
    size_t length = strcspn(text, "/");
    if (length == 2 && text[0] == '.' && text[1] == '.') {
      while (to->length > 0 && to->text[--to->length] != '/') {
      }
    } else if (length > 0 && !(length == 1 && text[0] == '.')) {
      if (to->length + 1 + length >= PATH_MAX) {
        return false;
      }
      to->text[to->length++] = '/';
      memcpy(to->text + to->length, text, length);
      to->length += length;
    }
    text += length;
    text += *text == '/';
  }
  return true;
}

bool path_absolute(const struct viewer *viewer, int dirfd, const char *name, struct name *to) {
  char text[PATH_MAX];
  char start[PATH_MAX];
  if (name[0] == '/') {
    return path_normal(name, to);
  }
  return start_path(viewer, dirfd, start) && join(text, start, "/") && join(start, text, name) &&
         path_normal(start, to);
}

bool path_normal(const char *name, struct name *to) {
  to->length = 0;
  if (!append_normal(to, name)) {
    return false;
  }
  if (to->length == 0) {
    to->text[to->length++] = '/';
  }
  to->text[to->length] = 0;
  return true;
}
