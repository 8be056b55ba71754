#include "execs.h"

#include "path.h"
#include "processes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void execs_asked(
    struct supervisor *s, struct process *process, pid_t tid, int dirfd, const char *path) {
  processes_find_children(s, process);
  if (process->attempt != NULL) {
    drop_attempt(s, process); /* another thread's; two at once end with one of them */
  }
  struct attempt *attempt = calloc(1, sizeof *attempt);
  if (attempt == NULL) {
    wire_lose(s->wire);
    return;
  }
  struct viewer viewer = {.tid = tid, .tgid = process->pid, .same_view = process->same_view};
  if (!path_absolute(&viewer, dirfd, path, &attempt->path)) {
    attempt->path.text[0] = 0;
    attempt->path.length = 0;
  }
  attempt->tid = tid;
  attempt->time = s->now;
  attempt->witnessed = procfs_witness(process->pid, attempt->witness);
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

static void tell_exec(struct supervisor *s, struct process *process, bool seen) {
  static char exe[4096];
  static char cwd[4096];
  static char arguments[65536];
  struct attempt *attempt = process->attempt;
  size_t exe_length = program_path(process->pid, exe, sizeof exe);
  ssize_t cwd_length = procfs_link(process->pid, "cwd", cwd, sizeof cwd);
  ssize_t length = procfs_content(process->pid, "cmdline", arguments, sizeof arguments);
  procfs_status(process->pid, &process->credentials);
  if (exe_length == 0) {
    exe_length = attempt->path.length;
    memcpy(exe, attempt->path.text, exe_length);
    seen = false;
  }
  wire_begin(s->wire, WIRE_EXEC, attempt->time);
  wire_flag(s->wire, seen ? 0 : WIRE_FLAG_UNVERIFIED);
  wire_flag(s->wire, length == (ssize_t)sizeof arguments ? WIRE_FLAG_TRUNCATED : 0);
  wire_process(s->wire, process->pid, process->start_ms);
  wire_u32(s->wire, (uint32_t)process->ppid);
  wire_u32(s->wire, process->credentials.tgid == 0 ? UINT32_MAX : process->credentials.euid);
  wire_string(s->wire, exe, exe_length);
  wire_string(s->wire, cwd, cwd_length < 0 ? 0 : (size_t)cwd_length);
  put_arguments(s->wire, arguments, length < 0 ? 0 : (size_t)length);
  wire_commit(s->wire);
}

void execs_settle(struct supervisor *s, struct process *process, pid_t tid) {
  struct attempt *attempt = process->attempt;
  if (attempt == NULL) {
    return;
  }
  uint8_t witness[PROCFS_WITNESS];
  struct procfs_stat stat;
  bool done;
  bool seen = procfs_witness(process->pid, witness);
  if (seen && attempt->witnessed) {
    done = memcmp(witness, attempt->witness, sizeof witness) != 0;
  } else if (!procfs_stat(process->pid, &stat)) {
    done = false; /* gone without a trace */
  } else if (stat.state != 'Z' && stat.state != 'X' && attempt->witnessed) {
    done = true; /* it runs something now that does not let us look */
  } else {
    done = named_after(stat.comm, attempt->path.text);
  }
  if (!done) {
    if (tid == attempt->tid) {
      drop_attempt(s, process); /* the thread is back from the call */
    }
    return;
  }
  char first;
  if (tid == 0 && procfs_content(process->pid, "cmdline", &first, 1) == 0 &&
      procfs_stat(process->pid, &stat) && stat.state != 'Z' && stat.state != 'X') {
    return; /* in the middle of the call: the new program is there, its arguments are not yet */
  }
  tell_exec(s, process, seen);
  drop_attempt(s, process);
  table_threads_forget(process);
  process->exit_hint = -1;
  if (process->view_moves) {
    process->same_view = procfs_same_view(process->pid);
    process->view_moves = false;
  }
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
