/*
 * Per architecture a binary search over call numbers. Calls that are not in the table are allowed
 * without a look at their arguments, so the kernel answers them from its bitmap at no cost.
 */
#include "filter.h"

#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "argument words are read low half first");

enum { PROGRAM_MAX = 2048, LINEAR_MAX = 3 };

struct program {
  struct sock_filter code[PROGRAM_MAX];
  unsigned length;
  bool writes_only;
  bool overflow;
};

static unsigned emit(struct program *p, struct sock_filter instruction) {
  if (p->length == PROGRAM_MAX) {
    p->overflow = true;
    return 0;
  }
  p->code[p->length] = instruction;
  return p->length++;
}

static void load(struct program *p, size_t offset) {
  emit(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(struct program *p, uint32_t action) {
  emit(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static size_t argument(unsigned index) {
  return offsetof(struct seccomp_data, args) + index * sizeof(uint64_t);
}

/* Opens of directories and O_PATH handles read nothing and are not reported. */
static void open_rule(struct program *p, unsigned flags_argument) {
  load(p, argument(flags_argument));
  emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_DIRECTORY | O_PATH, 0, 1));
  answer(p, SECCOMP_RET_ALLOW);
  if (p->writes_only) {
    emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K,
                                         O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 1, 0));
    answer(p, SECCOMP_RET_ALLOW);
  }
  answer(p, SECCOMP_RET_USER_NOTIF);
}

/* A send without an address is no contact: the socket was connected before. */
static void sendto_rule(struct program *p) {
  load(p, argument(4));
  emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3));
  load(p, argument(4) + sizeof(uint32_t));
  emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
  answer(p, SECCOMP_RET_ALLOW);
  answer(p, SECCOMP_RET_USER_NOTIF);
}

static void rule(struct program *p, enum call call) {
  switch (call) {
    case CALL_OPEN:
      open_rule(p, 1);
      break;
    case CALL_OPENAT:
      open_rule(p, 2);
      break;
    case CALL_SENDTO:
      sendto_rule(p);
      break;
    case CALL_CWD:
    case CALL_RIGHTS: /* matter to what is remembered of reads alone */
      answer(p, p->writes_only ? SECCOMP_RET_ALLOW : SECCOMP_RET_USER_NOTIF);
      break;
    case CALL_REFUSE:
      answer(p, SECCOMP_RET_ERRNO | ENOSYS);
      break;
    default:
      answer(p, SECCOMP_RET_USER_NOTIF);
      break;
  }
}

/* Expects the number in the accumulator; every path through it ends in an answer. */
static void search(struct program *p, const struct call_entry *entries, size_t count) {
  if (count > LINEAR_MAX) {
    size_t half = count / 2;
    emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, entries[half].nr, 0, 1));
    unsigned jump = emit(p, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
    search(p, entries, half);
    p->code[jump].k = p->length - jump - 1;
    search(p, entries + half, count - half);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    unsigned test = emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, entries[i].nr, 0, 0));
    rule(p, entries[i].call);
    p->code[test].jf = (uint8_t)(p->length - test - 1);
  }
  answer(p, SECCOMP_RET_ALLOW);
}

static void build(struct program *p) {
  const struct abi *abis;
  size_t count = calls_init(&abis);
  for (size_t i = 0; i < count; i++) {
    load(p, offsetof(struct seccomp_data, arch));
    emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abis[i].arch, 1, 0));
    unsigned next = emit(p, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
    load(p, offsetof(struct seccomp_data, nr));
    search(p, abis[i].entries, abis[i].count);
    p->code[next].k = p->length - next - 1;
  }
  answer(p, SECCOMP_RET_ERRNO | ENOSYS); /* an architecture that we cannot watch does not run */
}

struct filter_result filter_install(bool writes_only) {
  static struct program program;
  struct filter_result result = {.listener = -1, .error = 0, .killable = true};
  program.length = 0;
  program.overflow = false;
  program.writes_only = writes_only;
  build(&program);
  if (program.overflow) {
    result.error = E2BIG;
    return result;
  }
  struct sock_fprog installed = {.len = (unsigned short)program.length, .filter = program.code};
  unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
  result.listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &installed);
  if (result.listener < 0 && errno == EINVAL) {
    result.killable = false;
    result.listener = (int)syscall(
        SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &installed);
  }
  if (result.listener < 0) {
    result.error = errno;
    result.listener = -1;
  }
  return result;
}
