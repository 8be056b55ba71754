#include "local.h"

#include "access.h"
#include "processes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static uint64_t hash(const uint8_t *bytes, size_t length, uint64_t seed) {
  uint64_t value = seed;
  for (size_t i = 0; i < length; i++) {
    value = (value ^ bytes[i]) * 0x100000001b3u;
  }
  return value;
}

static void identify(struct peer *peer, uint64_t first, uint64_t second) {
  memset(peer, 0, sizeof *peer);
  peer->family = LOCAL_FAMILY;
  memcpy(peer->address, &first, sizeof first);
  memcpy(peer->address + sizeof first, &second, sizeof second);
}

/* An abstract name is all bytes that the address has; whether somebody listens the call finds out. */
static bool abstract(const uint8_t *name, size_t length, struct name *to, struct peer *peer) {
  to->length = length;
  for (size_t i = 0; i < length; i++) {
    to->text[i] = name[i] == 0 ? '@' : (char)name[i];
  }
  to->text[length] = 0;
  identify(peer, hash(name, length, 0xcbf29ce484222325u), hash(name, length, length));
  return true;
}

bool local_find(const struct trapped *trapped, const uint8_t *bytes, size_t length, struct name *to,
                struct peer *peer, bool *unreadable) {
  static struct located file;
  size_t head = offsetof(struct sockaddr_un, sun_path);
  if (length <= head || length > sizeof(struct sockaddr_un)) {
    return false; /* no name, or one that the kernel refuses */
  }
  const uint8_t *name = bytes + head;
  if (name[0] == 0) {
    return abstract(name, length - head, to, peer);
  }
  char path[sizeof(struct sockaddr_un) + 1];
  memcpy(path, name, length - head);
  path[length - head] = 0;
  const struct process *process = trapped->process;
  pid_t tid = (pid_t)trapped->notif->pid;
  struct viewer viewer = {.tid = tid,
                          .tgid = process->pid,
                          .cwd = processes_cwd(process, tid),
                          .same_view = process->same_view};
  if (process->view_moves) {
    viewer.same_view = procfs_same_view(process->pid);
  }
  path_locate(&viewer, AT_FDCWD, path, false, &file);
  if (file.fd < 0) {
    *unreadable |= path_our_failure(file.error);
    return false;
  }
  bool reaches = S_ISSOCK(file.status.st_mode) && access_allowed(process, &file, W_OK);
  close(file.fd);
  if (reaches) {
    to->length = file.path.length;
    memcpy(to->text, file.path.text, file.path.length + 1);
    identify(peer, file.status.st_dev, file.status.st_ino);
  }
  return reaches;
}
