#include "execs.h"

#include "path.h"
#include "processes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An exec that was seen to have failed by the call at hand, which may be the next of a search. */
static struct {
  pid_t pid;
  int64_t time; /* of the call at hand */
  struct procfs_image image;
  pid_t memory_of;
  char comm[PROCFS_COMM];
} failed;

static void drop_attempt(struct supervisor *s, struct process *process) {
  free(process->attempt);
  process->attempt = NULL;
  s->attempts--;
}

/* As the kernel names a process after the file that it runs. */
static bool named_after(const char *comm, const char *path) {
  const char *slash = strrchr(path, '/');
  return strncmp(comm, slash == NULL ? path : slash + 1, PROCFS_COMM - 1) == 0;
}

static void read_comm(const struct supervisor *s, const struct process *process, char to[PROCFS_COMM]) {
  if (process->found == s->now) { /* by this very call */
    memcpy(to, process->comm, PROCFS_COMM);
    return;
  }
  memset(to, 0, PROCFS_COMM);
  ssize_t length = procfs_content(process->pid, "comm", to, PROCFS_COMM - 1);
  if (length > 0 && to[length - 1] == '\n') {
    to[length - 1] = 0;
  }
}

/*
 * What the process is before its exec. A search of PATH looks once: where it failed, all is as it was.
 * After vfork the memory is the parent's, so the image is too.
 */
static void look_before(const struct supervisor *s, const struct process *process, struct attempt *attempt) {
  if (failed.pid == process->pid && failed.time == s->now) {
    attempt->image = failed.image;
    attempt->memory_of = failed.memory_of;
    memcpy(attempt->comm, failed.comm, PROCFS_COMM);
    return;
  }
  read_comm(s, process, attempt->comm);
  const struct process *parent = table_find(process->ppid);
  if (parent != NULL && parent->image.known && procfs_same_memory(process->pid, parent->pid)) {
    attempt->image = parent->image;
    attempt->memory_of = parent->pid;
  } else {
    procfs_image(process->pid, &attempt->image);
    attempt->memory_of = 0;
  }
}

void execs_asked(
    struct supervisor *s, struct process *process, pid_t tid, int dirfd, const char *path) {
  processes_find_children(s, process);
  table_memory_forget(process);
  if (process->attempt != NULL) {
    drop_attempt(s, process); /* another thread's; two at once end with one of them */
  }
  struct attempt *attempt = malloc(sizeof *attempt);
  if (attempt == NULL) {
    wire_lose(s->wire);
    return;
  }
  struct viewer viewer = {.tid = tid,
                          .tgid = process->pid,
                          .cwd = processes_cwd(process, tid),
                          .same_view = process->same_view};
  if (!path_absolute(&viewer, dirfd, path, &attempt->path)) {
    attempt->path.text[0] = 0;
    attempt->path.length = 0;
  }
  attempt->tid = tid;
  attempt->time = s->now;
  look_before(s, process, attempt);
  process->attempt = attempt;
  s->attempts++;
}

void execs_cancel(struct supervisor *s, struct process *process, pid_t tid) {
  if (process->attempt != NULL && process->attempt->tid == tid) {
    drop_attempt(s, process);
  }
}

/* The path of a program whose file was removed since has a suffix that is not part of its name. */
static size_t program_path(pid_t pid, char *to, size_t capacity) {
  static const char deleted[] = " (deleted)";
  ssize_t length = procfs_link(pid, "exe", to, capacity);
  size_t suffix = sizeof deleted - 1;
  if (length > (ssize_t)suffix && strncmp(to, "/memfd:", 7) != 0 &&
      strcmp(to + length - (ssize_t)suffix, deleted) == 0 && access(to, F_OK) != 0) {
    length -= (ssize_t)suffix;
  }
  return length < 0 ? 0 : (size_t)length;
}

static void put_arguments(struct wire *w, const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    count += text[i] == 0;
  }
  count += length > 0 && text[length - 1] != 0;
  wire_u16(w, (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX));
  for (size_t i = 0; i < length && i < UINT16_MAX;) {
    size_t end = strnlen(text + i, length - i);
    wire_string(w, text + i, end);
    i += end + 1;
  }
}

