#include "bridge.h"

#include <EndpointSecurity/EndpointSecurity.h>
#include <bsm/libbsm.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <pthread.h>
#include <string.h>

#include "decode.h"
#include "refuse.h"
#include "ring.h"

/* What truth is made of: the layout of the SDK that we are built with must be the one we know. */
_Static_assert(sizeof(es_file_t) >= 24 && offsetof(es_file_t, stat) == 24, "es_file_t");
_Static_assert(offsetof(es_process_t, ppid) == 32, "es_process_t");
_Static_assert(offsetof(es_process_t, cdhash) == 54, "es_process_t");
_Static_assert(offsetof(es_process_t, executable) == 112, "es_process_t");
_Static_assert(offsetof(es_process_t, start_time) == 128, "es_process_t");
_Static_assert(offsetof(es_process_t, responsible_audit_token) == 144, "es_process_t");
_Static_assert(offsetof(es_message_t, process) == 40, "es_message_t");
_Static_assert(offsetof(es_message_t, action) == 60, "es_message_t");
_Static_assert(offsetof(es_message_t, event) == 104, "es_message_t");

enum { FLAG_READ = 1 /* FREAD */, TYPES = 512, MERGE_SLOTS = 1024, HEADROOM_MS = 20, TEXT_MAX = 2 * RECORD_STRING_MAX };

static const es_event_type_t notify_types[] = {
    ES_EVENT_TYPE_NOTIFY_EXEC,   ES_EVENT_TYPE_NOTIFY_FORK,   ES_EVENT_TYPE_NOTIFY_EXIT,
    ES_EVENT_TYPE_NOTIFY_OPEN,   ES_EVENT_TYPE_NOTIFY_CREATE, ES_EVENT_TYPE_NOTIFY_WRITE,
    ES_EVENT_TYPE_NOTIFY_CLOSE,  ES_EVENT_TYPE_NOTIFY_RENAME, ES_EVENT_TYPE_NOTIFY_UNLINK,
};
static const es_event_type_t auth_types[] = {
    ES_EVENT_TYPE_AUTH_EXEC,   ES_EVENT_TYPE_AUTH_OPEN,     ES_EVENT_TYPE_AUTH_CREATE,
    ES_EVENT_TYPE_AUTH_RENAME, ES_EVENT_TYPE_AUTH_UNLINK,   ES_EVENT_TYPE_AUTH_TRUNCATE,
    ES_EVENT_TYPE_AUTH_LINK,   ES_EVENT_TYPE_AUTH_CLONE,    ES_EVENT_TYPE_AUTH_COPYFILE,
};
/* What the kernel keeps of a process that is of no interest; its forks, execs and exit still come. */
static const es_event_type_t muted_types[] = {
    ES_EVENT_TYPE_NOTIFY_OPEN,   ES_EVENT_TYPE_NOTIFY_CREATE, ES_EVENT_TYPE_NOTIFY_WRITE,
    ES_EVENT_TYPE_NOTIFY_CLOSE,  ES_EVENT_TYPE_NOTIFY_RENAME, ES_EVENT_TYPE_NOTIFY_UNLINK,
    ES_EVENT_TYPE_AUTH_OPEN,     ES_EVENT_TYPE_AUTH_CREATE,   ES_EVENT_TYPE_AUTH_RENAME,
    ES_EVENT_TYPE_AUTH_UNLINK,   ES_EVENT_TYPE_AUTH_TRUNCATE, ES_EVENT_TYPE_AUTH_LINK,
    ES_EVENT_TYPE_AUTH_CLONE,    ES_EVENT_TYPE_AUTH_COPYFILE,
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER; /* open, close and mark; never the handler */
static es_client_t *client;
static pthread_t owner;

/* Of the handler alone. */
static struct {
  unsigned options;
  uint64_t headroom;
  uint64_t next_global; /* 0: none seen yet; else one more than what is due */
  uint64_t next_of_type[TYPES];
  struct ring ring;
  struct {
    uint64_t inode;
    int64_t second;
    dev_t device;
    int32_t pid;
    uint32_t pid_version;
  } written[MERGE_SLOTS];
} bridge;

static struct bridge_statistics statistics; /* written by the handler alone */

static void count(uint64_t *counter, uint64_t more) {
  __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + more, __ATOMIC_RELAXED);
}

