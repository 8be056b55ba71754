#include "ask.h"

#include "answer.h"
#include "clock.h"
#include "policy.h"
#include "wire.h"

#include <arpa/inet.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRAM = 4, BUCKETS = 4096, ROUNDS_MAX = 4 };

static const int64_t PATIENCE = 2000000000;

/*
 * Most paths match nothing. A pattern is found by the last four bytes of its longest run of plain bytes:
 * a text in which these do not stand cannot match it.
 */
struct pattern {
  char *text;
  uint32_t gram;
  uint16_t next; /* in its bucket; 0: none */
  bool reads;    /* reads are asked about, too */
};

static struct pattern patterns[ASK_PATTERNS_MAX + 1]; /* the first is none */
static size_t pattern_count;
static uint16_t buckets[BUCKETS];

enum state { FREE, WAITING, ALLOWED, DENIED };
enum kind { OF_FILE, OF_PEER, OF_LOCAL };

struct target {
  enum kind kind;
  struct file_event file;
  struct contact contact;
  struct name local;
};

struct asked {
  enum state state;
  struct seccomp_notif call;
  uint64_t number;
  int64_t deadline;
  unsigned rounds;
  pid_t pid;
  int64_t start_ms;
  struct target target;
};

static struct asked asked[ASK_MAX];
static unsigned open_count;
static uint64_t last_number;
static struct asked *current; /* the call of in_flight waited before */

