#include "recall.h"

#include <string.h>

enum { SLOTS = 2048 };

static struct recalled slots[SLOTS];

static struct recalled *slot(const char *name, size_t length, bool nofollow) {
  uint64_t hash = length * 2 + nofollow;
  for (size_t i = 0; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, name + i, sizeof word);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
  }
  for (size_t i = length & ~(size_t)7; i < length; i++) {
    hash = (hash ^ (uint8_t)name[i]) * 0x9E3779B97F4A7C15u;
  }
  return &slots[(hash >> 40) % SLOTS];
}

const struct recalled *recall_find(const char *name, size_t length, bool nofollow) {
  const struct recalled *known = slot(name, length, nofollow);
  bool same = length > 0 && known->name_length == length && known->nofollow == nofollow &&
              memcmp(known->name, name, length) == 0;
  return same ? known : NULL;
}

void recall_keep(bool nofollow, const struct located *located) {
  size_t length = located->asked.length;
  if (length >= RECALL_TEXT || located->path.length >= RECALL_TEXT) {
    return;
  }
  struct recalled *known = slot(located->asked.text, length, nofollow);
  known->device = located->status.st_dev;
  known->inode = located->status.st_ino;
  known->nofollow = nofollow;
  known->name_length = (uint16_t)length;
  memcpy(known->name, located->asked.text, length);
  known->path_length = (uint16_t)located->path.length;
  memcpy(known->path, located->path.text, located->path.length + 1);
}