/* secure: the program may run with other rights than who asked for it. */
static void tell_exec(struct supervisor *s, struct process *process, bool secure) {
  static char exe[4096];
  static char cwd[4096];
  static char arguments[65536];
  struct attempt *attempt = process->attempt;
  size_t exe_length = program_path(process->pid, exe, sizeof exe);
  ssize_t cwd_length = procfs_link(process->pid, "cwd", cwd, sizeof cwd);
  ssize_t length = procfs_content(process->pid, "cmdline", arguments, sizeof arguments);
  s->users_differ |= secure;
  if (s->users_differ) {
    processes_look_at_user(process, process->pid);
  }
  bool gone = exe_length == 0;
  if (gone) {
    exe_length = attempt->path.length;
    memcpy(exe, attempt->path.text, exe_length);
  }
  wire_begin(s->wire, WIRE_EXEC, attempt->time);
  wire_flag(s->wire, gone ? WIRE_FLAG_UNVERIFIED : 0);
  wire_flag(s->wire, length == (ssize_t)sizeof arguments ? WIRE_FLAG_TRUNCATED : 0);
  wire_process(s->wire, process->pid, process->start_ms);
  wire_u32(s->wire, (uint32_t)process->ppid);
  wire_u32(s->wire, process->credentials.tgid == 0 ? UINT32_MAX : process->credentials.euid);
  wire_string(s->wire, exe, exe_length);
  wire_string(s->wire, cwd, cwd_length < 0 ? 0 : (size_t)cwd_length);
  put_arguments(s->wire, arguments, length < 0 ? 0 : (size_t)length);
  wire_commit(s->wire);
}

enum outcome { PENDING, FAILED, DONE, UNKNOWN };

/* Nothing but its short name is left of a process, or lets us look. */
static enum outcome by_comm(const struct attempt *attempt, const char *comm) {
  if (!named_after(comm, attempt->path.text)) {
    return FAILED;
  }
  return strncmp(comm, attempt->comm, PROCFS_COMM) == 0 ? UNKNOWN : DONE;
}

/*
 * Whether the process runs another image than when it asked. A process that waits in a call is not in
 * the middle of an exec; one that does not (waits false) may be, and what can be read of it then is
 * the half of an image. back: it waits in a call of the very thread that asked.
 */
static enum outcome outcome_of(
    const struct process *process, bool waits, bool back, struct procfs_image *image) {
  const struct attempt *attempt = process->attempt;
  struct procfs_stat stat;
  if (waits && attempt->memory_of != 0 && procfs_same_memory(process->pid, attempt->memory_of)) {
    return back ? FAILED : PENDING;
  }
  procfs_image(process->pid, image);
  bool seen = image->known;
  if (seen && attempt->image.known &&
      memcmp(image->witness, attempt->image.witness, sizeof image->witness) == 0) {
    return back ? FAILED : PENDING;
  }
  if (seen && waits) {
    return DONE; /* another image, or one that lets us look where the one before did not */
  }
  if (!procfs_stat(process->pid, &stat)) {
    return UNKNOWN;
  }
  if (stat.state == 'Z' || stat.state == 'X') {
    return by_comm(attempt, stat.comm);
  }
  if (seen) {
    return stat.image_complete ? DONE : PENDING;
  }
  if (!waits) {
    return PENDING;
  }
  return attempt->image.known ? DONE : by_comm(attempt, stat.comm);
}

void execs_settle(struct supervisor *s, struct process *process, pid_t tid) {
  struct attempt *attempt = process->attempt;
  if (attempt == NULL) {
    return;
  }
  bool back = tid == attempt->tid;
  struct procfs_image image;
  enum outcome outcome = outcome_of(process, back || tid == process->pid, back, &image);
  if (outcome == PENDING) {
    return;
  }
  if (outcome == DONE) {
    tell_exec(s, process, image.secure);
    process->image = image;
    table_threads_forget(process);
    process->user_moves = false;
    process->exit_hint = -1;
    if (process->view_moves) {
      process->same_view = procfs_same_view(process->pid);
      process->view_moves = false;
    }
  } else if (outcome == UNKNOWN) {
    wire_lose(s->wire);
  } else if (back && attempt->image.known) {
    failed.pid = process->pid;
    failed.time = s->now;
    failed.image = attempt->image;
    failed.memory_of = attempt->memory_of;
    memcpy(failed.comm, attempt->comm, PROCFS_COMM);
  }
  drop_attempt(s, process);
}

static bool settle_one(struct process *process, void *context) {
  struct supervisor *s = context;
  execs_settle(s, process, 0);
  return s->attempts > 0;
}

void execs_settle_all(struct supervisor *s) { table_each(settle_one, s); }

void execs_forget(struct supervisor *s, struct process *process) {
  if (process->attempt != NULL) {
    drop_attempt(s, process);
  }
}