static uint32_t gram_at(const char *text) {
  uint32_t bytes;
  memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

static size_t bucket_of(uint32_t gram) { return (gram * 0x9e3779b1u) >> 20; }

/* False when there is no run that is long enough. */
static bool find_gram(const char *pattern, uint32_t *gram) {
  size_t best = 0;
  const char *end = NULL;
  for (const char *at = pattern; *at != 0;) {
    size_t length = strcspn(at, "*?[\\");
    if (length >= GRAM && length > best) {
      best = length;
      end = at + length;
    }
    at += length;
    at += *at != 0;
  }
  if (end != NULL) {
    *gram = gram_at(end - GRAM);
  }
  return end != NULL;
}

static bool add(const char *line) {
  const char *text = line + 2;
  uint32_t gram;
  if ((line[0] != 'a' && line[0] != 'w') || line[1] != ' ' || pattern_count == ASK_PATTERNS_MAX ||
      !find_gram(text, &gram)) {
    return false;
  }
  char *copy = strdup(text);
  if (copy != NULL) {
    uint16_t *bucket = &buckets[bucket_of(gram)];
    patterns[++pattern_count] =
        (struct pattern){.text = copy, .gram = gram, .next = *bucket, .reads = line[0] == 'a'};
    *bucket = (uint16_t)pattern_count;
  }
  return copy != NULL;
}

bool ask_load(const char *file) {
  char line[POLICY_PATTERN_MAX + 4];
  FILE *in = fopen(file, "re");
  bool good = in != NULL;
  while (good && fgets(line, sizeof line, in) != NULL) {
    size_t length = strlen(line);
    good = length > 0 && line[length - 1] == '\n';
    if (good) {
      line[length - 1] = 0;
      good = add(line);
    }
  }
  if (in != NULL) {
    good &= !ferror(in);
    fclose(in);
  }
  return good;
}

bool ask_armed(void) { return pattern_count > 0; }

bool ask_open(void) { return open_count > 0; }

static bool matches(const char *text, size_t length, bool read) {
  for (size_t i = 0; i + GRAM <= length; i++) {
    uint32_t gram = gram_at(text + i);
    for (size_t at = buckets[bucket_of(gram)]; at != 0; at = patterns[at].next) {
      const struct pattern *pattern = &patterns[at];
      if (pattern->gram == gram && (pattern->reads || !read) && fnmatch(pattern->text, text, 0) == 0) {
        return true;
      }
    }
  }
  return false;
}

static bool file_matches(const struct file_event *event) {
  bool read = event->op == WIRE_OP_OPEN && event->access == WIRE_READ;
  if (matches(event->path.text, event->path.length, read)) {
    return true;
  }
  if (event->op != WIRE_OP_RENAME) {
    return false;
  }
  /* A directory that is moved takes what lies in it along. */
  char below[PATH_MAX + 1];
  memcpy(below, event->path.text, event->path.length);
  memcpy(below + event->path.length, "/", 2);
  return matches(event->new_path.text, event->new_path.length, false) ||
         matches(below, event->path.length + 1, false);
}

/* The first target of the call that is to be asked about. */
static bool file_target(const struct file_events *events, struct target *to) {
  to->kind = OF_FILE;
  if (events->count > 0 && events->linked.length > 0 &&
      matches(events->linked.text, events->linked.length, true)) {
    to->file.op = WIRE_OP_OPEN; /* another name for it is as good as its content */
    to->file.access = WIRE_READ;
    to->file.path = events->linked;
    to->file.requested.length = 0;
    to->file.new_path.length = 0;
    return true;
  }
  for (unsigned i = 0; i < events->count; i++) {
    if (file_matches(&events->events[i])) {
      to->file = events->events[i];
      return true;
    }
  }
  return false;
}

static bool contact_target(const struct contacts *contacts, struct target *to) {
  char text[PATH_MAX + 64];
  if (contacts->local.length != 0) {
    int length = snprintf(text, sizeof text, "connect:unix:%s", contacts->local.text);
    if (matches(text, (size_t)length, false)) {
      to->kind = OF_LOCAL;
      to->local = contacts->local;
      return true;
    }
  }
  for (unsigned i = 0; i < contacts->count; i++) {
    const struct peer *peer = &contacts->contacts[i].peer;
    char address[INET6_ADDRSTRLEN];
    inet_ntop(peer->family == 4 ? AF_INET : AF_INET6, peer->address, address, sizeof address);
    int length = snprintf(text, sizeof text, peer->family == 4 ? "connect:%s:%u" : "connect:[%s]:%u", address,
                          peer->port);
    if (matches(text, (size_t)length, false)) {
      to->kind = OF_PEER;
      to->contact = contacts->contacts[i];
      return true;
    }
  }
  return false;
}

static bool same_name(const struct name *a, const struct name *b) {
  return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static bool same(const struct target *a, const struct target *b) {
  if (a->kind != b->kind) {
    return false;
  }
  switch (a->kind) {
    case OF_FILE:
      return a->file.op == b->file.op && a->file.access == b->file.access &&
             same_name(&a->file.path, &b->file.path) && same_name(&a->file.new_path, &b->file.new_path);
    case OF_PEER:
      return address_same(&a->contact.peer, &b->contact.peer);
    default:
      return same_name(&a->local, &b->local);
  }
}

static void put_target(struct wire *w, const struct asked *ask) {
  const struct target *target = &ask->target;
  wire_process(w, ask->pid, ask->start_ms);
  switch (target->kind) {
    case OF_FILE:
      wire_u8(w, (uint8_t)target->file.op);
      wire_u8(w, (uint8_t)target->file.access);
      wire_u16(w, 0);
      wire_string(w, target->file.path.text, target->file.path.length);
      wire_string(w, target->file.requested.text, target->file.requested.length);
      wire_string(w, target->file.new_path.text, target->file.new_path.length);
      break;
    case OF_PEER:
      wire_u8(w, target->contact.peer.family);
      wire_u8(w, target->contact.protocol);
      wire_u16(w, target->contact.peer.port);
      wire_bytes(w, target->contact.peer.address, sizeof target->contact.peer.address);
      break;
    default:
      wire_string(w, target->local.text, target->local.length);
      break;
  }
}

static enum wire_type frame_of(const struct target *target) {
  return target->kind == OF_FILE ? WIRE_FILE : target->kind == OF_PEER ? WIRE_CONNECT : WIRE_LOCAL;
}

static void tell_asked(struct supervisor *s, const struct asked *ask) {
  wire_begin(s->wire, WIRE_ASK, s->now);
  wire_u64(s->wire, ask->number);
  wire_u8(s->wire, (uint8_t)frame_of(&ask->target));
  put_target(s->wire, ask);
  wire_commit(s->wire);
  wire_flush(s->wire); /* that the reader is gone is seen by the loop */
}

static struct asked *free_slot(void) {
  for (size_t i = 0; i < ASK_MAX; i++) {
    if (asked[i].state == FREE) {
      open_count++;
      return &asked[i];
    }
  }
  return NULL;
}

static void release(struct supervisor *s, struct asked *ask) {
  atomic_store(&s->page->asked[ask - asked], 0);
  ask->state = FREE;
  open_count--;
}

enum ask_result ask_call(
    struct supervisor *s, const struct trapped *trapped, const struct file_events *files,
    const struct contacts *contacts) {
  static struct target target;
  bool found = files != NULL ? file_target(files, &target) : contact_target(contacts, &target);
  if (!found || (current != NULL && current->state == ALLOWED && same(&target, &current->target))) {
    return ASK_NOT;
  }
  struct asked *ask = current != NULL ? current : free_slot();
  if (ask == NULL) {
    return ASK_REFUSED;
  }
  if (ask != current) {
    ask->rounds = 0;
  } else if (++ask->rounds == ROUNDS_MAX) {
    return ASK_REFUSED; /* its memory says something else each time that we look */
  }
  ask->state = WAITING;
  ask->call = *trapped->notif;
  ask->number = ++last_number;
  ask->deadline = s->now + PATIENCE;
  ask->pid = trapped->process->pid;
  ask->start_ms = trapped->process->start_ms;
  ask->target = target;
  atomic_store(&s->page->asked[ask - asked], ask->call.id);
  tell_asked(s, ask);
  return ASK_WAITS;
}

void ask_answered(uint64_t number, bool allowed) {
  for (size_t i = 0; i < ASK_MAX; i++) {
    if (asked[i].state == WAITING && asked[i].number == number) {
      asked[i].state = allowed ? ALLOWED : DENIED;
    }
  }
}

static void refuse(struct supervisor *s, struct asked *ask) {
  if (answer_refuse(s->listener, ask->call.id)) {
    wire_begin(s->wire, frame_of(&ask->target), s->now);
    wire_flag(s->wire, WIRE_FLAG_REFUSED);
    put_target(s->wire, ask);
    wire_commit(s->wire);
  }
  release(s, ask);
}

bool ask_settle(struct supervisor *s, bool *again) {
  *again = false;
  s->now = clock_boottime();
  for (size_t i = 0; open_count > 0 && i < ASK_MAX; i++) {
    struct asked *ask = &asked[i];
    if (ask->state == DENIED || (ask->state == WAITING && s->now >= ask->deadline)) {
      refuse(s, ask);
      return true;
    }
    if (ask->state == ALLOWED) {
      s->page->in_flight.call = ask->call;
      current = ask;
      *again = true;
      return true;
    }
  }
  return false;
}

void ask_settled(struct supervisor *s) {
  if (current != NULL && current->state != WAITING) {
    release(s, current);
  }
  current = NULL;
}

int64_t ask_deadline(void) {
  int64_t next = INT64_MAX;
  for (size_t i = 0; open_count > 0 && i < ASK_MAX; i++) {
    if (asked[i].state != FREE && asked[i].deadline < next) {
      next = asked[i].state == WAITING ? asked[i].deadline : 0;
    }
  }
  return next;
}
