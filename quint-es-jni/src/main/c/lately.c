#include "lately.h"

#include <string.h>

enum { CWDS = 256, DIRECTORIES = 512 };

static struct lately cwds[CWDS];
static struct lately directories[DIRECTORIES];
static uint64_t generation = 1;
static int64_t now;
static int64_t cwd_moves_until;
static int64_t names_move_until;
static bool without_cwd;

void lately_now(int64_t boottime) { now = boottime; }

void lately_without_cwd(void) { without_cwd = true; }

static bool fresh(const struct lately *entry, int64_t at) {
  return entry->generation == generation && at < entry->until;
}

const struct lately *lately_cwd(pid_t whose) { return lately_cwd_at(whose, now); }

const struct lately *lately_cwd_at(pid_t whose, int64_t boottime) {
  const struct lately *entry = &cwds[(uint32_t)whose % CWDS];
  return entry->whose == whose && fresh(entry, boottime) ? entry : NULL;
}

static struct lately *slot(const char *text, size_t length) {
  uint64_t hash = length;
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, text + i, sizeof word);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
  }
  for (; i < length; i++) {
    hash = (hash ^ (uint8_t)text[i]) * 0x9E3779B97F4A7C15u;
  }
  return &directories[(hash >> 40) % DIRECTORIES];
}

const struct lately *lately_directory(const char *text, size_t length) {
  const struct lately *entry = slot(text, length);
  return fresh(entry, now) && entry->name_length == length && memcmp(entry->name, text, length) == 0 ? entry : NULL;
}

static void keep(struct lately *entry, const char *path, size_t length) {
  entry->until = now + LATELY_NANOS;
  entry->generation = generation;
  entry->path_length = (uint16_t)length;
  memcpy(entry->path, path, length);
  entry->path[length] = 0;
}

bool lately_keeps_cwd(void) { return !without_cwd && now >= cwd_moves_until && now >= names_move_until; }

void lately_keep_cwd(pid_t whose, const char *path, size_t length) {
  if (!lately_keeps_cwd() || length >= LATELY_TEXT) {
    return;
  }
  struct lately *entry = &cwds[(uint32_t)whose % CWDS];
  entry->whose = whose;
  keep(entry, path, length);
}

void lately_keep_directory(const char *text, size_t length, const struct name *path) {
  if (now < names_move_until || length >= LATELY_TEXT || path->length >= LATELY_TEXT) {
    return;
  }
  struct lately *entry = slot(text, length);
  entry->name_length = (uint16_t)length;
  memcpy(entry->name, text, length);
  keep(entry, path->text, path->length);
}

void lately_cwd_moves(void) {
  generation++;
  cwd_moves_until = now + LATELY_MOVES_NANOS;
}

void lately_names_move(void) {
  generation++;
  names_move_until = now + LATELY_MOVES_NANOS;
}
