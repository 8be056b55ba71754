#include "lately.h"

#include "procfs.h"

#include <string.h>

enum { CWDS = 256, DIRECTORIES = 512, MOVES = 16 };

static struct lately cwds[CWDS];
static struct lately directories[DIRECTORIES];
static uint64_t generation = 1;
static int64_t now;

/* A call that is to happen, in the slot of its thread; or several, which nobody's next call ends. */
struct move {
  pid_t by; /* 0: several */
  int call; /* its number */
  int64_t until;
};

static struct move cwd_moves[MOVES];
static struct move name_moves[MOVES];
static int call_at_hand;
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

static void keep(struct lately *entry, const char *path, size_t length, int64_t until) {
  entry->until = until;
  entry->generation = generation;
  entry->path_length = (uint16_t)length;
  memcpy(entry->path, path, length);
  entry->path[length] = 0;
}

/* A shell that has changed its directory sleeps until its command ends: in another call. */
static bool has_happened(const struct move *move) {
  int call = move->by == 0 ? -1 : procfs_sleeps_in(move->by);
  return call >= 0 && call != move->call;
}

static bool under_way(struct move moves[MOVES]) {
  for (size_t i = 0; i < MOVES; i++) {
    if (now < moves[i].until && !has_happened(&moves[i])) {
      return true;
    }
    moves[i].until = 0;
  }
  return false;
}

bool lately_keeps_cwd(void) { return !without_cwd && !under_way(cwd_moves) && !under_way(name_moves); }

static int64_t cwd_until(void) { return lately_keeps_cwd() ? now + LATELY_NANOS : now + 1; }

void lately_keep_cwd(pid_t whose, const char *path, size_t length) {
  if (length >= LATELY_TEXT) {
    return;
  }
  struct lately *entry = &cwds[(uint32_t)whose % CWDS];
  entry->whose = whose;
  keep(entry, path, length, cwd_until());
}

void lately_keep_directory(const char *text, size_t length, const struct name *path) {
  if (under_way(name_moves) || length >= LATELY_TEXT || path->length >= LATELY_TEXT) {
    return;
  }
  struct lately *entry = slot(text, length);
  entry->name_length = (uint16_t)length;
  memcpy(entry->name, text, length);
  keep(entry, path->text, path->length, now + LATELY_NANOS);
}

static struct move *move_of(struct move moves[MOVES], pid_t tid) { return &moves[(uint32_t)tid % MOVES]; }

static void begin(struct move moves[MOVES], pid_t tid) {
  struct move *move = move_of(moves, tid);
  generation++;
  move->by = now < move->until ? 0 : tid;
  move->call = call_at_hand;
  move->until = now + LATELY_MOVES_NANOS;
}

static void end(struct move moves[MOVES], pid_t tid) {
  struct move *move = move_of(moves, tid);
  if (move->by == tid) {
    move->until = 0;
  }
}

void lately_cwd_moves(pid_t tid) { begin(cwd_moves, tid); }

void lately_names_move(pid_t tid) { begin(name_moves, tid); }

void lately_called(pid_t tid, int call) {
  call_at_hand = call;
  end(cwd_moves, tid);
  end(name_moves, tid);
}

static bool waits_for(struct move moves[MOVES], pid_t tid, int64_t boottime) {
  const struct move *move = move_of(moves, tid);
  return move->by == tid && boottime < move->until;
}

bool lately_waits_for(pid_t tid, int64_t boottime) {
  return waits_for(cwd_moves, tid, boottime) || waits_for(name_moves, tid, boottime);
}
