/*
 * The system calls that the supervisor is told of, for every ABI that a process on this machine can
 * use. One number means different calls in different ABIs, so a call is looked up by (arch, number).
 */
#ifndef QUINT_CALLS_H
#define QUINT_CALLS_H

#include <stddef.h>
#include <stdint.h>

enum call {
  CALL_NONE = 0,
  CALL_EXECVE,
  CALL_EXECVEAT,
  CALL_OPEN,
  CALL_OPENAT,
  CALL_OPENAT2,
  CALL_CREAT,
  CALL_TRUNCATE,
  CALL_RENAME,
  CALL_RENAMEAT,
  CALL_RENAMEAT2,
  CALL_UNLINK,
  CALL_UNLINKAT,
  CALL_RMDIR,
  CALL_LINK,
  CALL_LINKAT,
  CALL_SYMLINK,
  CALL_SYMLINKAT,
  CALL_MKNOD,
  CALL_MKNODAT,
  CALL_CONNECT,
  CALL_SENDTO,
  CALL_SENDMSG,
  CALL_SENDMMSG,
  CALL_SOCKETCALL, /* i386: one number for all socket calls */
  CALL_EXIT,       /* one thread ends */
  CALL_EXIT_GROUP, /* the process ends */
  CALL_CWD,        /* changes the working directory */
  CALL_VIEW,       /* changes what paths mean: chroot, pivot_root, unshare, setns, mount, umount2 */
  CALL_RIGHTS,     /* changes who may open a file */
  CALL_USER,       /* changes the user or the groups of who calls */
  CALL_REFUSE      /* answered ENOSYS: would do the above without a call of its own */
};

struct call_entry {
  uint32_t nr;
  enum call call;
};

struct abi {
  uint32_t arch; /* AUDIT_ARCH_* */
  const struct call_entry *entries;
  size_t count;
};

/* Tables of one ABI each; unordered. */
extern const struct call_entry calls_native[];
extern const size_t calls_native_count;
#if defined(__x86_64__)
extern const struct call_entry calls_i386[];
extern const size_t calls_i386_count;
extern const struct call_entry calls_x32[];
extern const size_t calls_x32_count;
#elif defined(__aarch64__)
extern const struct call_entry calls_arm[];
extern const size_t calls_arm_count;
#endif

/* Most calls that one architecture can have, all its ABIs together. */
enum { CALLS_MAX = 256 };

/* Most architectures of one machine. */
enum { ABIS_MAX = 2 };

/* Fills abis with sorted tables; the number of architectures. Call once, before anything else. */
size_t calls_init(const struct abi **abis);

/* The call behind a number, CALL_NONE when it is not one of ours. */
enum call calls_find(uint32_t arch, uint32_t nr);

/* Bytes of a pointer in the memory of the caller of this call. */
unsigned calls_pointer_bytes(uint32_t arch, uint32_t nr);

#endif
