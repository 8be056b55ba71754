/*
 * The bridge and its ring without Java, for the sanitizers: one thread replays messages, one reads the
 * ring, one marks processes and changes the policy. Exit 0: everything held.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "refuse.h"
#include "ring.h"
#include "stub.h"

enum { CAPACITY = 4 * RECORD_MAX, ROUNDS = 300, RING_RECORDS = 1000000 };

static int failed;

static void check(bool holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "FAILED: %s\n", what);
    failed = 1;
  }
}

static uint8_t *memory;
static uint64_t head; /* of the consumer */

static uint64_t load(size_t offset) {
  return __atomic_load_n((uint64_t *)(void *)(memory + CAPACITY + offset), __ATOMIC_ACQUIRE);
}

/* Consumes what is published; returns how many records, with the last one's `lost`. */
static uint64_t drain(void (*see)(const struct record *), uint64_t *lost) {
  uint64_t seen = 0;
  uint64_t counted = load(RING_LOST);
  uint64_t tail = load(RING_TAIL);
  if (tail == head) {
    *lost = counted;
  }
  while (head != tail) {
    const struct record *r = (const void *)(memory + (head & (CAPACITY - 1)));
    if (r->kind != RECORD_PADDING) {
      see(r);
      *lost = r->lost;
      seen++;
    }
    head += r->length;
  }
  __atomic_store_n((uint64_t *)(void *)(memory + CAPACITY + RING_HEAD), head, __ATOMIC_RELEASE);
  return seen;
}

/* ---- the ring alone ---- */

static atomic_bool produced;
static uint64_t produced_lost;

static uint32_t length_of(uint64_t number) {
  uint32_t more = (uint32_t)(number * 2654435761u >> 7) % 400;
  return (uint32_t)(sizeof(struct record) + more + 7) & ~7u;
}

static void *produce(void *unused) {
  (void)unused;
  struct ring ring;
  check(ring_init(&ring, memory, CAPACITY + RING_TRAILER), "the ring is one");
  for (uint64_t number = 0; number < RING_RECORDS; number++) {
    uint32_t length = length_of(number);
    struct record *r = ring_claim(&ring, length, 0);
    /* Half of the way at the consumer's pace, the other half as fast as it goes. */
    for (int i = 0; r == NULL && i < 1000 && (number >> 14 & 1) == 0; i++) {
      sched_yield();
      r = ring_claim(&ring, length, 0);
    }
    if (r == NULL) {
      ring_lose(&ring, 1);
      continue;
    }
    memset(r, (int)(number & 0xff), length);
    r->length = length;
    r->kind = RECORD_OPEN;
    r->lost = ring.lost;
    r->sequence = (int64_t)number;
    ring_publish(&ring);
  }
  produced_lost = ring.lost;
  atomic_store(&produced, true);
  return NULL;
}

static uint64_t expected_lost;
static int64_t last_number = -1;

static void see_number(const struct record *r) {
  uint64_t number = (uint64_t)r->sequence;
  check(r->length == length_of(number), "a record has its length");
  const uint8_t *bytes = (const uint8_t *)(r + 1);
  for (uint32_t i = 0; i + sizeof *r < r->length; i++) {
    if (bytes[i] != (number & 0xff)) {
      check(false, "a record is whole");
      return;
    }
  }
  expected_lost += number - (uint64_t)last_number - 1;
  last_number = r->sequence;
  check(r->lost == expected_lost, "what was lost before a record is known exactly");
}

static void ring_alone(void) {
  memset(memory, 0, CAPACITY + RING_TRAILER);
  pthread_t producer;
  pthread_create(&producer, NULL, produce, NULL);
  uint64_t seen = 0;
  uint64_t lost = 0;
  for (;;) {
    bool over = atomic_load(&produced);
    uint64_t some = drain(see_number, &lost);
    seen += some;
    if (over && some == 0) {
      break;
    }
  }
  pthread_join(producer, NULL);
  check(seen + produced_lost == RING_RECORDS, "what was not seen was lost");
  check(lost == produced_lost, "losses after the last record are told");
  fprintf(stderr, "ring: %llu seen, %llu lost\n", (unsigned long long)seen, (unsigned long long)produced_lost);
}

