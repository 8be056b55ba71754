#include "stub.h"

#include <EndpointSecurity/EndpointSecurity.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPES = 512, MUTES_MAX = 4096, VALUES_MAX = 32, SELF_PID = 4000000 };

struct es_client_s {
  es_handler_block_t handler;
  pthread_t thread;
  bool subscribed[TYPES];
  uint64_t sequence[TYPES];
  uint64_t global_sequence;
};

struct mute {
  audit_token_t token;
  bool all;
  bool types[TYPES];
};

void *_NSConcreteGlobalBlock[32];

static es_client_t *client;
static es_new_client_result_t new_result;
static unsigned failures;
static struct mute mutes[MUTES_MAX];
static size_t mute_count;
static struct {
  int delivered, kept, allowed, denied, unanswered, late, wrong, duplicate, cached, retained, thread, clients, mutes;
} seen;

/* The message that is being answered. */
static struct {
  const es_message_t *message;
  int references;
  int answers;
} current;

void stub_prepare(int result, unsigned fail) {
  new_result = (es_new_client_result_t)result;
  failures = fail;
  mute_count = 0;
  memset(&seen, 0, sizeof seen);
}

void stub_report(char *to, size_t size) {
  snprintf(to, size,
           "delivered=%d kept=%d allowed=%d denied=%d unanswered=%d late=%d wrong=%d duplicate=%d cached=%d retained=%d"
           " thread=%d clients=%d mutes=%d",
           seen.delivered, seen.kept, seen.allowed, seen.denied, seen.unanswered, seen.late, seen.wrong,
           seen.duplicate, seen.cached, seen.retained, seen.thread, seen.clients, seen.mutes);
}

/* ---- the API ---- */

pid_t audit_token_to_pid(audit_token_t token) { return (pid_t)token.val[5]; }
int audit_token_to_pidversion(audit_token_t token) { return (int)token.val[7]; }
uid_t audit_token_to_euid(audit_token_t token) { return token.val[1]; }

mach_port_t mach_task_self(void) { return 1; }

kern_return_t task_info(mach_port_t task, task_flavor_t flavor, task_info_t out, mach_msg_type_number_t *size) {
  if (task != 1 || flavor != TASK_AUDIT_TOKEN || *size != TASK_AUDIT_TOKEN_COUNT || (failures & STUB_FAIL_TASK_INFO)) {
    return 5;
  }
  audit_token_t self = {{0, 0, 0, 0, 0, SELF_PID, 0, 1}};
  memcpy(out, &self, sizeof self);
  return KERN_SUCCESS;
}

int mach_timebase_info(mach_timebase_info_data_t *info) {
  info->numer = 125; /* as on Apple's own processors: 24 MHz */
  info->denom = 3;
  return 0;
}

static uint64_t ticks(uint64_t nanoseconds) { return nanoseconds / 125 * 3; }

uint64_t mach_absolute_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return ticks((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
}

es_new_client_result_t es_new_client(es_client_t **made, es_handler_block_t handler) {
  if (new_result == ES_NEW_CLIENT_RESULT_SUCCESS) {
    client = calloc(1, sizeof *client);
    client->handler = handler;
    client->thread = pthread_self();
    *made = client;
    seen.clients++;
  }
  return new_result;
}

es_return_t es_delete_client(es_client_t *gone) {
  if (!pthread_equal(gone->thread, pthread_self())) {
    seen.thread++;
    return ES_RETURN_ERROR;
  }
  if (failures & STUB_FAIL_DELETE) {
    return ES_RETURN_ERROR;
  }
  free(gone);
  client = NULL;
  seen.clients--;
  return ES_RETURN_SUCCESS;
}

es_return_t es_subscribe(es_client_t *to, const es_event_type_t *events, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    to->subscribed[events[i]] = true;
  }
  return failures & STUB_FAIL_SUBSCRIBE ? ES_RETURN_ERROR : ES_RETURN_SUCCESS;
}

static struct mute *mute_of(const audit_token_t *token, bool make) {
  for (size_t i = 0; i < mute_count; i++) {
    if (memcmp(&mutes[i].token, token, sizeof *token) == 0) {
      return &mutes[i];
    }
  }
  if (!make || mute_count == MUTES_MAX) {
    return NULL;
  }
  struct mute *fresh = &mutes[mute_count++];
  memset(fresh, 0, sizeof *fresh);
  fresh->token = *token;
  return fresh;
}