/* How many numbers were skipped. One that goes back is a client that began anew: no loss. */
static uint64_t gap(uint64_t *next, uint64_t number) {
  uint64_t lost = *next > 0 && number + 1 > *next ? number + 1 - *next : 0;
  *next = number + 2;
  return lost;
}

static uint64_t dropped_before(const es_message_t *m) {
  if (m->version >= HAS_GLOBAL_SEQ_NUM) {
    return gap(&bridge.next_global, m->global_seq_num);
  }
  if (m->version >= HAS_SEQ_NUM && (unsigned)m->event_type < TYPES) {
    return gap(&bridge.next_of_type[m->event_type], m->seq_num);
  }
  return 0;
}

/* Files may not take the last quarter of the ring, which is kept for what attributes all the rest. */
static void publish(struct decoded *d) {
  bool file = d->fixed.common.kind > RECORD_EXIT;
  uint32_t length = decode_measure(d);
  void *room = ring_claim(&bridge.ring, length, file ? bridge.ring.capacity / 4 : 0);
  if (room == NULL) {
    ring_lose(&bridge.ring, 1);
    count(&statistics.overflow, 1);
    return;
  }
  d->fixed.common.lost = bridge.ring.lost;
  decode_write(d, room);
  ring_publish(&bridge.ring);
  count(&statistics.records, 1);
}

static int32_t pid_of(const es_process_t *process) { return audit_token_to_pid(process->audit_token); }

static uint32_t version_of(const es_process_t *process) {
  return (uint32_t)audit_token_to_pidversion(process->audit_token);
}

static enum watch_state state_of(const es_process_t *process) {
  if ((bridge.options & BRIDGE_SELECTS) == 0) {
    return WATCH_WATCHED;
  }
  return watch_of(pid_of(process), version_of(process));
}

static void mute(const es_process_t *process) {
  const audit_token_t *token = &process->audit_token;
  if (!watch_mute(token, pid_of(process), version_of(process))) {
    return;
  }
  if (es_mute_process_events(client, token, muted_types, COUNT(muted_types)) == ES_RETURN_SUCCESS) {
    count(&statistics.muted, 1);
  }
  if (state_of(process) != WATCH_IGNORED) { /* it was marked in between */
    es_unmute_process_events(client, token, muted_types, COUNT(muted_types));
  }
}

/* ---- AUTH: before the act ---- */

static bool refuses_text(const char *prefix, const struct text *text) {
  char target[TEXT_MAX];
  size_t length = strlen(prefix);
  memcpy(target, prefix, length + 1);
  return text->piece[0].length > 0 && decode_text(text, target + length, sizeof target - length) &&
         refuse_matches(target);
}

/* A link, clone or copy is told as what was refused of it: reading the file, or making the other. */
static void tell_half(const es_message_t *m, struct decoded *d, bool source) {
  if (m->event_type != ES_EVENT_TYPE_AUTH_LINK && m->event_type != ES_EVENT_TYPE_AUTH_CLONE &&
      m->event_type != ES_EVENT_TYPE_AUTH_COPYFILE) {
    return;
  }
  if (source) {
    d->fixed.common.kind = RECORD_OPEN;
    d->fixed.common.value = FLAG_READ;
  } else {
    d->path = d->extra;
  }
  memset(&d->extra, 0, sizeof d->extra);
}

static bool refuses(const es_message_t *m, struct decoded *d) {
  if (d->fixed.common.kind == RECORD_EXEC) {
    return refuses_text("exec:", &d->path);
  }
  bool source = refuses_text("", &d->path);
  bool refused = source || refuses_text("", &d->extra);
  if (refused) {
    tell_half(m, d, source);
  }
  return refused;
}