/* ---- the whole bridge ---- */

static atomic_bool replayed;
static atomic_int refusals;

static void see_message(const struct record *r) {
  uint64_t length = r->kind == RECORD_EXEC ? sizeof(struct record_exec) : sizeof *r;
  length += (uint64_t)r->path_length + r->extra_length + r->exe_length;
  if (r->kind == RECORD_EXEC) {
    const struct record_exec *e = (const void *)r;
    length += (uint64_t)e->signing_id_length + e->team_id_length + e->argv_length;
  }
  check(((length + 7) & ~7ull) == r->length, "lengths add up");
  atomic_fetch_add(&refusals, (r->flags & RECORD_REFUSED) != 0);
}

static void *read_ring(void *unused) {
  (void)unused;
  uint64_t lost;
  for (bool over = false; !over;) {
    over = atomic_load(&replayed);
    while (drain(see_message, &lost) > 0) {
    }
  }
  return NULL;
}

static void *interfere(void *unused) {
  (void)unused;
  struct bridge_statistics now;
  for (int i = 0; !atomic_load(&replayed); i++) {
    bridge_mark(100, 2, WATCH_WATCHED);
    bridge_mark(100 + i % 30, (uint32_t)(i % 5), i % 3 == 0 ? WATCH_WATCHED : WATCH_IGNORED);
    refuse_declare(i % 2 == 0 ? "/declared/*" : "*.txt");
    if (i % 7 == 0) {
      refuse_forget();
    }
    bridge_statistics(&now);
  }
  return NULL;
}

static void replay_all(int version, int round) {
  char lines[8192];
  snprintf(lines, sizeof lines,
           "exec v=%1$d pid=100 pv=1 tpv=2 texe=/bin/agent args=a|b%%20c||d sid=s tid=t cwd=/w adhoc=%2$d\n"
           "fork v=%1$d pid=100 pv=2 tpid=%3$d tpv=4\n"
           "unlink v=%1$d pid=%3$d pv=4 path=/x.txt skip=%2$d\n"
           "open v=%1$d pid=101 pv=1 path=/some/file fflag=3\n"
           "create v=%1$d pid=102 into=/d name=n\n"
           "create v=%1$d pid=102 path=/d/n\n"
           "write v=%1$d pid=102 path=/d/n ino=%3$d\n"
           "close v=%1$d pid=102 path=/d/n modified=1\n"
           "rename v=%1$d pid=103 path=/a new=/b\n"
           "rename v=%1$d pid=103 path=/a into=/ name=c\n"
           "auth_open v=%1$d pid=100 pv=2 path=/secret\n"
           "auth_unlink v=%1$d pid=100 pv=2 path=/secret\n"
           "auth_rename v=%1$d pid=100 pv=2 path=/x into=/declared name=y\n"
           "auth_create v=%1$d pid=100 pv=2 into=/ name=a.txt\n"
           "auth_copyfile v=%1$d pid=100 pv=2 path=/secret into=/ name=c\n"
           "auth_exec v=%1$d pid=100 pv=2 texe=/usr/bin/sudo args=sudo\n"
           "exit v=%1$d pid=%3$d pv=4 stat=9\n",
           version, round % 2, 101 + round % 30);
  check(stub_replay(lines) == 0, "the lines are right");
}