es_return_t es_mute_process(es_client_t *of, const audit_token_t *token) {
  struct mute *mute = mute_of(token, true);
  if (of != client || mute == NULL || (failures & STUB_FAIL_MUTE)) {
    return ES_RETURN_ERROR;
  }
  mute->all = true;
  return ES_RETURN_SUCCESS;
}

static es_return_t mute_events(const audit_token_t *token, const es_event_type_t *events, size_t count, bool muted) {
  struct mute *mute = mute_of(token, true);
  for (size_t i = 0; mute != NULL && i < count; i++) {
    mute->types[events[i]] = muted;
  }
  return mute == NULL ? ES_RETURN_ERROR : ES_RETURN_SUCCESS;
}

es_return_t es_mute_process_events(es_client_t *of, const audit_token_t *token, const es_event_type_t *events,
                                   size_t count) {
  seen.mutes++;
  return of != client ? ES_RETURN_ERROR : mute_events(token, events, count, true);
}

es_return_t es_unmute_process_events(es_client_t *of, const audit_token_t *token, const es_event_type_t *events,
                                     size_t count) {
  seen.mutes--;
  return of != client ? ES_RETURN_ERROR : mute_events(token, events, count, false);
}

es_clear_cache_result_t es_clear_cache(es_client_t *of) {
  return of == client ? ES_CLEAR_CACHE_RESULT_SUCCESS : ES_CLEAR_CACHE_RESULT_ERR_INTERNAL;
}

static es_respond_result_t answered(es_client_t *by, const es_message_t *message, bool flags, bool deny, bool cache) {
  if (by != client || message != current.message) {
    seen.wrong++;
    return ES_RESPOND_RESULT_NOT_FOUND;
  }
  if (failures & STUB_FAIL_RESPOND) {
    return ES_RESPOND_RESULT_ERR_INTERNAL;
  }
  if (message->action_type != ES_ACTION_TYPE_AUTH || flags != (message->event_type == ES_EVENT_TYPE_AUTH_OPEN)) {
    seen.wrong++;
    return ES_RESPOND_RESULT_ERR_EVENT_TYPE;
  }
  if (current.answers++ > 0) {
    seen.duplicate++;
    return ES_RESPOND_RESULT_ERR_DUPLICATE_RESPONSE;
  }
  seen.late += mach_absolute_time() > message->deadline;
  seen.cached += cache;
  *(deny ? &seen.denied : &seen.allowed) += 1;
  return ES_RESPOND_RESULT_SUCCESS;
}

es_respond_result_t es_respond_auth_result(es_client_t *by, const es_message_t *message, es_auth_result_t result,
                                           bool cache) {
  return answered(by, message, false, result == ES_AUTH_RESULT_DENY, cache);
}

es_respond_result_t es_respond_flags_result(es_client_t *by, const es_message_t *message, uint32_t flags, bool cache) {
  return answered(by, message, true, flags == 0, cache);
}

void es_retain_message(const es_message_t *message) {
  current.references += message == current.message;
  seen.retained++;
}

void es_release_message(const es_message_t *message) {
  current.references -= message == current.message;
  seen.retained--;
}

/* ---- messages ---- */

struct line {
  char *key[VALUES_MAX];
  char *value[VALUES_MAX];
  int count;
};

/* What a message consists of; each piece in memory of its own, so that a sanitizer sees what is passed. */
struct pieces {
  void *piece[256];
  int count;
};

static void *own(struct pieces *p, size_t size) {
  if (p->count == 256) {
    abort();
  }
  void *memory = malloc(size > 0 ? size : 1);
  memset(memory, 0xA5, size);
  return p->piece[p->count++] = memory;
}

static const char *text(const struct line *line, const char *key, const char *otherwise) {
  for (int i = 0; i < line->count; i++) {
    if (strcmp(line->key[i], key) == 0) {
      return line->value[i];
    }
  }
  return otherwise;
}

static long long number(const struct line *line, const char *key, long long otherwise) {
  const char *found = text(line, key, NULL);
  return found == NULL ? otherwise : strtoll(found, NULL, 10);
}

static es_string_token_t token_of(struct pieces *p, const char *from, size_t length) {
  char *data = own(p, length);
  size_t to = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned byte;
    if (from[i] == '%' && i + 2 < length + 0 && sscanf(from + i + 1, "%2x", &byte) == 1) {
      data[to++] = (char)byte;
      i += 2;
    } else {
      data[to++] = from[i];
    }
  }
  es_string_token_t token = {to, data};
  return token;
}

