/*
 * The eBPF tier: quint.bpf.c, which lies in this program's own data, is put into the kernel; what it
 * tells is made into frames here. When this process ends the kernel takes it out again.
 */
#include "../calls.h"
#include "../procfs.h"
#include "names.h"
#include "record.h"
#include "tell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef QUINT_BPF

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/audit.h>

enum { AT_ONCE = 4096 };

/* io_uring operations that open, connect, send, rename, remove or link. */
static const uint8_t ring_names[] = {9, 16, 18, 28, 35, 36, 37, 38, 39};

/* An object that clang has made, as bytes. */
#define OBJECT(name, file)                     \
  extern const unsigned char name##_start[];   \
  extern const unsigned char name##_end[];     \
  __asm__(                                     \
      ".section .rodata\n"                     \
      ".balign 16\n"                           \
      ".global " #name "_start\n" #name "_start:\n" \
      ".incbin \"" file "\"\n"                 \
      ".global " #name "_end\n" #name "_end:\n" \
      ".previous\n")

OBJECT(quint_direct, QUINT_BPF "-direct.bpf.o");
OBJECT(quint_plain, QUINT_BPF ".bpf.o");

static struct bpf_object *object;
static struct ring_buffer *ring;
static volatile struct record_shared *globals;
static struct told *to;
static uint64_t lost_told;
static int taken;
static char last_words[CAUSE_MAX]; /* of libbpf */

static int keep_words(enum libbpf_print_level level, const char *format, va_list arguments) {
  if (level == LIBBPF_WARN) {
    vsnprintf(last_words, sizeof last_words, format, arguments);
    last_words[strcspn(last_words, "\n")] = 0;
  }
  return 0;
}

static struct shape shape_of(enum call call) {
  enum { NO = SHAPE_ABSENT };
  switch (call) {
    case CALL_OPEN:
      return (struct shape){SHAPE_OPEN, NO, 0, NO, NO, 1, call, 0};
    case CALL_OPENAT:
      return (struct shape){SHAPE_OPEN, 0, 1, NO, NO, 2, call, 0};
    case CALL_OPENAT2:
      return (struct shape){SHAPE_OPEN, 0, 1, NO, NO, SHAPE_HOW, call, 0};
    case CALL_CREAT:
      return (struct shape){SHAPE_OPEN, NO, 0, NO, NO, NO, call, 0};
    case CALL_TRUNCATE:
    case CALL_UNLINK:
    case CALL_RMDIR:
    case CALL_MKNOD:
      return (struct shape){SHAPE_NAMES, NO, 0, NO, NO, NO, call, 0};
    case CALL_UNLINKAT: /* its flags are where another call has a second directory */
      return (struct shape){SHAPE_NAMES, 0, 1, 2, NO, NO, call, 0};
    case CALL_MKNODAT:
      return (struct shape){SHAPE_NAMES, 0, 1, NO, NO, NO, call, 0};
    case CALL_RENAME:
      return (struct shape){SHAPE_NAMES, NO, 0, NO, 1, NO, call, 0};
    case CALL_RENAMEAT:
    case CALL_RENAMEAT2:
      return (struct shape){SHAPE_NAMES, 0, 1, 2, 3, NO, call, 0};
    case CALL_LINK:
    case CALL_SYMLINK:
      return (struct shape){SHAPE_NAMES, NO, 1, NO, NO, NO, call, 0};
    case CALL_LINKAT:
      return (struct shape){SHAPE_NAMES, 2, 3, NO, NO, NO, call, 0};
    case CALL_SYMLINKAT:
      return (struct shape){SHAPE_NAMES, 1, 2, NO, NO, NO, call, 0};
    case CALL_CONNECT:
      return (struct shape){SHAPE_CONNECT, NO, NO, NO, NO, NO, call, 0};
    case CALL_SENDTO:
      return (struct shape){SHAPE_SENDTO, NO, NO, NO, NO, NO, call, 0};
    case CALL_SENDMSG:
      return (struct shape){SHAPE_SENDMSG, NO, NO, NO, NO, NO, call, 0};
    case CALL_SENDMMSG:
      return (struct shape){SHAPE_SENDMMSG, NO, NO, NO, NO, NO, call, 0};
    case CALL_SOCKETCALL:
      return (struct shape){SHAPE_SOCKETCALL, NO, NO, NO, NO, NO, call, 0};
    default:
      return (struct shape){0};
  }
}