static void whole_bridge(unsigned options) {
  head = 0;
  atomic_store(&replayed, false);
  stub_prepare(0, 0);
  check(bridge_open(memory, CAPACITY + RING_TRAILER, options) == 0, "it opens");
  check(bridge_open(memory, CAPACITY + RING_TRAILER, options) == BRIDGE_ALREADY_OPEN, "there is one");
  check(refuse_add("/secret") && refuse_add("/declared/*") && refuse_add("*.txt") && refuse_add("exec:*/sudo"),
        "patterns are taken");
  pthread_t reader;
  pthread_t other;
  pthread_create(&reader, NULL, read_ring, NULL);
  pthread_create(&other, NULL, interfere, NULL);
  for (int round = 0; round < ROUNDS; round++) {
    replay_all(1 + round % 12, round);
  }
  char big[3 * RECORD_MAX];
  memset(big, 'x', sizeof big);
  memcpy(big, "exec args=", 10);
  for (size_t i = 5000; i < sizeof big; i += 5000) {
    big[i] = '|';
  }
  big[sizeof big - 1] = 0;
  check(stub_replay(big) == 0, "a long argument vector");
  atomic_store(&replayed, true);
  pthread_join(reader, NULL);
  pthread_join(other, NULL);
  struct bridge_statistics now;
  bridge_statistics(&now);
  check(now.unanswered == 0, "every answer was taken");
  if (options & BRIDGE_BLOCKS) {
    check(now.answered > 0 && now.refused > 0, "something was refused");
    check(now.overflow > 0 || now.refused == (uint64_t)atomic_load(&refusals), "and told");
  }
  check(bridge_close() == 0, "it closes");
  char report[1024];
  stub_report(report, sizeof report);
  check(strstr(report, "unanswered=0 late=0 wrong=0 duplicate=0 cached=0 retained=0 thread=0 clients=0") != NULL, report);
  fprintf(stderr, "bridge: %s\n", report);
}

static void *close_elsewhere(void *result) {
  *(int *)result = bridge_close();
  return NULL;
}

static void errors(void) {
  size_t size = CAPACITY + RING_TRAILER;
  for (int error = 1; error <= 7; error++) {
    stub_prepare(error, 0);
    check(bridge_open(memory, size, 0) == error, "an error of es_new_client is passed on");
  }
  static const unsigned fails[] = {STUB_FAIL_MUTE, STUB_FAIL_TASK_INFO, STUB_FAIL_SUBSCRIBE};
  for (size_t i = 0; i < sizeof fails / sizeof fails[0]; i++) {
    stub_prepare(0, fails[i]);
    check(bridge_open(memory, size, BRIDGE_BLOCKS) == (i < 2 ? BRIDGE_NOT_MUTED : BRIDGE_NOT_SUBSCRIBED),
          "what fails later is told");
  }
  stub_prepare(0, 0);
  check(bridge_open(memory, size - 8, 0) == BRIDGE_BAD_RING, "a ring of another size");
  check(bridge_open(memory + 4, size, 0) == BRIDGE_BAD_RING, "a ring that is not aligned");
  check(bridge_open(memory, size, 0) == 0, "it opens after all");
  int result = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, close_elsewhere, &result);
  pthread_join(thread, NULL);
  check(result == BRIDGE_OTHER_THREAD, "another thread may not close");
  stub_prepare(0, STUB_FAIL_DELETE);
  check(bridge_close() == BRIDGE_NOT_DELETED, "a client that stays is told");
  stub_prepare(0, 0);
  check(bridge_close() == 0 && bridge_close() == 0, "it closes, twice");
}

static void policy(void) {
  char longest[PATTERN_MAX + 2];
  memset(longest, 'a', sizeof longest);
  longest[PATTERN_MAX + 1] = 0;
  check(!refuse_add("") && !refuse_add(longest) && !refuse_declare(""), "no patterns");
  longest[PATTERN_MAX] = 0;
  for (int i = 0; i < REFUSED_MAX; i++) {
    check(refuse_add(longest), "a pattern");
  }
  check(!refuse_add("x"), "one too many");
  refuse_clear();
  check(!refuse_armed(), "none is left");
}

int main(void) {
  memory = aligned_alloc(128, CAPACITY + RING_TRAILER);
  ring_alone();
  errors();
  policy();
  whole_bridge(0);
  whole_bridge(BRIDGE_SELECTS);
  whole_bridge(BRIDGE_SELECTS | BRIDGE_BLOCKS);
  free(memory);
  return failed;
}