static void answer(const es_message_t *m) {
  enum watch_state state = state_of(m->process);
  struct decoded d;
  bool deny = false;
  if (state == WATCH_IGNORED && m->event_type != ES_EVENT_TYPE_AUTH_EXEC) {
    mute(m->process);
  } else if (state == WATCH_WATCHED && decode_message(m, &d)) {
    uint64_t now = mach_absolute_time();
    if (now + bridge.headroom >= m->deadline) {
      count(&statistics.late, 1);
      deny = (bridge.options & BRIDGE_LATE_DENIES) != 0;
      tell_half(m, &d, true);
    } else {
      deny = refuses(m, &d);
    }
  }
  /* Never cached: what is declared changes, and a cached answer is not asked again. */
  es_respond_result_t taken =
      m->event_type == ES_EVENT_TYPE_AUTH_OPEN
          ? es_respond_flags_result(client, m, deny ? 0 : UINT32_MAX, false)
          : es_respond_auth_result(client, m, deny ? ES_AUTH_RESULT_DENY : ES_AUTH_RESULT_ALLOW, false);
  count(&statistics.answered, 1);
  if (taken != ES_RESPOND_RESULT_SUCCESS) {
    count(&statistics.unanswered, 1);
  } else if (deny) {
    count(&statistics.refused, 1);
    d.fixed.common.flags |= RECORD_REFUSED | RECORD_WATCHED;
    publish(&d);
  }
}

/* ---- NOTIFY: after the act ---- */

/* What was refused, by whomever, did not happen. */
static bool happened(const es_message_t *m) {
  const es_result_t *result = &m->action.notify;
  return result->result_type == ES_RESULT_TYPE_AUTH ? result->result.auth != ES_AUTH_RESULT_DENY
                                                    : result->result.flags != 0;
}

/* A program that writes a file calls write many times: a file, process and second are told once. */
static bool merged(const es_message_t *m, const struct record *r) {
  const struct stat *file = &m->event.write.target->stat;
  uint64_t hash = ((uint64_t)file->st_ino * 31 + (uint64_t)file->st_dev) * 31 + (uint32_t)r->pid;
  hash ^= hash >> 17;
  size_t slot = hash & (MERGE_SLOTS - 1);
  int64_t second = m->time.tv_sec;
  bool same = bridge.written[slot].inode == (uint64_t)file->st_ino && bridge.written[slot].second == second &&
              bridge.written[slot].device == file->st_dev && bridge.written[slot].pid == r->pid &&
              bridge.written[slot].pid_version == r->pid_version;
  bridge.written[slot].inode = (uint64_t)file->st_ino;
  bridge.written[slot].second = second;
  bridge.written[slot].device = file->st_dev;
  bridge.written[slot].pid = r->pid;
  bridge.written[slot].pid_version = r->pid_version;
  return same;
}

/* The lineage goes on, whatever is told of it. Returns what the process is that the record is about. */
static enum watch_state follow(const es_message_t *m) {
  const es_process_t *process = m->process;
  enum watch_state state = state_of(process);
  if ((bridge.options & BRIDGE_SELECTS) == 0) {
    return state;
  }
  switch (m->event_type) {
    case ES_EVENT_TYPE_NOTIFY_FORK: {
      const es_process_t *child = m->event.fork.child;
      watch_fork(pid_of(process), version_of(process), pid_of(child), version_of(child));
      return state;
    }
    case ES_EVENT_TYPE_NOTIFY_EXEC:
      return watch_exec(pid_of(process), version_of(process), version_of(m->event.exec.target));
    case ES_EVENT_TYPE_NOTIFY_EXIT:
      watch_exit(pid_of(process), version_of(process));
      return state;
    default:
      if (state == WATCH_IGNORED) {
        mute(process);
      }
      return state;
  }
}

static void notify(const es_message_t *m) {
  if (!happened(m)) {
    return;
  }
  enum watch_state state = follow(m);
  struct decoded d;
  if (state == WATCH_IGNORED || !decode_message(m, &d)) {
    return;
  }
  struct record *r = &d.fixed.common;
  if (r->kind == RECORD_WRITE && merged(m, r)) {
    count(&statistics.merged, 1);
    return;
  }
  r->flags |= state == WATCH_WATCHED ? RECORD_WATCHED : RECORD_UNDECIDED;
  if (state == WATCH_UNDECIDED && r->kind != RECORD_EXEC) {
    d.exe = m->process->executable->path;
  }
  publish(&d);
}

static void handle(es_client_t *from, const es_message_t *m) {
  (void)from;
  uint64_t dropped = dropped_before(m);
  ring_lose(&bridge.ring, dropped);
  count(&statistics.dropped, dropped);
  if (m->action_type == ES_ACTION_TYPE_AUTH) {
    answer(m);
  } else {
    notify(m);
  }
}