static es_string_token_t token(struct pieces *p, const char *from) { return token_of(p, from, strlen(from)); }

static es_file_t *file(struct pieces *p, const struct line *line, const char *path) {
  es_file_t *made = own(p, sizeof *made);
  made->path = token(p, path);
  made->path_truncated = number(line, "trunc", 0) != 0;
  made->stat.st_mode = number(line, "dir", 0) ? S_IFDIR | 0755 : S_IFREG | 0644;
  made->stat.st_ino = (ino_t)number(line, "ino", 7);
  made->stat.st_dev = 1;
  return made;
}

static es_file_t *plain(struct pieces *p, const char *path) {
  struct line none = {.count = 0};
  return file(p, &none, path);
}

static es_process_t *process(struct pieces *p, const struct line *line, uint32_t version, bool target) {
  es_process_t *made = own(p, sizeof *made);
  long long pid = number(line, "pid", 100);
  long long pv = number(line, "pv", 1);
  audit_token_t self = {{501, (unsigned)number(line, "euid", 501), 20, 501, 20,
                         (unsigned)(target ? number(line, "tpid", pid) : pid), 3,
                         (unsigned)(target ? number(line, "tpv", pv + 1) : pv)}};
  made->audit_token = self;
  made->ppid = (pid_t)number(line, "ppid", 1);
  made->codesigning_flags = target && number(line, "adhoc", 0) ? 0x2 : 0x1;
  made->is_platform_binary = target && number(line, "plat", 0) != 0;
  made->is_es_client = target && number(line, "client", 0) != 0;
  for (unsigned i = 0; i < 20; i++) {
    made->cdhash[i] = (uint8_t)i;
  }
  made->signing_id = token(p, target ? text(line, "sid", "") : "");
  made->team_id = token(p, target ? text(line, "tid", "") : "");
  made->executable = plain(p, target ? text(line, "texe", "/bin/target") : text(line, "exe", "/bin/actor"));
  if (version >= 2) {
    made->tty = NULL;
  }
  if (version >= 3) {
    long long start = number(line, "start", 1700000000000000);
    start = target ? number(line, "tstart", start) : start;
    made->start_time.tv_sec = start / 1000000;
    made->start_time.tv_usec = start % 1000000;
  }
  if (version >= 4) {
    made->responsible_audit_token = self;
    made->responsible_audit_token.val[5] = (unsigned)number(line, "resp", 1);
    made->parent_audit_token = self;
  }
  return made;
}

static const struct {
  const char *name;
  es_event_type_t type;
} types[] = {
    {"exec", ES_EVENT_TYPE_NOTIFY_EXEC},           {"fork", ES_EVENT_TYPE_NOTIFY_FORK},
    {"exit", ES_EVENT_TYPE_NOTIFY_EXIT},           {"open", ES_EVENT_TYPE_NOTIFY_OPEN},
    {"create", ES_EVENT_TYPE_NOTIFY_CREATE},       {"write", ES_EVENT_TYPE_NOTIFY_WRITE},
    {"close", ES_EVENT_TYPE_NOTIFY_CLOSE},         {"rename", ES_EVENT_TYPE_NOTIFY_RENAME},
    {"unlink", ES_EVENT_TYPE_NOTIFY_UNLINK},       {"auth_exec", ES_EVENT_TYPE_AUTH_EXEC},
    {"auth_open", ES_EVENT_TYPE_AUTH_OPEN},        {"auth_create", ES_EVENT_TYPE_AUTH_CREATE},
    {"auth_rename", ES_EVENT_TYPE_AUTH_RENAME},    {"auth_unlink", ES_EVENT_TYPE_AUTH_UNLINK},
    {"auth_truncate", ES_EVENT_TYPE_AUTH_TRUNCATE}, {"auth_link", ES_EVENT_TYPE_AUTH_LINK},
    {"auth_clone", ES_EVENT_TYPE_AUTH_CLONE},      {"auth_copyfile", ES_EVENT_TYPE_AUTH_COPYFILE},
    {"other", 43 /* lookup */},
};

/* Arguments are looked up by the event they belong to, as the real functions do. */
static struct {
  const es_event_exec_t *of;
  es_string_token_t *argument;
  uint32_t count;
} arguments;