static void set_constants(struct record_constants *constants, const struct wanted *wanted) {
  const struct abi *abis;
  size_t count = calls_init(&abis);
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < abis[i].count; j++) {
      const struct call_entry *entry = &abis[i].entries[j];
      if (entry->nr < RECORD_CALLS) {
        constants->shapes[i][entry->nr] = shape_of(entry->call);
      }
    }
  }
  for (size_t i = 0; i < sizeof ring_names; i++) {
    constants->ring_calls[ring_names[i]] = 1;
  }
  constants->writes_only = wanted->writes_only;
  constants->everybody = wanted->everybody;
}

/* The kernel's side counts in pids of the outermost namespace. */
static bool in_first_pid_namespace(void) {
  struct stat found;
  return stat("/proc/self/ns/pid", &found) == 0 && found.st_ino == 0xEFFFFFFCu;
}

static struct bpf_map *map_of(const char *name) { return bpf_object__find_map_by_name(object, name); }

static int on_record(void *context, void *data, size_t size);

/* What of the program a kernel may not take; the better comes first. */
static const struct variant {
  bool direct;   /* pointers declared a structure's (bpf_rdonly_cast, Linux 6.2) */
  bool io_uring; /* the tracepoint of its submissions; without it its calls are not counted */
} variants[] = {
#ifndef QUINT_WITHOUT_DIRECT
    {true, true},
    {true, false},
#endif
    {false, true},
    {false, false}};

static struct record_constants *open_object(bool direct) {
  LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "quint");
  const unsigned char *start = direct ? quint_direct_start : quint_plain_start;
  const unsigned char *end = direct ? quint_direct_end : quint_plain_end;
  size_t size = 0;
  object = bpf_object__open_mem(start, (size_t)(end - start), &options);
  struct bpf_map *constants = object == NULL ? NULL : map_of("quint.rodata");
  void *initial = constants == NULL ? NULL : (void *)bpf_map__initial_value(constants, &size);
  return size < sizeof(struct record_constants) ? NULL : initial;
}

static int load(const struct wanted *wanted, struct variant variant) {
  struct record_constants *constants = open_object(variant.direct);
  if (constants == NULL) {
    return -ENOEXEC;
  }
  set_constants(constants, wanted);
  bpf_program__set_autoload(bpf_object__find_program_by_name(object, "on_ring"), variant.io_uring);
  return bpf_object__load(object);
}

static bool put_in(const struct wanted *wanted, char cause[CAUSE_MAX]) {
  libbpf_set_print(keep_words);
  int error = load(wanted, variants[0]);
  for (size_t i = 1; error != 0 && i < sizeof variants / sizeof variants[0]; i++) {
    bpf_object__close(object);
    error = load(wanted, variants[i]);
  }
  if (error != 0) {
    cause_set(cause,
              "the kernel does not take the eBPF program (errno %d: %s); it needs Linux 5.17 with BTF, CAP_BPF and "
              "CAP_PERFMON, and no lockdown: %.200s",
              -error, strerror(-error), last_words);
    return false;
  }
  struct bpf_program *program;
  bpf_object__for_each_program(program, object) {
    if (bpf_program__fd(program) >= 0 && bpf_program__attach(program) == NULL) {
      cause_set(cause, "the eBPF program %s cannot be attached (errno %d: %s)", bpf_program__name(program), errno,
                strerror(errno));
      return false;
    }
  }
  size_t size = 0;
  globals = (void *)bpf_map__initial_value(map_of("quint.bss"), &size);
  ring = ring_buffer__new(bpf_map__fd(map_of("ring")), on_record, NULL, NULL);
  if (globals == NULL || size < sizeof *globals || ring == NULL) {
    cause_set(cause, "the eBPF program's memory cannot be mapped (errno %d: %s)", errno, strerror(errno));
    return false;
  }
  return true;
}

static void close_tier(void) {
  ring_buffer__free(ring);
  bpf_object__close(object); /* detaches */
  ring = NULL;
  object = NULL;
  globals = NULL;
}

