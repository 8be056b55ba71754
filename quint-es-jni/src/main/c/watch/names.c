#include "names.h"

#include "../procfs.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

void names_of_chain(const char *chain, size_t length, struct name *to) {
  to->length = 0;
  /* From the last component, which stands first, to the first: they are put down from the back. */
  for (size_t end = length; end > 0;) {
    size_t begin = end - 1;
    while (begin > 0 && chain[begin - 1] != 0) {
      begin--;
    }
    size_t bytes = end - 1 - begin;
    if (bytes == 0) { /* a name that was changed while it was read */
      end = begin;
      continue;
    }
    if (to->length + 1 + bytes >= PATH_MAX) {
      break;
    }
    to->text[to->length++] = '/';
    memcpy(to->text + to->length, chain + begin, bytes);
    to->length += bytes;
    end = begin;
  }
  if (to->length == 0) {
    to->text[to->length++] = '/';
  }
  to->text[to->length] = 0;
}

/* Text that a process asked for as an absolute one, otherwise as it was; NULL when there is none. */
static const char *join(const char *text, size_t length, const char *start, size_t start_length) {
  static struct name from;
  static char whole[2 * PATH_MAX];
  if (length == 0 || length > PATH_MAX || text[length - 1] != 0) {
    return NULL;
  }
  if (text[0] == '/') {
    return text;
  }
  if (start_length == 0) {
    return NULL;
  }
  names_of_chain(start, start_length, &from);
  memcpy(whole, from.text, from.length);
  whole[from.length] = '/';
  memcpy(whole + from.length + 1, text, length);
  return strlen(whole) < PATH_MAX ? whole : NULL;
}

void names_asked(const char *text, size_t length, const char *start, size_t start_length, struct name *to) {
  const char *whole = join(text, length, start, start_length);
  if (whole == NULL || !path_normal(whole, to)) {
    to->length = 0;
    to->text[0] = 0;
  }
}

/*
 * The directory is walked once more, so that links in it are followed; the name itself may be gone
 * and is left as it is. When the directory is gone too, what was asked for is what is told.
 */
static bool resolve(
    struct who who, const struct named_call *call, unsigned index, bool follow, struct name *path, struct name *asked) {
  static struct located found;
  char last[NAME_MAX + 1];
  const char *whole =
      join(call->text[index], call->text_length[index], call->start[index], call->start_length[index]);
  if (whole == NULL || !path_normal(whole, asked)) {
    return false;
  }
  *path = *asked;
  bool own = call->start_length[index] > 0 || procfs_same_view(who.pid);
  struct viewer viewer = {.tid = who.pid, .tgid = who.pid, .cwd = who.pid, .same_view = own};
  if (follow) {
    path_locate(&viewer, AT_FDCWD, whole, false, &found);
  } else {
    path_locate_parent(&viewer, AT_FDCWD, whole, &found, last);
  }
  if (found.fd < 0) {
    return true;
  }
  close(found.fd);
  *path = found.path;
  return follow || path_append(path, last);
}

void names_tell(struct told *to, struct who who, int64_t time, const struct named_call *call) {
  static struct name paths[2];
  static struct name asked[2];
  static const struct name none;
  if (!resolve(who, call, 0, call->call == CALL_TRUNCATE, &paths[0], &asked[0])) {
    wire_lose(&to->wire);
    return;
  }
  bool same = paths[0].length == asked[0].length && memcmp(paths[0].text, asked[0].text, asked[0].length) == 0;
  const struct name *requested = same ? &none : &asked[0];
  switch (call->call) {
    case CALL_RENAME:
    case CALL_RENAMEAT:
    case CALL_RENAMEAT2:
      if (!resolve(who, call, 1, false, &paths[1], &asked[1])) {
        wire_lose(&to->wire);
        return;
      }
      tell_file(to, who, time, WIRE_OP_RENAME, WIRE_ACCESS_NONE, &paths[0], &none, &paths[1]);
      if (call->call == CALL_RENAMEAT2 && (call->flags & RENAME_EXCHANGE) != 0) {
        tell_file(to, who, time, WIRE_OP_RENAME, WIRE_ACCESS_NONE, &paths[1], &none, &paths[0]);
      }
      return;
    case CALL_UNLINK:
    case CALL_UNLINKAT:
    case CALL_RMDIR:
      tell_file(to, who, time, WIRE_OP_UNLINK, WIRE_ACCESS_NONE, &paths[0], requested, &none);
      return;
    case CALL_TRUNCATE:
      tell_file(to, who, time, WIRE_OP_WRITE, WIRE_ACCESS_NONE, &paths[0], requested, &none);
      return;
    default:
      tell_file(to, who, time, WIRE_OP_CREATE, WIRE_ACCESS_NONE, &paths[0], requested, &none);
      return;
  }
}
