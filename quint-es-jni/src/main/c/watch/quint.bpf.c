/*
 * Runs in the kernel: tells what the followed processes do, from the tracepoints of process
 * creation and from the return of system calls, when it is known what came of them. A process is
 * followed from its first instruction, since its creator is looked up at the fork. Paths are taken
 * from the kernel's own open files, at that moment.
 *
 * Nothing waits for a reader. What does not fit into the ring is counted.
 */
#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel.h"
#include "record.h"

enum {
  FOLLOWED_MAX = 65536,
  STEPS_MAX = 96, /* components and mounts of one path */
  MESSAGES_MAX = 16,
  ADDRESS_MAX = 127,
  FAMILY_UNIX = 1,
  TEXT_MAX = 4096,
  AT_FDCWD_NUMBER = -100,
  SHORT_NAME = 32, /* DNAME_INLINE_LEN is at least that on 64 bits */
  O_ACCESS = 3,
  O_TRUNCATE = 01000,
  O_PATH_ONLY = 010000000,
  MODE_CREATED = 0x100000, /* FMODE_CREATED */
  TYPE_MASK = 0170000,
  TYPE_DIRECTORY = 0040000,
  TYPE_SOCKET = 0140000,
  GROUP_EXIT = 4, /* SIGNAL_GROUP_EXIT */
  COMPAT_STATUS = 2, /* TS_COMPAT */
  COMPAT_FLAG = 1 << 22, /* arm64: TIF_32BIT */
  X32_BIT = 0x40000000,
  FAULT = -14,
  DATA_MASK = RECORD_DATA_MAX - 1,
  USED_MASK = 2 * RECORD_DATA_MAX - 1
};

const volatile struct record_constants constants = {};
struct record_shared shared = {};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 16 * 1024 * 1024);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, FOLLOWED_MAX);
  __type(key, __u32);
  __type(value, __u8);
} followed SEC(".maps");

/* A record while it is made; the room behind lets a piece start at any offset below the limit. */
struct making {
  struct record head;
  char data[RECORD_DATA_MAX + TEXT_MAX];
};

/* One each for the programs, which may interrupt one another but not themselves. */
enum { MAKING_EXEC, MAKING_CALL, MAKING_COUNT };

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, MAKING_COUNT);
  __type(key, __u32);
  __type(value, struct making);
} makings SEC(".maps");

/* Keeps the compiler from moving a bound away from where the verifier needs to see it. */
#define BOUND(value, mask)               \
  asm volatile("" : "+r"(value));        \
  (value) &= (mask);                     \
  asm volatile("" : "+r"(value))

static __always_inline void lose(void) { __sync_fetch_and_add(&shared.lost, 1); }

static __always_inline _Bool follows(__u32 pid) { return bpf_map_lookup_elem(&followed, &pid) != 0; }

/* A reader that sleeps is woken once; one that is awake looks by itself. */
static __always_inline __u64 wake_up(void) {
  if (shared.reader_sleeps != 0) {
    shared.reader_sleeps = 0;
    return BPF_RB_FORCE_WAKEUP;
  }
  return BPF_RB_NO_WAKEUP;
}

static __always_inline void send(void *record, __u32 length) {
  if (bpf_ringbuf_output(&ring, record, length, wake_up()) != 0) {
    lose();
  }
}

static __always_inline void begin(struct record *head, int kind, struct task_struct *task) {
  __builtin_memset(head, 0, sizeof *head);
  head->kind = kind;
  head->pid = task->tgid;
  head->start = task->group_leader->start_boottime;
  head->time = bpf_ktime_get_boot_ns();
}

static __always_inline void finish(struct making *making, __u32 used) {
  __u32 length = sizeof making->head + used;
  if (length > sizeof *making) {
    return;
  }
  making->head.length = length;
  send(making, length);
}

/*
 * A field of a structure of the kernel, by a pointer to it that may be anything: a plain load where the
 * kernel lets a pointer be declared a structure's, else a call that costs ten times as much.
 */
#ifdef QUINT_DIRECT
extern void *bpf_rdonly_cast(const void *pointer, __u32 type) __ksym;
#define AS(type, pointer) ((struct type *)bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(struct type)))
#define FIELD(type, pointer, field) (AS(type, pointer)->field)
#else
#define FIELD(type, pointer, field) BPF_CORE_READ((struct type *)(pointer), field)
#endif

/* A walk from a name up to the root, over mounts. */
struct walk {
  struct making *making;
  struct dentry *at;
  struct dentry *top; /* of the mount that it lies in */
  struct mount *mount;
  struct dentry *start; /* a directory that may lie on the way, or 0 */
  struct mount *start_mount;
  __u32 used;
  __u32 limit;
  __u32 met; /* one more than what was used when it was met */
  _Bool whole;
};