#ifdef __BLOCKS__
static es_new_client_result_t new_client(es_client_t **made) {
  return es_new_client(made, ^(es_client_t *from, const es_message_t *m) {
    handle(from, m);
  });
}
#else
/* A compiler without blocks: the block that captures nothing, made by hand as the ABI has it. */
extern void *_NSConcreteGlobalBlock[32];

static void invoke(es_handler_block_t self, es_client_t *from, const es_message_t *m) {
  (void)self;
  handle(from, m);
}

static es_new_client_result_t new_client(es_client_t **made) {
  static const struct {
    unsigned long reserved;
    unsigned long size;
  } descriptor = {0, sizeof(struct es_handler_block)};
  static struct es_handler_block block = {_NSConcreteGlobalBlock, 1 << 28 /* global */, 0, invoke, &descriptor};
  return es_new_client(made, &block);
}
#endif

static uint64_t ticks(uint64_t milliseconds) {
  mach_timebase_info_data_t base;
  mach_timebase_info(&base);
  return milliseconds * 1000000 * base.denom / base.numer;
}

static bool mute_ourselves(void) {
  audit_token_t token;
  mach_msg_type_number_t size = TASK_AUDIT_TOKEN_COUNT;
  return task_info(mach_task_self(), TASK_AUDIT_TOKEN, (task_info_t)&token, &size) == KERN_SUCCESS &&
         es_mute_process(client, &token) == ES_RETURN_SUCCESS;
}

static bool subscribe(void) {
  /* One call each, AUTH last: by then we are ready to answer. */
  return es_subscribe(client, notify_types, COUNT(notify_types)) == ES_RETURN_SUCCESS &&
         ((bridge.options & BRIDGE_BLOCKS) == 0 ||
          es_subscribe(client, auth_types, COUNT(auth_types)) == ES_RETURN_SUCCESS);
}

static int open_locked(void *memory, size_t size, unsigned options) {
  if (client != NULL) {
    return BRIDGE_ALREADY_OPEN;
  }
  memset(&bridge, 0, sizeof bridge);
  memset(&statistics, 0, sizeof statistics);
  watch_clear();
  if (!ring_init(&bridge.ring, memory, size)) {
    return BRIDGE_BAD_RING;
  }
  bridge.options = options;
  bridge.headroom = ticks(HEADROOM_MS);
  es_client_t *made = NULL;
  es_new_client_result_t result = new_client(&made);
  if (result != ES_NEW_CLIENT_RESULT_SUCCESS) {
    return (int)result;
  }
  client = made;
  owner = pthread_self();
  int error = !mute_ourselves() ? BRIDGE_NOT_MUTED : !subscribe() ? BRIDGE_NOT_SUBSCRIBED : 0;
  if (error != 0) {
    es_delete_client(client);
    client = NULL;
  }
  return error;
}

int bridge_open(void *memory, size_t size, unsigned options) {
  pthread_mutex_lock(&opening);
  int error = open_locked(memory, size, options);
  pthread_mutex_unlock(&opening);
  return error;
}

int bridge_close(void) {
  int error = 0;
  pthread_mutex_lock(&opening);
  if (client != NULL && !pthread_equal(owner, pthread_self())) {
    error = BRIDGE_OTHER_THREAD;
  } else if (client != NULL && es_delete_client(client) != ES_RETURN_SUCCESS) {
    error = BRIDGE_NOT_DELETED; /* it may still call us: the ring must stay */
  } else {
    client = NULL;
    refuse_clear();
  }
  pthread_mutex_unlock(&opening);
  return error;
}

void bridge_mark(int32_t pid, uint32_t version, enum watch_state state) {
  audit_token_t muted;
  pthread_mutex_lock(&opening);
  if (watch_mark(pid, version, state, &muted) && client != NULL) {
    es_unmute_process_events(client, &muted, muted_types, COUNT(muted_types));
  }
  pthread_mutex_unlock(&opening);
}

void bridge_statistics(struct bridge_statistics *out) {
  const uint64_t *from = (const uint64_t *)(const void *)&statistics;
  uint64_t *to = (uint64_t *)(void *)out;
  for (size_t i = 0; i < BRIDGE_STATISTICS; i++) {
    to[i] = __atomic_load_n(from + i, __ATOMIC_RELAXED);
  }
}
