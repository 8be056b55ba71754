/*
 * The parts of the kernel's structures that quint.bpf.c reads. Where they lie is put in when the
 * program is loaded, from the type information of the running kernel (CO-RE), so these declarations
 * are all that is needed to build.
 */
#ifndef QUINT_KERNEL_H
#define QUINT_KERNEL_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr {
  unsigned int len;
  const unsigned char *name;
};

struct inode {
  unsigned short i_mode;
};

struct dentry {
  struct dentry *d_parent;
  struct qstr d_name;
};

struct vfsmount {
  struct dentry *mnt_root;
};

struct mount {
  struct mount *mnt_parent;
  struct dentry *mnt_mountpoint;
  struct vfsmount mnt;
};

struct path {
  struct vfsmount *mnt;
  struct dentry *dentry;
};

struct file {
  unsigned int f_mode;
  unsigned int f_flags;
  struct inode *f_inode;
  struct path f_path;
  void *private_data;
};

struct fdtable {
  unsigned int max_fds;
  struct file **fd;
};

struct files_struct {
  struct fdtable *fdt;
};

struct fs_struct {
  struct path pwd;
};

struct socket {
  short type;
};

struct mm_struct {
  unsigned long arg_start;
  unsigned long arg_end;
};

typedef struct {
  int counter;
} atomic_t;

struct signal_struct {
  atomic_t live;
  int group_exit_code;
  unsigned int flags;
};

typedef struct {
  unsigned int val;
} kuid_t;

struct cred {
  kuid_t euid;
};

struct thread_info {
  unsigned long flags;
  unsigned int status;
};

struct task_struct {
  struct thread_info thread_info;
  int pid;
  int tgid;
  int exit_code;
  unsigned long long start_boottime;
  struct task_struct *real_parent;
  struct task_struct *group_leader;
  struct mm_struct *mm;
  struct fs_struct *fs;
  struct files_struct *files;
  struct signal_struct *signal;
  const struct cred *cred;
};

struct linux_binprm {
  struct file *file;
};

struct io_kiocb {
  unsigned char opcode;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
  unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
  unsigned long long regs[31];
  unsigned long long orig_x0;
  int syscallno;
};
#endif

#pragma clang attribute pop

#endif