uint32_t es_exec_arg_count(const es_event_exec_t *event) { return event == arguments.of ? arguments.count : 0; }

es_string_token_t es_exec_arg(const es_event_exec_t *event, uint32_t index) {
  if (event != arguments.of || index >= arguments.count) {
    abort();
  }
  return arguments.argument[index];
}

static void exec_event(struct pieces *p, const struct line *line, es_message_t *m) {
  es_event_exec_t *event = &m->event.exec;
  event->target = process(p, line, m->version, true);
  if (m->version >= 3) {
    event->cwd = plain(p, text(line, "cwd", "/"));
  }
  const char *from = text(line, "args", "");
  arguments.of = event;
  arguments.count = 0;
  arguments.argument = own(p, (strlen(from) + 1) * sizeof(es_string_token_t));
  while (*from != 0) {
    size_t length = strcspn(from, "|");
    arguments.argument[arguments.count++] = token_of(p, from, length);
    from += length + (from[length] == '|');
  }
}

static void fill(struct pieces *p, const struct line *line, es_message_t *m) {
  const char *path = text(line, "path", "/f");
  const char *existing = text(line, "new", NULL);
  es_file_t *into = plain(p, text(line, "into", "/"));
  es_string_token_t name = token(p, text(line, "name", "made"));
  switch (m->event_type) {
    case ES_EVENT_TYPE_AUTH_EXEC:
    case ES_EVENT_TYPE_NOTIFY_EXEC:
      exec_event(p, line, m);
      break;
    case ES_EVENT_TYPE_NOTIFY_FORK:
      m->event.fork.child = process(p, line, m->version, true);
      break;
    case ES_EVENT_TYPE_NOTIFY_EXIT:
      m->event.exit.stat = (int)number(line, "stat", 0);
      break;
    case ES_EVENT_TYPE_AUTH_OPEN:
    case ES_EVENT_TYPE_NOTIFY_OPEN:
      m->event.open.fflag = (int32_t)number(line, "fflag", 1);
      m->event.open.file = file(p, line, path);
      break;
    case ES_EVENT_TYPE_NOTIFY_CLOSE:
      m->event.close.modified = number(line, "modified", 0) != 0;
      m->event.close.target = file(p, line, path);
      break;
    case ES_EVENT_TYPE_AUTH_CREATE:
    case ES_EVENT_TYPE_NOTIFY_CREATE:
      if (text(line, "into", NULL) == NULL) {
        m->event.create.destination_type = ES_DESTINATION_TYPE_EXISTING_FILE;
        m->event.create.destination.existing_file = file(p, line, path);
      } else {
        m->event.create.destination_type = ES_DESTINATION_TYPE_NEW_PATH;
        m->event.create.destination.new_path.dir = into;
        m->event.create.destination.new_path.filename = name;
      }
      break;
    case ES_EVENT_TYPE_AUTH_RENAME:
    case ES_EVENT_TYPE_NOTIFY_RENAME:
      m->event.rename.source = file(p, line, path);
      if (existing != NULL) {
        m->event.rename.destination_type = ES_DESTINATION_TYPE_EXISTING_FILE;
        m->event.rename.destination.existing_file = file(p, line, existing);
      } else {
        m->event.rename.destination_type = ES_DESTINATION_TYPE_NEW_PATH;
        m->event.rename.destination.new_path.dir = into;
        m->event.rename.destination.new_path.filename = name;
      }
      break;
    case ES_EVENT_TYPE_AUTH_UNLINK:
    case ES_EVENT_TYPE_NOTIFY_UNLINK:
      m->event.unlink.target = file(p, line, path);
      m->event.unlink.parent_dir = into;
      break;
    case ES_EVENT_TYPE_NOTIFY_WRITE:
      m->event.write.target = file(p, line, path);
      break;
    case ES_EVENT_TYPE_AUTH_TRUNCATE:
      m->event.truncate.target = file(p, line, path);
      break;
    case ES_EVENT_TYPE_AUTH_LINK:
      m->event.link.source = file(p, line, path);
      m->event.link.target_dir = into;
      m->event.link.target_filename = name;
      break;
    case ES_EVENT_TYPE_AUTH_CLONE:
      m->event.clone.source = file(p, line, path);
      m->event.clone.target_dir = into;
      m->event.clone.target_name = name;
      break;
    case ES_EVENT_TYPE_AUTH_COPYFILE:
      m->event.copyfile.source = file(p, line, path);
      m->event.copyfile.target_file = NULL;
      m->event.copyfile.target_dir = into;
      m->event.copyfile.target_name = name;
      break;
    default:
      break;
  }
}

