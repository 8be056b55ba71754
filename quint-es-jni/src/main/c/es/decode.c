#include "decode.h"

#include <string.h>
#include <sys/stat.h>

enum { SIGNED_AD_HOC = 0x2 /* CS_ADHOC */ };

static const es_string_token_t slash = {1, "/"};

static int64_t start_us(uint32_t version, const es_process_t *process) {
  if (version < HAS_START_TIME) {
    return -1;
  }
  return (int64_t)process->start_time.tv_sec * 1000000 + process->start_time.tv_usec;
}

static void acts(struct decoded *out, uint32_t version, const es_process_t *process) {
  struct record *r = &out->fixed.common;
  r->pid = audit_token_to_pid(process->audit_token);
  r->pid_version = (uint32_t)audit_token_to_pidversion(process->audit_token);
  r->start_us = start_us(version, process);
  r->ppid = process->ppid;
  r->responsible_pid = version < HAS_RESPONSIBLE ? -1 : audit_token_to_pid(process->responsible_audit_token);
  r->euid = audit_token_to_euid(process->audit_token);
}

static void other(struct decoded *out, uint32_t version, const es_process_t *process) {
  struct record *r = &out->fixed.common;
  r->other_pid = audit_token_to_pid(process->audit_token);
  r->other_pid_version = (uint32_t)audit_token_to_pidversion(process->audit_token);
  r->other_start_us = start_us(version, process);
}

static void whole(struct decoded *out, struct text *to, const es_file_t *file) {
  to->piece[0] = file->path;
  if (file->path_truncated) {
    out->fixed.common.flags |= RECORD_PATH_TRUNCATED;
  }
}

static void within(struct decoded *out, struct text *to, const es_file_t *directory, es_string_token_t name) {
  whole(out, to, directory);
  es_string_token_t path = directory->path;
  if (path.length == 0 || path.data[path.length - 1] != '/') {
    to->piece[1] = slash;
  }
  to->piece[2] = name;
}

static void exec(struct decoded *out, const es_message_t *m) {
  const es_event_exec_t *event = &m->event.exec;
  const es_process_t *target = event->target;
  acts(out, m->version, target);
  other(out, m->version, m->process);
  whole(out, &out->path, target->executable);
  if (m->version >= HAS_CWD) {
    whole(out, &out->extra, event->cwd);
  }
  struct record_exec *r = &out->fixed;
  r->common.flags |= (target->is_platform_binary ? RECORD_PLATFORM_BINARY : 0) |
                     (target->is_es_client ? RECORD_ES_CLIENT : 0) |
                     (target->codesigning_flags & SIGNED_AD_HOC ? RECORD_AD_HOC : 0);
  memcpy(r->cdhash, target->cdhash, sizeof r->cdhash);
  out->signing_id = target->signing_id;
  out->team_id = target->team_id;
  out->exec = event;
}

static void rename_paths(struct decoded *out, const es_event_rename_t *event) {
  whole(out, &out->path, event->source);
  if (event->destination_type == ES_DESTINATION_TYPE_EXISTING_FILE) {
    whole(out, &out->extra, event->destination.existing_file);
  } else {
    within(out, &out->extra, event->destination.new_path.dir, event->destination.new_path.filename);
  }
}

static void created_path(struct decoded *out, const es_event_create_t *event) {
  if (event->destination_type == ES_DESTINATION_TYPE_EXISTING_FILE) {
    whole(out, &out->path, event->destination.existing_file);
  } else {
    within(out, &out->path, event->destination.new_path.dir, event->destination.new_path.filename);
  }
}

static bool is_directory(const es_file_t *file) { return S_ISDIR(file->stat.st_mode); }

/* What an event is told as, or RECORD_PADDING when it is not. */
static enum record_kind fill(struct decoded *out, const es_message_t *m) {
  switch (m->event_type) {
    case ES_EVENT_TYPE_AUTH_EXEC:
    case ES_EVENT_TYPE_NOTIFY_EXEC:
      exec(out, m);
      return RECORD_EXEC;
    case ES_EVENT_TYPE_NOTIFY_FORK:
      other(out, m->version, m->event.fork.child);
      return RECORD_FORK;
    case ES_EVENT_TYPE_NOTIFY_EXIT:
      out->fixed.common.value = m->event.exit.stat;
      return RECORD_EXIT;
    case ES_EVENT_TYPE_AUTH_OPEN:
    case ES_EVENT_TYPE_NOTIFY_OPEN:
      out->fixed.common.value = m->event.open.fflag;
      whole(out, &out->path, m->event.open.file);
      return is_directory(m->event.open.file) ? RECORD_PADDING : RECORD_OPEN;
    case ES_EVENT_TYPE_NOTIFY_CLOSE:
      whole(out, &out->path, m->event.close.target);
      return m->event.close.modified ? RECORD_CLOSE : RECORD_PADDING;
    case ES_EVENT_TYPE_AUTH_CREATE:
    case ES_EVENT_TYPE_NOTIFY_CREATE:
      created_path(out, &m->event.create);
      return RECORD_CREATE;
    case ES_EVENT_TYPE_NOTIFY_WRITE:
      whole(out, &out->path, m->event.write.target);
      return RECORD_WRITE;
    case ES_EVENT_TYPE_AUTH_RENAME:
    case ES_EVENT_TYPE_NOTIFY_RENAME:
      rename_paths(out, &m->event.rename);
      return RECORD_RENAME;
    case ES_EVENT_TYPE_AUTH_UNLINK:
    case ES_EVENT_TYPE_NOTIFY_UNLINK:
      whole(out, &out->path, m->event.unlink.target);
      return RECORD_UNLINK;
    case ES_EVENT_TYPE_AUTH_TRUNCATE:
      whole(out, &out->path, m->event.truncate.target);
      return RECORD_WRITE;
    case ES_EVENT_TYPE_AUTH_LINK: /* a second name, or a copy, is a way to a file's content */
      whole(out, &out->path, m->event.link.source);
      within(out, &out->extra, m->event.link.target_dir, m->event.link.target_filename);
      return RECORD_CREATE;
    case ES_EVENT_TYPE_AUTH_CLONE:
      whole(out, &out->path, m->event.clone.source);
      within(out, &out->extra, m->event.clone.target_dir, m->event.clone.target_name);
      return RECORD_CREATE;
    case ES_EVENT_TYPE_AUTH_COPYFILE:
      whole(out, &out->path, m->event.copyfile.source);
      within(out, &out->extra, m->event.copyfile.target_dir, m->event.copyfile.target_name);
      return RECORD_CREATE;
    default:
      return RECORD_PADDING;
  }
}

