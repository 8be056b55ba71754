#include "calls.h"

#include <linux/audit.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "quint-trace is written for x86-64 and aarch64"
#endif

#define X32_BIT 0x40000000u

static struct call_entry tables[ABIS_MAX][CALLS_MAX];
static struct abi abis_known[ABIS_MAX];
static size_t abis_count;

static int by_number(const void *left, const void *right) {
  uint32_t a = ((const struct call_entry *)left)->nr;
  uint32_t b = ((const struct call_entry *)right)->nr;
  return (a > b) - (a < b);
}

static void add(size_t table, uint32_t arch, const struct call_entry *entries, size_t count) {
  struct abi *abi = &abis_known[table];
  if (abi->count + count > CALLS_MAX) {
    abort(); /* a build whose tables do not fit must not run */
  }
  abi->arch = arch;
  abi->entries = tables[table];
  memcpy(&tables[table][abi->count], entries, count * sizeof *entries);
  abi->count += count;
  qsort(tables[table], abi->count, sizeof *entries, by_number);
}

#if defined(__x86_64__)
/* Asked by a child, since a filter around us may end who asks. */
static bool x32_works(void) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    _exit(syscall((long)(SYS_getpid | X32_BIT)) > 0 ? 0 : 1);
  }
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* A kernel without x32 fails all its calls, so none of them may be told as done. */
static void add_x32(void) {
  bool works = x32_works();
  struct call_entry entries[CALLS_MAX];
  for (size_t i = 0; i < calls_x32_count && i < CALLS_MAX; i++) {
    entries[i].nr = calls_x32[i].nr;
    entries[i].call = works ? calls_x32[i].call : CALL_REFUSE;
  }
  add(0, NATIVE_ARCH, entries, calls_x32_count);
}
#endif

size_t calls_init(const struct abi **abis) {
  if (abis_count == 0) {
    add(0, NATIVE_ARCH, calls_native, calls_native_count);
#if defined(__x86_64__)
    add_x32();
    add(1, AUDIT_ARCH_I386, calls_i386, calls_i386_count);
#elif defined(__aarch64__)
    add(1, AUDIT_ARCH_ARM, calls_arm, calls_arm_count);
#endif
    abis_count = 2;
  }
  *abis = abis_known;
  return abis_count;
}

static enum call search(uint32_t arch, uint32_t nr) {
  for (size_t i = 0; i < abis_count; i++) {
    if (abis_known[i].arch != arch) {
      continue;
    }
    struct call_entry wanted = {nr, CALL_NONE};
    const struct call_entry *found = bsearch(
        &wanted, abis_known[i].entries, abis_known[i].count, sizeof wanted, by_number);
    return found == NULL ? CALL_NONE : found->call;
  }
  return CALL_NONE;
}

enum call calls_find(uint32_t arch, uint32_t nr) {
  static struct call_entry last;
  static uint32_t last_arch;
  if (nr != last.nr || arch != last_arch) { /* calls come in runs of the same one */
    last = (struct call_entry){nr, search(arch, nr)};
    last_arch = arch;
  }
  return last.call;
}

unsigned calls_pointer_bytes(uint32_t arch, uint32_t nr) {
#if defined(__x86_64__)
  return arch != NATIVE_ARCH || (nr & X32_BIT) != 0 ? 4 : 8;
#else
  (void)nr;
  return arch != NATIVE_ARCH ? 4 : 8;
#endif
}