static bool open_tier(const struct wanted *wanted, struct told *told, char cause[CAUSE_MAX]) {
  to = told;
  lost_told = 0;
  if (geteuid() != 0) {
    cause_set(cause, "eBPF needs root (or CAP_BPF and CAP_PERFMON with root's files)");
    return false;
  }
  if (access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
    cause_set(cause, "this kernel has no type information (/sys/kernel/btf/vmlinux); it needs CONFIG_DEBUG_INFO_BTF");
    return false;
  }
  if (!in_first_pid_namespace()) {
    cause_set(cause, "eBPF sees the pids of the host; run Quint outside of the container's pid namespace (--pid=host)");
    return false;
  }
  if (!put_in(wanted, cause)) {
    close_tier();
    return false;
  }
  return true;
}

static bool follow(pid_t pid) {
  uint32_t key = (uint32_t)pid;
  uint8_t yes = 1;
  return bpf_map__update_elem(map_of("followed"), &key, sizeof key, &yes, sizeof yes, BPF_ANY) == 0;
}

static const char *piece(const struct record *record, unsigned index, size_t *length) {
  const char *at = (const char *)(record + 1);
  for (unsigned i = 0; i < index; i++) {
    at += record->pieces[i];
  }
  *length = record->pieces[index];
  return at;
}

static void told_exec(const struct record *record, struct who who) {
  static struct name exe;
  static struct name cwd;
  size_t length;
  const char *chain = piece(record, 0, &length);
  names_of_chain(chain, length, &exe);
  chain = piece(record, 1, &length);
  names_of_chain(chain, length, &cwd);
  struct image image = {.parent = record->other,
                        .user = record->user,
                        .exe = exe.text,
                        .exe_length = exe.length,
                        .cwd = cwd.text,
                        .cwd_length = cwd.length,
                        .cut = (record->flags & RECORD_CUT) != 0};
  image.arguments = piece(record, 2, &image.arguments_length);
  /* A long command line may still be there to be read whole. */
  if (!image.cut || !tell_exec_from_proc(to, who, (int64_t)record->time)) {
    tell_exec(to, who, (int64_t)record->time, &image);
  }
}

static void told_open(const struct record *record, struct who who) {
  static struct name path;
  static struct name requested;
  static const struct name none;
  size_t lengths[3];
  const char *chain = piece(record, 0, &lengths[0]);
  const char *text = piece(record, 1, &lengths[1]);
  const char *start = piece(record, 2, &lengths[2]);
  if (record->start_at > 0 && record->start_at - 1 <= lengths[0]) {
    start = chain + record->start_at - 1;
    lengths[2] = lengths[0] - (record->start_at - 1);
  }
  names_of_chain(chain, lengths[0], &path);
  names_asked(text, lengths[1], start, lengths[2], &requested);
  if (to->probing && strcmp(path.text, watch_probe) != 0) {
    return;
  }
  bool same = requested.length == path.length && memcmp(requested.text, path.text, path.length) == 0;
  static const enum wire_access accesses[] = {WIRE_READ, WIRE_WRITE, WIRE_READWRITE, WIRE_READWRITE};
  enum wire_access access = accesses[record->open_flags & O_ACCMODE];
  if (access == WIRE_READ && (record->flags & RECORD_TRUNCATES) != 0) {
    access = WIRE_READWRITE;
  }
  enum wire_op op = (record->flags & RECORD_CREATED) != 0 ? WIRE_OP_CREATE : WIRE_OP_OPEN;
  tell_file(to, who, (int64_t)record->time, op, access, &path, same ? &none : &requested, &none);
}

static void told_name(const struct record *record, struct who who) {
  struct named_call call = {.call = (enum call)record->value, .flags = record->open_flags};
  for (unsigned i = 0; i < 2; i++) {
    call.text[i] = piece(record, 2 * i, &call.text_length[i]);
    call.start[i] = piece(record, 2 * i + 1, &call.start_length[i]);
  }
  names_tell(to, who, (int64_t)record->time, &call);
}