/* A name with its zero; its length, or less than 2. Short ones lie in a buffer of the dentry: they are copied whole. */
static __always_inline long put_name(char *to, struct dentry *at) {
  const unsigned char *name = FIELD(dentry, at, d_name.name);
  __u32 length = FIELD(dentry, at, d_name.len);
  if (length > 0 && length < SHORT_NAME) {
    if (bpf_probe_read_kernel(to, SHORT_NAME, name) != 0) {
      return 0;
    }
    BOUND(length, SHORT_NAME - 1);
    to[length] = 0;
    return length + 1;
  }
  return bpf_probe_read_kernel_str(to, RECORD_NAME_ROOM, name);
}

static long walk_step(__u32 step, struct walk *walk) {
  struct dentry *at = walk->at;
  struct mount *mount = walk->mount;
  struct dentry *parent = FIELD(dentry, at, d_parent);
  (void)step;
  if (at == walk->start && mount == walk->start_mount) {
    walk->met = walk->used + 1;
  }
  if (at == walk->top) {
    struct mount *outer = FIELD(mount, mount, mnt_parent);
    if (outer == mount) {
      walk->whole = 1;
      return 1;
    }
    walk->at = FIELD(mount, mount, mnt_mountpoint);
    walk->top = FIELD(mount, outer, mnt.mnt_root);
    walk->mount = outer;
    return 0;
  }
  if (walk->used >= walk->limit) {
    return 1;
  }
  long got = put_name(&walk->making->data[walk->used & DATA_MASK], at);
  if (got <= 1 || got > RECORD_NAME_ROOM) {
    return 1;
  }
  walk->used = (walk->used + got) & USED_MASK; /* a range that does not grow from step to step */
  walk->at = parent;
  walk->whole = at == parent; /* a file without a place: its name is all there is (memfd) */
  return walk->whole;
}

static __always_inline struct mount *mount_of(struct vfsmount *mounted) {
  return (void *)mounted - bpf_core_field_offset(struct mount, mnt);
}

/*
 * The path that lies at this address of the kernel's memory. Its bytes end where it returns. Where the
 * path at the other address, or 0, lies on the way is noted. Global, so that the verifier looks at it
 * once and not at every use.
 */
__noinline __u32 put_chain(struct making *making, __u32 piece, __u32 used, __u64 address, __u64 start) {
  struct path *path = (struct path *)address;
  if (making == 0 || used >= RECORD_DATA_MAX || piece >= RECORD_PIECES) {
    return used;
  }
  struct vfsmount *mounted = FIELD(path, path, mnt);
  struct walk walk = {.making = making,
                      .at = FIELD(path, path, dentry),
                      .top = FIELD(vfsmount, mounted, mnt_root),
                      .mount = mount_of(mounted),
                      .used = used,
                      .limit = used + RECORD_CHAIN_MAX - RECORD_NAME_ROOM};
  if (start != 0) {
    walk.start = FIELD(path, (struct path *)start, dentry);
    walk.start_mount = mount_of(FIELD(path, (struct path *)start, mnt));
  }
  bpf_loop(STEPS_MAX, walk_step, &walk, 0);
  making->head.start_at = walk.met;
  if (!walk.whole) {
    making->head.flags |= RECORD_CUT;
  }
  BOUND(piece, RECORD_PIECES - 1);
  making->head.pieces[piece] = walk.used - used;
  return walk.used;
}

static __always_inline __u32 put_text(struct making *making, __u32 piece, __u32 used, unsigned long address) {
  if (used >= RECORD_DATA_MAX) {
    making->head.flags |= RECORD_CUT;
    return used;
  }
  long got = bpf_probe_read_user_str(&making->data[used & DATA_MASK], TEXT_MAX, (void *)address);
  if (got <= 0 || got > TEXT_MAX) {
    return used;
  }
  making->head.pieces[piece] = got;
  return used + got;
}

static __always_inline struct file *file_of(struct task_struct *task, int descriptor) {
  struct files_struct *files = task->files;
  struct fdtable *table = FIELD(files_struct, files, fdt);
  if (descriptor < 0 || (__u32)descriptor >= FIELD(fdtable, table, max_fds)) {
    return 0;
  }
  struct file *file = 0;
  bpf_probe_read_kernel(&file, sizeof file, FIELD(fdtable, table, fd) + descriptor);
  return file;
}