static void result(const struct line *line, es_message_t *m) {
  const char *said = text(line, "result", "allow");
  es_result_t *to = &m->action.notify;
  if (strncmp(said, "flags:", 6) == 0) {
    to->result_type = ES_RESULT_TYPE_FLAGS;
    to->result.flags = (uint32_t)strtoul(said + 6, NULL, 10);
  } else {
    to->result_type = ES_RESULT_TYPE_AUTH;
    to->result.auth = strcmp(said, "deny") == 0 ? ES_AUTH_RESULT_DENY : ES_AUTH_RESULT_ALLOW;
  }
}

static bool wanted(const es_message_t *m) {
  if (client == NULL || !client->subscribed[m->event_type]) {
    return false;
  }
  const struct mute *mute = mute_of(&m->process->audit_token, false);
  return mute == NULL || (!mute->all && !mute->types[m->event_type]);
}

static void call(const es_message_t *m) {
#ifdef __BLOCKS__
  client->handler(client, m);
#else
  client->handler->invoke(client->handler, client, m);
#endif
}

static void deliver(const struct line *line, es_message_t *m) {
  uint64_t skipped = (uint64_t)number(line, "skip", 0);
  client->global_sequence += skipped;
  client->sequence[m->event_type] += skipped;
  if (m->version >= 2) {
    m->seq_num = client->sequence[m->event_type];
  }
  if (m->version >= 4) {
    m->global_seq_num = client->global_sequence;
  }
  client->sequence[m->event_type]++;
  client->global_sequence++;
  seen.delivered++;
  current.message = m;
  current.references = 1;
  current.answers = 0;
  call(m);
  if (m->action_type == ES_ACTION_TYPE_AUTH && current.answers == 0) {
    seen.unanswered++; /* the real one would kill its client at the deadline */
  }
  current.message = NULL;
}

static bool replay(const struct line *line, const char *name) {
  struct pieces pieces = {.count = 0};
  es_message_t *m = own(&pieces, sizeof *m);
  bool known = false;
  for (size_t i = 0; i < sizeof types / sizeof types[0] && !known; i++) {
    known = strcmp(types[i].name, name) == 0;
    m->event_type = types[i].type;
  }
  if (!known) {
    free(m);
    return false;
  }
  m->version = (uint32_t)number(line, "v", 11);
  m->time.tv_sec = (time_t)number(line, "time", 1700000001);
  m->time.tv_nsec = 250;
  m->action_type = strncmp(name, "auth_", 5) == 0 ? ES_ACTION_TYPE_AUTH : ES_ACTION_TYPE_NOTIFY;
  m->deadline = mach_absolute_time() + ticks((uint64_t)number(line, "deadline", 1000) * 1000000);
  m->process = process(&pieces, line, m->version, false);
  if (m->action_type == ES_ACTION_TYPE_NOTIFY) {
    result(line, m);
  }
  fill(&pieces, line, m);
  if (wanted(m)) {
    deliver(line, m);
  } else {
    seen.kept++;
  }
  for (int i = 0; i < pieces.count; i++) {
    free(pieces.piece[i]);
  }
  return true;
}

static bool replay_text(char *words) {
  struct line line = {.count = 0};
  char *save;
  char *name = strtok_r(words, " ", &save);
  for (char *word; (word = strtok_r(NULL, " ", &save)) != NULL;) {
    char *equals = strchr(word, '=');
    if (equals == NULL || line.count == VALUES_MAX) {
      return false;
    }
    *equals = 0;
    line.key[line.count] = word;
    line.value[line.count++] = equals + 1;
  }
  return name == NULL || name[0] == '#' || replay(&line, name);
}

int stub_replay(const char *lines) {
  int at = 0;
  while (*lines != 0) {
    size_t length = strcspn(lines, "\n");
    char *copy = strndup(lines, length);
    bool good = replay_text(copy);
    free(copy);
    at++;
    if (!good) {
      return at;
    }
    lines += length + (lines[length] == '\n');
  }
  return 0;
}

int stub_repeat(const char *line, int times) {
  for (int i = 0; i < times; i++) {
    int bad = stub_replay(line);
    if (bad != 0) {
      return bad;
    }
  }
  return 0;
}
