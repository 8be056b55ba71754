#include "memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096, FIRST_READ = 256 };

bool memory_read(pid_t tid, uint64_t address, void *to, size_t length) {
  struct iovec local = {.iov_base = to, .iov_len = length};
  struct iovec remote = {.iov_base = (void *)(uintptr_t)address, .iov_len = length};
  return process_vm_readv(tid, &local, 1, &remote, 1, 0) == (ssize_t)length;
}

ssize_t memory_string(pid_t tid, uint64_t address, char *to, size_t capacity) {
  size_t have = 0;
  while (have < capacity) {
    /* Most paths are short; the first read is small and none crosses a page. */
    size_t want = PAGE - (size_t)((address + have) % PAGE);
    if (have == 0 && want > FIRST_READ) {
      want = FIRST_READ;
    }
    if (want > capacity - have) {
      want = capacity - have;
    }
    if (!memory_read(tid, address + have, to + have, want)) {
      return -1;
    }
    const char *end = memchr(to + have, 0, want);
    if (end != NULL) {
      return end - to;
    }
    have += want;
  }
  return -2;
}

int memory_open(pid_t pid) {
  char name[32];
  snprintf(name, sizeof name, "/proc/%d/mem", (int)pid);
  return open(name, O_RDONLY | O_CLOEXEC);
}

ssize_t memory_string_near(int memory, uint64_t address, char *to, size_t capacity) {
  size_t want = PAGE - (size_t)(address % PAGE);
  want = want < capacity ? want : capacity;
  ssize_t got = address > INT64_MAX ? -1 : pread(memory, to, want, (off_t)address);
  const char *end = got <= 0 ? NULL : memchr(to, 0, (size_t)got);
  return end == NULL ? -1 : end - to;
}

bool memory_pointer(pid_t tid, uint64_t address, unsigned bytes, uint64_t *to) {
  *to = 0; /* little-endian: a narrow pointer fills the low half */
  return memory_read(tid, address, to, bytes);
}