/* The address of the path of a directory that a call names, or 0. */
static __always_inline __u64 start_of(struct task_struct *task, int descriptor) {
  if (descriptor == AT_FDCWD_NUMBER) {
    struct fs_struct *fs = BPF_CORE_READ(task, fs);
    return (__u64)&fs->pwd;
  }
  struct file *directory = file_of(task, descriptor);
  return directory == 0 ? 0 : (__u64)&directory->f_path;
}

/* Where a relative text starts; an absolute one, or none, starts nowhere. */
static __always_inline __u32 put_start(
    struct making *making, __u32 piece, __u32 used, __u32 text, struct task_struct *task, int descriptor) {
  if (used == text || making->data[text & DATA_MASK] == '/') {
    return used;
  }
  __u64 start = start_of(task, descriptor);
  return start == 0 ? used : put_chain(making, piece, used, start, 0);
}

#if defined(__TARGET_ARCH_x86)
static __always_inline long number_of(struct pt_regs *regs) { return (int)regs->orig_ax; }

static __always_inline _Bool is_compat(struct task_struct *task) {
  return (task->thread_info.status & COMPAT_STATUS) != 0;
}

static __always_inline unsigned long argument(struct pt_regs *regs, _Bool compat, unsigned index) {
  switch (index) {
    case 0:
      return compat ? (__u32)regs->bx : regs->di;
    case 1:
      return compat ? (__u32)regs->cx : regs->si;
    case 2:
      return compat ? (__u32)regs->dx : regs->dx;
    case 3:
      return compat ? (__u32)regs->si : regs->r10;
    case 4:
      return compat ? (__u32)regs->di : regs->r8;
    case 5:
      return compat ? (__u32)regs->bp : regs->r9;
    default:
      return 0;
  }
}
#else
static __always_inline long number_of(struct pt_regs *regs) { return regs->syscallno; }

static __always_inline _Bool is_compat(struct task_struct *task) {
  return (task->thread_info.flags & COMPAT_FLAG) != 0;
}

static __always_inline unsigned long argument(struct pt_regs *regs, _Bool compat, unsigned index) {
  unsigned long value = 0;
  if (index == 0) {
    value = regs->orig_x0;
  } else if (index < 6) {
    value = regs->regs[index];
  }
  return compat ? (__u32)value : value;
}
#endif

static __always_inline struct making *making_of(__u32 which) {
  return bpf_map_lookup_elem(&makings, &which);
}

static __always_inline int directory_of(struct pt_regs *regs, _Bool compat, __u8 index) {
  return index == SHAPE_ABSENT ? AT_FDCWD_NUMBER : (int)argument(regs, compat, index);
}

static __always_inline void opened(
    struct task_struct *task, struct pt_regs *regs, _Bool compat, const volatile struct shape *shape, long result) {
  struct making *making = making_of(MAKING_CALL);
  struct file *file = result < 0 ? 0 : file_of(task, (int)result);
  if (making == 0 || result < 0) {
    return;
  }
  if (file == 0) {
    lose(); /* another thread has closed it already */
    return;
  }
  struct inode *inode = FIELD(file, file, f_inode);
  __u32 type = FIELD(inode, inode, i_mode) & TYPE_MASK;
  __u32 flags = FIELD(file, file, f_flags);
  if (type == TYPE_DIRECTORY || (flags & O_PATH_ONLY) != 0) {
    return;
  }
  _Bool created = (FIELD(file, file, f_mode) & MODE_CREATED) != 0;
  __u64 asked = O_TRUNCATE;
  if (shape->open_flags == SHAPE_HOW) {
    bpf_probe_read_user(&asked, sizeof asked, (void *)argument(regs, compat, 2));
  } else if (shape->open_flags != SHAPE_ABSENT) {
    asked = argument(regs, compat, shape->open_flags);
  }
  _Bool truncates = (asked & O_TRUNCATE) != 0;
  if (constants.writes_only && (flags & O_ACCESS) == 0 && !created && !truncates) {
    return;
  }
  begin(&making->head, RECORD_OPEN, task);
  making->head.open_flags = flags;
  making->head.flags = (created ? RECORD_CREATED : 0) | (truncates ? RECORD_TRUNCATES : 0);
  int directory = directory_of(regs, compat, shape->directory);
  __u32 text = put_chain(making, 0, 0, (__u64)&file->f_path, start_of(task, directory));
  __u32 used = put_text(making, 1, text, argument(regs, compat, shape->path));
  if (making->head.start_at == 0) {
    used = put_start(making, 2, used, text, task, directory);
  }
  finish(making, used);
}