/* A Unix socket. Its name is walked a moment after the call; when it is gone, it is told as asked for. */
static void told_local(const struct record *record, struct who who, const char *address, size_t length) {
  static struct name path;
  static struct located found;
  char text[sizeof(struct sockaddr_un) + 1];
  size_t head = offsetof(struct sockaddr_un, sun_path);
  if (length <= head || length > sizeof(struct sockaddr_un)) {
    return;
  }
  length -= head;
  memcpy(text, address + head, length);
  text[length] = 0;
  if (text[0] == 0) {
    for (size_t i = 0; i < length; i++) {
      path.text[i] = text[i] == 0 ? '@' : text[i];
    }
    path.text[length] = 0;
    path.length = length;
  } else {
    size_t chain_length;
    const char *chain = piece(record, 1, &chain_length);
    names_asked(text, strlen(text) + 1, chain, chain_length, &path);
    bool own = text[0] != '/' || procfs_same_view(who.pid); /* a chain is in our view */
    struct viewer viewer = {.tid = who.pid, .tgid = who.pid, .cwd = who.pid, .same_view = own};
    path_locate(&viewer, AT_FDCWD, path.text, false, &found);
    if (found.fd >= 0) {
      close(found.fd);
      path = found.path;
    }
  }
  if (path.length > 0) {
    tell_local(to, who, (int64_t)record->time, &path, (record->flags & RECORD_SEND) != 0);
  }
}

static void told_socket(const struct record *record, struct who who) {
  struct peer peer;
  size_t length;
  uint16_t family = 0;
  const char *address = piece(record, 0, &length);
  if (length >= sizeof family) {
    memcpy(&family, address, sizeof family);
  }
  if (family == AF_UNIX) {
    told_local(record, who, address, length);
  } else if (address_parse((const uint8_t *)address, length, &peer)) {
    tell_contact(to, who, (int64_t)record->time, &peer, record->value, (record->flags & RECORD_SEND) != 0);
  }
}

static int on_record(void *context, void *data, size_t size) {
  const struct record *record = data;
  (void)context;
  if (size < sizeof *record || record->length > size) {
    wire_lose(&to->wire);
    return 0;
  }
  struct who who = {record->pid, (int64_t)record->start};
  int64_t time = (int64_t)record->time;
  switch (record->kind) {
    case RECORD_FORK:
      tell_fork(to, who, (struct who){record->other, (int64_t)record->other_start});
      break;
    case RECORD_EXEC:
      told_exec(record, who);
      break;
    case RECORD_EXIT:
      tell_exit(to, who, time, record->value);
      break;
    case RECORD_OPEN:
      told_open(record, who);
      break;
    case RECORD_NAME:
      told_name(record, who);
      break;
    case RECORD_SOCKET:
      told_socket(record, who);
      break;
    default:
      wire_lose(&to->wire);
      break;
  }
  return ++taken >= AT_ONCE ? -1 : 0;
}

/* Records dropped for want of room, and programs that were not run because they ran already. */
static void count_lost(void) {
  uint64_t lost = globals->lost;
  struct bpf_program *program;
  bpf_object__for_each_program(program, object) {
    struct bpf_prog_info info = {0};
    uint32_t size = sizeof info;
    int fd = bpf_program__fd(program);
    if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0) {
      lost += info.recursion_misses;
    }
  }
  for (; lost_told < lost; lost_told++) {
    wire_lose(&to->wire);
  }
}

static bool drain(void) {
  taken = 0;
  ring_buffer__consume(ring);
  count_lost();
  return taken < AT_ONCE;
}

static int descriptor(void) { return ring_buffer__epoll_fd(ring); }

static bool may_sleep(void) {
  globals->reader_sleeps = 1;
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  taken = 0;
  ring_buffer__consume(ring);
  return taken == 0;
}

const struct tier tier_bpf = {"bpf", open_tier, follow, drain, descriptor, may_sleep, 5, false, close_tier};

#else

static bool not_built(const struct wanted *wanted, struct told *told, char cause[CAUSE_MAX]) {
  (void)wanted;
  (void)told;
  cause_set(cause, "this build has no eBPF program; rebuild quint-es-jni with clang and libbpf-dev installed");
  return false;
}

const struct tier tier_bpf = {.name = "bpf", .open = not_built};

#endif
