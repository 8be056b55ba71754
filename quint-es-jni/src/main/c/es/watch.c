#include "watch.h"

#include <string.h>

/* version << 8 | MUTED | state; a process that was never heard of is 0: version 0, undecided. */
enum { STATE = 3, MUTED = 4, VERSION_SHIFT = 8 };

static struct {
  uint64_t word;
  audit_token_t muted; /* written before MUTED is set, read after it was seen */
} table[WATCH_PIDS];

static uint64_t word_of(uint32_t version, enum watch_state state) {
  return (uint64_t)version << VERSION_SHIFT | state;
}

static bool beyond(int32_t pid) { return pid < 0 || pid >= WATCH_PIDS; }

void watch_clear(void) { memset(table, 0, sizeof table); }

enum watch_state watch_of(int32_t pid, uint32_t version) {
  if (beyond(pid)) {
    return WATCH_UNDECIDED;
  }
  uint64_t word = __atomic_load_n(&table[pid].word, __ATOMIC_ACQUIRE);
  return word >> VERSION_SHIFT == version ? (enum watch_state)(word & STATE) : WATCH_UNDECIDED;
}

static void set(int32_t pid, uint32_t version, enum watch_state state) {
  if (!beyond(pid)) {
    __atomic_store_n(&table[pid].word, word_of(version, state), __ATOMIC_RELEASE);
  }
}

enum watch_state watch_fork(int32_t pid, uint32_t version, int32_t child, uint32_t child_version) {
  enum watch_state state = watch_of(pid, version);
  set(child, child_version, state);
  return state;
}

enum watch_state watch_exec(int32_t pid, uint32_t before, uint32_t after) {
  if (beyond(pid)) {
    return WATCH_UNDECIDED;
  }
  /* A mark may come between look and change; it must not be lost. */
  uint64_t old = __atomic_load_n(&table[pid].word, __ATOMIC_ACQUIRE);
  for (;;) {
    bool watched = (old & STATE) == WATCH_WATCHED && old >> VERSION_SHIFT == before;
    enum watch_state state = watched ? WATCH_WATCHED : WATCH_UNDECIDED;
    if (__atomic_compare_exchange_n(&table[pid].word, &old, word_of(after, state), false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      return state;
    }
  }
}

void watch_exit(int32_t pid, uint32_t version) {
  if (!beyond(pid) && __atomic_load_n(&table[pid].word, __ATOMIC_ACQUIRE) >> VERSION_SHIFT == version) {
    set(pid, 0, WATCH_UNDECIDED);
  }
}

bool watch_mute(const audit_token_t *token, int32_t pid, uint32_t version) {
  uint64_t ignored = word_of(version, WATCH_IGNORED);
  if (beyond(pid) || __atomic_load_n(&table[pid].word, __ATOMIC_ACQUIRE) != ignored) {
    return false;
  }
  table[pid].muted = *token;
  return __atomic_compare_exchange_n(&table[pid].word, &ignored, ignored | MUTED, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE);
}

bool watch_mark(int32_t pid, uint32_t version, enum watch_state state, audit_token_t *muted) {
  if (beyond(pid)) {
    return false;
  }
  uint64_t old = __atomic_load_n(&table[pid].word, __ATOMIC_ACQUIRE);
  for (;;) {
    uint32_t now = (uint32_t)(old >> VERSION_SHIFT);
    bool same = now == version || now == 0;
    if (!same && (state != WATCH_WATCHED || now < version)) {
      return false; /* another process by now */
    }
    if (state == WATCH_IGNORED && now != 0 && (old & STATE) == WATCH_WATCHED) {
      return false; /* said before somebody else said that it matters */
    }
    if (__atomic_compare_exchange_n(&table[pid].word, &old, word_of(now == 0 ? version : now, state), false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      break;
    }
  }
  bool was_muted = (old & MUTED) != 0 && state != WATCH_IGNORED;
  if (was_muted) {
    *muted = table[pid].muted;
  }
  return was_muted;
}