static __always_inline void named(
    struct task_struct *task, struct pt_regs *regs, _Bool compat, const volatile struct shape *shape) {
  struct making *making = making_of(MAKING_CALL);
  if (making == 0) {
    return;
  }
  begin(&making->head, RECORD_NAME, task);
  making->head.value = shape->call;
  making->head.open_flags = (__u32)argument(regs, compat, 4); /* of renameat2 */
  if (shape->to_path == SHAPE_ABSENT && shape->to_directory != SHAPE_ABSENT) {
    making->head.open_flags = (__u32)argument(regs, compat, shape->to_directory);
  }
  __u32 used = put_text(making, 0, 0, argument(regs, compat, shape->path));
  used = put_start(making, 1, used, 0, task, directory_of(regs, compat, shape->directory));
  if (shape->to_path != SHAPE_ABSENT) {
    __u32 text = used;
    used = put_text(making, 2, used, argument(regs, compat, shape->to_path));
    used = put_start(making, 3, used, text, task, directory_of(regs, compat, shape->to_directory));
  }
  finish(making, used);
}

static __always_inline void contacted(
    struct task_struct *task, int descriptor, unsigned long address, __u32 length, _Bool sends) {
  struct making *making = making_of(MAKING_CALL);
  struct file *file = file_of(task, descriptor);
  if (making == 0 || file == 0 || address == 0 || length < 2) {
    return;
  }
  if ((BPF_CORE_READ(file, f_inode, i_mode) & TYPE_MASK) != TYPE_SOCKET) {
    return;
  }
  struct socket *socket = BPF_CORE_READ(file, private_data);
  begin(&making->head, RECORD_SOCKET, task);
  making->head.value = BPF_CORE_READ(socket, type);
  making->head.flags = sends ? RECORD_SEND : 0;
  length = length > ADDRESS_MAX ? ADDRESS_MAX : length;
  BOUND(length, ADDRESS_MAX);
  if (bpf_probe_read_user(making->data, length, (void *)address) != 0) {
    lose();
    return;
  }
  making->head.pieces[0] = length;
  __u32 used = length;
  if (making->data[0] == FAMILY_UNIX && making->data[1] == 0) { /* its name may be relative */
    struct fs_struct *fs = BPF_CORE_READ(task, fs);
    used = put_chain(making, 1, used, (__u64)&fs->pwd, 0);
  }
  finish(making, used);
}

/* msg_name and msg_namelen stand first in struct msghdr of every ABI. */
static __always_inline void message(
    struct task_struct *task, int descriptor, _Bool compat, unsigned long header) {
  unsigned long name = 0;
  __u32 length = 0;
  __u32 pointer = compat ? 4 : 8;
  bpf_probe_read_user(&name, pointer, (void *)header);
  if (name != 0 && bpf_probe_read_user(&length, sizeof length, (void *)(header + pointer)) == 0) {
    contacted(task, descriptor, name, length, 1);
  }
}

static __always_inline void messages(
    struct task_struct *task, int descriptor, _Bool compat, unsigned long vector, long sent) {
  for (int i = 0; i < MESSAGES_MAX && i < sent; i++) {
    message(task, descriptor, compat, vector + i * (compat ? 32 : 64));
  }
  if (sent > MESSAGES_MAX) {
    lose();
  }
}

/* Whether a connection was asked for: what came of it does not matter, but it must have been one. */
static __always_inline _Bool asked_for(long result) {
  return result >= 0 || result == -4 || result == -512 || /* interrupted */
         (result <= -97 && result >= -115 && result != -106) || result == -1 || result == -13;
}

