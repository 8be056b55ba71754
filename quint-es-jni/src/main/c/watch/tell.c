#include "tell.h"

#include "../procfs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { TCP = 6, UDP = 17, CONTACTS = 4096, EXE_MAX = 4096, ARGUMENTS_MAX = 65536 };

char watch_probe[PATH_MAX];

void cause_set(char cause[CAUSE_MAX], const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(cause, CAUSE_MAX, format, arguments);
  va_end(arguments);
}

/* As /proc/PID/stat gives it: whole clock ticks. */
int64_t tell_start_ms(const struct told *to, int64_t start) {
  int64_t tick = procfs_tick_nanos();
  int64_t nanos = start / tick * tick + to->wire.offset;
  return nanos / 1000000 - (nanos % 1000000 < 0);
}

static void put(struct told *to, struct who who) {
  wire_process(&to->wire, who.pid, tell_start_ms(to, who.start));
}

void tell_fork(struct told *to, struct who parent, struct who child) {
  to->forks++;
  if (to->probing) {
    return;
  }
  wire_begin(&to->wire, WIRE_FORK, child.start);
  put(to, parent);
  put(to, child);
  wire_commit(&to->wire);
}

static void put_arguments(struct wire *w, const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    count += text[i] == 0;
  }
  count += length > 0 && text[length - 1] != 0;
  wire_u16(w, (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX));
  for (size_t i = 0; i < length && count-- > 0;) {
    size_t end = strnlen(text + i, length - i);
    wire_string(w, text + i, end);
    i += end + 1;
  }
}

void tell_exec(struct told *to, struct who who, int64_t time, const struct image *image) {
  to->execs++;
  if (to->probing) {
    return;
  }
  wire_begin(&to->wire, WIRE_EXEC, time);
  wire_flag(&to->wire, image->cut ? WIRE_FLAG_TRUNCATED : 0);
  put(to, who);
  wire_u32(&to->wire, (uint32_t)image->parent);
  wire_u32(&to->wire, image->user);
  wire_string(&to->wire, image->exe, image->exe_length);
  wire_string(&to->wire, image->cwd, image->cwd_length);
  put_arguments(&to->wire, image->arguments, image->arguments_length);
  wire_commit(&to->wire);
}

bool tell_exec_from_proc(struct told *to, struct who who, int64_t time) {
  static char exe[EXE_MAX];
  static char cwd[EXE_MAX];
  static char arguments[ARGUMENTS_MAX];
  static const char deleted[] = " (deleted)";
  struct procfs_stat stat;
  struct procfs_status status;
  ssize_t exe_length = procfs_link(who.pid, "exe", exe, sizeof exe);
  ssize_t cwd_length = procfs_link(who.pid, "cwd", cwd, sizeof cwd);
  ssize_t length = procfs_content(who.pid, "cmdline", arguments, sizeof arguments);
  if (exe_length <= 0 || !procfs_stat(who.pid, &stat) || !procfs_status(who.pid, &status) ||
      (int64_t)stat.start_ticks != who.start / procfs_tick_nanos()) {
    return false;
  }
  ssize_t suffix = sizeof deleted - 1;
  if (exe_length > suffix && strncmp(exe, "/memfd:", 7) != 0 && strcmp(exe + exe_length - suffix, deleted) == 0) {
    exe_length -= suffix;
  }
  struct image image = {.parent = stat.ppid,
                        .user = status.euid,
                        .exe = exe,
                        .exe_length = (size_t)exe_length,
                        .cwd = cwd,
                        .cwd_length = cwd_length < 0 ? 0 : (size_t)cwd_length,
                        .arguments = arguments,
                        .arguments_length = length < 0 ? 0 : (size_t)length,
                        .cut = length == ARGUMENTS_MAX};
  tell_exec(to, who, time, &image);
  return true;
}

void tell_exit(struct told *to, struct who who, int64_t time, int status) {
  to->exits++;
  if (to->probing) {
    return;
  }
  wire_begin(&to->wire, WIRE_EXIT, time);
  put(to, who);
  wire_u32(&to->wire, (uint32_t)(status < 0              ? -1
                                 : WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                                       : WEXITSTATUS(status)));
  wire_commit(&to->wire);
}

void tell_file(
    struct told *to, struct who who, int64_t time, enum wire_op op, enum wire_access access,
    const struct name *path, const struct name *requested, const struct name *renamed) {
  if (to->probing) {
    to->probes++;
    return;
  }
  wire_begin(&to->wire, WIRE_FILE, time);
  put(to, who);
  wire_u8(&to->wire, (uint8_t)op);
  wire_u8(&to->wire, (uint8_t)access);
  wire_u16(&to->wire, 0);
  wire_string(&to->wire, path->text, path->length);
  wire_string(&to->wire, requested->text, requested->length);
  wire_string(&to->wire, renamed->text, renamed->length);
  wire_commit(&to->wire);
}

static bool contacted_lately(struct who who, const struct peer *peer) {
  static struct {
    struct who who;
    struct peer peer;
  } contacts[CONTACTS];
  uint32_t hash = (uint32_t)who.pid * 31 + peer->port;
  for (size_t i = 0; i < sizeof peer->address; i++) {
    hash = hash * 31 + peer->address[i];
  }
  size_t slot = (hash ^ hash >> 15) % CONTACTS;
  bool known = contacts[slot].who.pid == who.pid && contacts[slot].who.start == who.start &&
               address_same(&contacts[slot].peer, peer);
  contacts[slot].who = who;
  contacts[slot].peer = *peer;
  return known;
}

void tell_contact(struct told *to, struct who who, int64_t time, const struct peer *peer, int type, bool datagram) {
  /* Resolvers "connect" datagram sockets to port 0 to learn a source address: nothing is sent. */
  if (to->probing || (type == SOCK_DGRAM && peer->port == 0) || (datagram && contacted_lately(who, peer))) {
    return;
  }
  wire_begin(&to->wire, WIRE_CONNECT, time);
  put(to, who);
  wire_u8(&to->wire, peer->family);
  wire_u8(&to->wire, type == SOCK_STREAM ? TCP : type == SOCK_DGRAM ? UDP : 0);
  wire_u16(&to->wire, peer->port);
  wire_bytes(&to->wire, peer->address, sizeof peer->address);
  wire_commit(&to->wire);
}

void tell_local(struct told *to, struct who who, int64_t time, const struct name *path, bool datagram) {
  struct peer peer = {.family = 1};
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < path->length; i++) {
    hash = (hash ^ (uint8_t)path->text[i]) * 0x100000001b3u;
  }
  memcpy(peer.address, &hash, sizeof hash);
  if (to->probing || (datagram && contacted_lately(who, &peer))) {
    return;
  }
  wire_begin(&to->wire, WIRE_LOCAL, time);
  put(to, who);
  wire_string(&to->wire, path->text, path->length);
  wire_commit(&to->wire);
}