bool decode_message(const es_message_t *m, struct decoded *out) {
  memset(out, 0, sizeof *out);
  struct record *r = &out->fixed.common;
  r->version = m->version > UINT16_MAX ? UINT16_MAX : (uint16_t)m->version;
  r->time = (int64_t)m->time.tv_sec * 1000000000 + m->time.tv_nsec;
  r->sequence = m->version < HAS_SEQ_NUM ? -1 : (int64_t)m->seq_num;
  r->global_sequence = m->version < HAS_GLOBAL_SEQ_NUM ? -1 : (int64_t)m->global_seq_num;
  r->other_start_us = -1;
  acts(out, m->version, m->process);
  r->kind = (uint16_t)fill(out, m);
  return r->kind != RECORD_PADDING;
}

static uint32_t text_length(const struct text *text) {
  size_t length = text->piece[0].length + text->piece[1].length + text->piece[2].length;
  return length > RECORD_STRING_MAX ? RECORD_STRING_MAX + 1 : (uint32_t)length;
}

/* Length that is kept of a string; what is cut of a path is said. */
static uint32_t kept(struct decoded *d, uint32_t length) {
  if (length > RECORD_STRING_MAX) {
    d->fixed.common.flags |= RECORD_PATH_TRUNCATED;
    return RECORD_STRING_MAX;
  }
  return length;
}

static uint32_t shortened(size_t length) {
  return length > RECORD_STRING_MAX ? RECORD_STRING_MAX : (uint32_t)length;
}

static void measure_arguments(struct decoded *d, uint32_t room) {
  struct record_exec *r = &d->fixed;
  r->argument_count = es_exec_arg_count(d->exec);
  uint64_t length = 0;
  for (uint32_t i = 0; i < r->argument_count; i++) {
    uint64_t next = sizeof(uint32_t) + (uint64_t)es_exec_arg(d->exec, i).length;
    if (length + next > room) {
      r->common.flags |= RECORD_ARGV_TRUNCATED;
      break;
    }
    length += next;
    r->arguments_here++;
  }
  r->argv_length = (uint32_t)length;
}

uint32_t decode_measure(struct decoded *d) {
  struct record_exec *r = &d->fixed;
  r->common.path_length = kept(d, text_length(&d->path));
  r->common.extra_length = kept(d, text_length(&d->extra));
  r->common.exe_length = shortened(d->exe.length);
  uint32_t length = r->common.path_length + r->common.extra_length + r->common.exe_length;
  if (r->common.kind == RECORD_EXEC) {
    r->signing_id_length = shortened(d->signing_id.length);
    r->team_id_length = shortened(d->team_id.length);
    length += RECORD_FIXED_EXEC + r->signing_id_length + r->team_id_length;
    measure_arguments(d, RECORD_MAX - length);
    length += r->argv_length;
  } else {
    length += RECORD_FIXED;
  }
  r->common.length = (length + 7) & ~7u;
  return r->common.length;
}

static uint8_t *put(uint8_t *at, es_string_token_t token, uint32_t most) {
  size_t length = token.length < most ? token.length : most;
  if (length > 0) {
    memcpy(at, token.data, length);
  }
  return at + length;
}

static uint8_t *put_text(uint8_t *at, const struct text *text, uint32_t most) {
  uint8_t *from = at;
  for (int i = 0; i < 3; i++) {
    at = put(at, text->piece[i], most - (uint32_t)(at - from));
  }
  return at;
}

void decode_write(const struct decoded *d, void *to) {
  const struct record_exec *r = &d->fixed;
  uint8_t *at = to;
  size_t fixed = r->common.kind == RECORD_EXEC ? RECORD_FIXED_EXEC : RECORD_FIXED;
  memcpy(at, r, fixed);
  at = put_text(at + fixed, &d->path, r->common.path_length);
  at = put_text(at, &d->extra, r->common.extra_length);
  at = put(at, d->exe, r->common.exe_length);
  if (r->common.kind == RECORD_EXEC) {
    at = put(at, d->signing_id, r->signing_id_length);
    at = put(at, d->team_id, r->team_id_length);
    for (uint32_t i = 0; i < r->arguments_here; i++) {
      es_string_token_t argument = es_exec_arg(d->exec, i);
      uint32_t length = (uint32_t)argument.length;
      memcpy(at, &length, sizeof length);
      at = put(at + sizeof length, argument, length);
    }
  }
  memset(at, 0, r->common.length - (size_t)(at - (uint8_t *)to));
}

bool decode_text(const struct text *text, char *to, size_t size) {
  uint32_t length = text_length(text);
  if (length >= size) {
    return false;
  }
  put_text((uint8_t *)to, text, length);
  to[length] = 0;
  return true;
}