/* The calls of socketcall(2) that matter here; their arguments are words in memory. */
static __always_inline void socketcall(struct task_struct *task, struct pt_regs *regs, long result) {
  __u32 words[6] = {};
  unsigned long number = argument(regs, 1, 0);
  void *at = (void *)argument(regs, 1, 1);
  if (bpf_probe_read_user(words, number == 11 ? 24 : number == 20 ? 16 : 12, at) != 0) {
    return;
  }
  if (number == 3 && asked_for(result)) {
    contacted(task, (int)words[0], words[1], words[2], 0);
  } else if (number == 11 && result >= 0) {
    contacted(task, (int)words[0], words[4], words[5], 1);
  } else if (number == 16 && result >= 0) {
    message(task, (int)words[0], 1, words[1]);
  } else if (number == 20 && result > 0) {
    messages(task, (int)words[0], 1, words[1], result);
  }
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_call, struct pt_regs *regs, long result) {
  long number = number_of(regs);
  struct task_struct *task = bpf_get_current_task_btf();
  _Bool compat = is_compat(task);
  _Bool x32 = !compat && (number & X32_BIT) != 0;
  if (x32) {
    number &= ~(long)X32_BIT;
  }
  if (number < 0 || number >= RECORD_CALLS) {
    return 0;
  }
  const volatile struct shape *shape = &constants.shapes[compat][number & (RECORD_CALLS - 1)];
  if (shape->kind == SHAPE_NONE || !follows(task->tgid)) {
    return 0;
  }
  if (x32) {
    if (result >= 0) {
      lose(); /* its structures are not read */
    }
    return 0;
  }
  switch (shape->kind) {
    case SHAPE_OPEN:
      opened(task, regs, compat, shape, result);
      break;
    case SHAPE_NAMES:
      if (result == 0) {
        named(task, regs, compat, shape);
      }
      break;
    case SHAPE_CONNECT:
      if (asked_for(result)) {
        contacted(task, (int)argument(regs, compat, 0), argument(regs, compat, 1),
                  (__u32)argument(regs, compat, 2), 0);
      }
      break;
    case SHAPE_SENDTO:
      if (result >= 0) {
        contacted(task, (int)argument(regs, compat, 0), argument(regs, compat, 4),
                  (__u32)argument(regs, compat, 5), 1);
      }
      break;
    case SHAPE_SENDMSG:
      if (result >= 0) {
        message(task, (int)argument(regs, compat, 0), compat, argument(regs, compat, 1));
      }
      break;
    case SHAPE_SENDMMSG:
      messages(task, (int)argument(regs, compat, 0), compat, argument(regs, compat, 1), result);
      break;
    case SHAPE_SOCKETCALL:
      socketcall(task, regs, result);
      break;
  }
  return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child) {
  __u32 pid = child->tgid;
  __u8 yes = 1;
  if (child->pid != child->tgid) {
    return 0;
  }
  _Bool follow = follows(parent->tgid);
  if (!follow && !constants.everybody) {
    return 0;
  }
  struct record record;
  begin(&record, RECORD_FORK, parent);
  record.other = pid;
  record.other_start = child->start_boottime;
  record.length = sizeof record;
  send(&record, sizeof record);
  if (follow && bpf_map_update_elem(&followed, &pid, &yes, BPF_ANY) != 0) {
    lose();
  }
  return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *program) {
  struct making *making = making_of(MAKING_EXEC);
  if (making == 0 || (!constants.everybody && !follows(task->tgid))) {
    return 0;
  }
  begin(&making->head, RECORD_EXEC, task);
  making->head.other = task->real_parent->tgid;
  making->head.user = task->cred->euid.val;
  struct file *image = BPF_CORE_READ(program, file);
  struct fs_struct *fs = BPF_CORE_READ(task, fs);
  __u32 used = put_chain(making, 0, 0, (__u64)&image->f_path, 0);
  used = put_chain(making, 1, used, (__u64)&fs->pwd, 0);
  unsigned long from = BPF_CORE_READ(task, mm, arg_start);
  unsigned long length = BPF_CORE_READ(task, mm, arg_end) - from;
  if (length > RECORD_ARGUMENTS_MAX) {
    length = RECORD_ARGUMENTS_MAX;
    making->head.flags |= RECORD_CUT;
  }
  if (used <= 2 * RECORD_CHAIN_MAX &&
      bpf_probe_read_user(&making->data[used & DATA_MASK], length & (2 * RECORD_ARGUMENTS_MAX - 1), (void *)from) == 0) {
    making->head.pieces[2] = length;
    used += length;
  } else {
    making->head.flags |= RECORD_CUT;
  }
  finish(making, used);
  return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task) {
  __u32 pid = task->tgid;
  if (task->signal->live.counter != 0) {
    return 0; /* other threads go on */
  }
  if (bpf_map_delete_elem(&followed, &pid) != 0 && !constants.everybody) {
    return 0;
  }
  struct record record;
  begin(&record, RECORD_EXIT, task);
  _Bool group = (task->signal->flags & GROUP_EXIT) != 0;
  record.value = group ? task->signal->group_exit_code : task->group_leader->exit_code;
  record.length = sizeof record;
  send(&record, sizeof record);
  return 0;
}

/* Does without system calls what they do; not understood here, so counted. */
SEC("?tp_btf/io_uring_submit_req")
int BPF_PROG(on_ring, struct io_kiocb *request) {
  struct task_struct *task = bpf_get_current_task_btf();
  if (constants.ring_calls[BPF_CORE_READ(request, opcode) & (RECORD_RING_CALLS - 1)] && follows(task->tgid)) {
    lose();
  }
  return 0;
}

char licence[] SEC("license") = "GPL";
