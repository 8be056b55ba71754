/*
 * Does one thing by one system call, for tests to see whether it is told: acts NAME [ARGUMENT...]
 * Exits with 0 when the call did what it should, 1 when not, 77 when it cannot be made here.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1, CANNOT = 77 };

extern char **environ;

static int done(long result) { return result < 0 ? FAILED : 0; }

static int close_opened(long fd) {
  if (fd >= 0) {
    close((int)fd);
  }
  return done(fd);
}

/* --- files --- */

static int act_open(char **a) { return close_opened(syscall(SYS_openat, AT_FDCWD, a[0], O_RDONLY)); }

static int act_openat2(char **a) {
  struct open_how how = {.flags = O_WRONLY};
  return close_opened(syscall(SYS_openat2, AT_FDCWD, a[0], &how, sizeof how));
}

static int act_openat(char **a) {
  int directory = open(a[0], O_PATH | O_DIRECTORY);
  return close_opened(openat(directory, a[1], O_RDWR));
}

static int act_creat(char **a) { return close_opened(creat(a[0], 0600)); }
static int act_create_exclusive(char **a) { return close_opened(open(a[0], O_CREAT | O_EXCL | O_RDWR, 0600)); }
static int act_nofollow(char **a) { return close_opened(open(a[0], O_RDONLY | O_NOFOLLOW)); }
static int act_append(char **a) { return close_opened(open(a[0], O_WRONLY | O_APPEND)); }
static int act_truncate(char **a) { return done(truncate(a[0], 0)); }
static int act_rename(char **a) { return done(rename(a[0], a[1])); }

static int act_exchange(char **a) {
  return done(syscall(SYS_renameat2, AT_FDCWD, a[0], AT_FDCWD, a[1], 2));
}

static int act_noreplace(char **a) {
  return done(syscall(SYS_renameat2, AT_FDCWD, a[0], AT_FDCWD, a[1], 1));
}

static int act_unlinkat(char **a) { return done(unlinkat(AT_FDCWD, a[0], 0)); }
static int act_rmdir(char **a) { return done(rmdir(a[0])); }
static int act_link(char **a) { return done(link(a[0], a[1])); }
static int act_symlink(char **a) { return done(symlink(a[0], a[1])); }
static int act_mknod(char **a) { return done(mknod(a[0], S_IFIFO | 0600, 0)); }

static int act_directory(char **a) {
  return close_opened(open(a[0], O_RDONLY)) | close_opened(open(a[0], O_RDONLY | O_DIRECTORY)) |
         close_opened(open(a[1], O_PATH));
}

static int act_self(char **a) {
  (void)a;
  return close_opened(open("/proc/self/status", O_RDONLY)) |
         close_opened(open("/proc/thread-self/comm", O_RDONLY));
}

static int act_bad_address(char **a) {
  (void)a;
  return open((const char *)8, O_RDONLY) < 0 && errno == EFAULT ? 0 : FAILED;
}

/* A name that ends right before a page that cannot be read. */
static int act_page_end(char **a) {
  char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4096, 4096, PROT_NONE);
  char *name = pages + 4096 - strlen(a[0]) - 1;
  strcpy(name, a[0]);
  return close_opened(open(name, O_RDONLY));
}

/* --- other ABIs --- */

#if defined(__x86_64__)
static long int80(long nr, long b, long c, long d) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(b), "c"(c), "d"(d) : "memory", "r8", "r9", "r10", "r11");
  return (int)result;
}

static char *low(const void *bytes, size_t length) {
  char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (page == MAP_FAILED) {
    exit(CANNOT);
  }
  memcpy(page, bytes, length);
  return page;
}

static int act_i386_open(char **a) {
  signal(SIGSEGV, SIG_DFL);
  return close_opened(int80(5, (long)low(a[0], strlen(a[0]) + 1), O_RDONLY, 0));
}

static int act_i386_connect(char **a) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(a[0]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  uint32_t words[3] = {(uint32_t)fd, (uint32_t)(uintptr_t)low(&address, sizeof address), sizeof address};
  return done(int80(102, 3, (long)low(words, sizeof words), 0));
}

static int act_x32_open(char **a) {
  long fd = syscall(0x40000000 | SYS_open, a[0], O_RDONLY);
  return fd < 0 && errno == ENOSYS ? CANNOT : close_opened(fd);
}
#else
static int act_i386_open(char **a) { (void)a; return CANNOT; }
static int act_i386_connect(char **a) { (void)a; return CANNOT; }
static int act_x32_open(char **a) { (void)a; return CANNOT; }
#endif

static int act_io_uring(char **a) {
  (void)a;
  char parameters[256] = {0};
  return syscall(425, 4, parameters) < 0 && errno == ENOSYS ? 0 : FAILED;
}

/* --- network --- */

static struct sockaddr_in v4(const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static struct sockaddr_in6 v6(const char *port) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(port))};
  address.sin6_addr = in6addr_loopback;
  return address;
}

static int act_connect4(char **a) {
  struct sockaddr_in address = v4(a[0]);
  return done(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
}

static int act_connect6(char **a) {
  struct sockaddr_in6 address = v6(a[0]);
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  return fd < 0 ? CANNOT : done(connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int act_connect_unix(char **a) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, a[0], sizeof address.sun_path - 1);
  return done(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
}

/* Listens itself on an abstract name, with a zero byte in it, and connects to that. */
static int act_connect_abstract(char **a) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(a[0]);
  memcpy(address.sun_path + 1, a[0], length);
  address.sun_path[length + 1] = 0;
  address.sun_path[length + 2] = 'z';
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 3);
  int server = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&address, size) != 0 || listen(server, 1) != 0) {
    return FAILED;
  }
  return done(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, size));
}

/* Three datagrams to a socket of its own at each of the paths, as programs write to a log. */
static int act_unix_datagrams(char **a) {
  for (; *a != NULL; a++) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, *a, sizeof address.sun_path - 1);
    int server = socket(AF_UNIX, SOCK_DGRAM, 0);
    int client = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0) {
      return FAILED;
    }
    for (int i = 0; i < 3; i++) {
      if (sendto(client, "x", 1, 0, (struct sockaddr *)&address, sizeof address) != 1) {
        return FAILED;
      }
    }
  }
  return 0;
}

static int act_sendto(char **a) {
  struct sockaddr_in address = v4(a[0]);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  for (int i = 0; i < 3; i++) {
    if (sendto(fd, "x", 1, 0, (struct sockaddr *)&address, sizeof address) != 1) {
      return FAILED;
    }
  }
  return 0;
}

/* A process that closes its memory to others of its user. */
static int act_hidden_open(char **a) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  return act_open(a);
}

static int act_hidden_connect(char **a) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  return act_sendto(a);
}

static struct msghdr message(struct sockaddr_in *address, struct iovec *part) {
  part->iov_base = "x";
  part->iov_len = 1;
  return (struct msghdr){.msg_name = address, .msg_namelen = sizeof *address, .msg_iov = part, .msg_iovlen = 1};
}

static int act_sendmsg(char **a) {
  struct sockaddr_in address = v4(a[0]);
  struct iovec part;
  struct msghdr sent = message(&address, &part);
  return done(sendmsg(socket(AF_INET, SOCK_DGRAM, 0), &sent, 0));
}

static int act_sendmmsg(char **a) {
  struct sockaddr_in first = v4(a[0]);
  struct sockaddr_in second = v4(a[1]);
  struct iovec part;
  struct mmsghdr sent[2] = {{.msg_hdr = message(&first, &part)}, {.msg_hdr = message(&second, &part)}};
  return sendmmsg(socket(AF_INET, SOCK_DGRAM, 0), sent, 2, 0) == 2 ? 0 : FAILED;
}

/* What resolvers do to learn their source address. */
static int act_udp_port_0(char **a) {
  (void)a;
  struct sockaddr_in address = v4("0");
  return done(connect(socket(AF_INET, SOCK_DGRAM, 0), (struct sockaddr *)&address, sizeof address));
}

/* --- processes --- */

static void *open_in_thread(void *name) {
  close_opened(open(name, O_RDONLY));
  return NULL;
}

static int act_thread(char **a) {
  pthread_t thread;
  return pthread_create(&thread, NULL, open_in_thread, a[0]) != 0 || pthread_join(thread, NULL) != 0;
}

/* Two directories and one name: a thread opens it in the second, in turn with the main one in the first. */
struct elsewhere {
  const char *directory;
  const char *name;
  _Bool unshares;
  _Atomic int turn; /* even: the main thread's */
  _Atomic int failed;
};

enum { TURNS = 80 };

static void open_in_turn(struct elsewhere *e, int first) {
  for (int turn = first; turn < TURNS; turn += 2) {
    while (e->turn != turn) {
      usleep(100);
    }
    e->failed |= close_opened(open(e->name, O_RDONLY));
    e->turn = turn + 1;
  }
}

static int open_elsewhere(void *argument) {
  struct elsewhere *e = argument;
  e->failed |= e->unshares && unshare(CLONE_FS) != 0;
  e->failed |= chdir(e->directory) != 0;
  open_in_turn(e, 1);
  return 0;
}

static void *thread_elsewhere(void *argument) {
  open_elsewhere(argument);
  return NULL;
}

static int act_unshared_directory(char **a) {
  struct elsewhere e = {.directory = a[1], .name = a[2], .unshares = 1};
  pthread_t thread;
  if (chdir(a[0]) != 0 || pthread_create(&thread, NULL, thread_elsewhere, &e) != 0) {
    return FAILED;
  }
  open_in_turn(&e, 0);
  pthread_join(thread, NULL);
  return e.failed;
}

/* A thread that never shared it: no library makes one. */
static int act_own_directory(char **a) {
  enum { STACK = 1 << 20 };
  static struct elsewhere e;
  e.directory = a[1];
  e.name = a[2];
  char *stack = malloc(STACK);
  int flags = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  if (chdir(a[0]) != 0 || stack == NULL || clone(open_elsewhere, stack + STACK, flags, &e) < 0) {
    return FAILED;
  }
  open_in_turn(&e, 0);
  while (e.turn < TURNS) {
    usleep(100);
  }
  return e.failed;
}

static void *exec_in_thread(void *program) {
  char *argv[] = {program, "from-thread", NULL};
  execv(program, argv);
  return NULL;
}

static int act_exec_in_thread(char **a) {
  pthread_t thread;
  pthread_create(&thread, NULL, exec_in_thread, a[0]);
  while (close_opened(open("/dev/null", O_RDONLY)) == 0) {
    /* the main thread is busy until it is replaced */
  }
  return FAILED;
}

static int status_of(pid_t child) {
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
}

static int act_vfork(char **a) {
  char *argv[] = {a[0], "by-vfork", NULL};
  pid_t child = vfork();
  if (child == 0) {
    execv(a[0], argv);
    _exit(FAILED);
  }
  return status_of(child);
}

static int act_spawn(char **a) {
  char *argv[] = {a[0], "by-spawn", NULL};
  pid_t child;
  return posix_spawn(&child, a[0], NULL, NULL, argv, environ) == 0 ? status_of(child) : FAILED;
}

static int act_fexecve(char **a) {
  char *argv[] = {"by-descriptor", NULL};
  return fexecve(open(a[0], O_PATH | O_CLOEXEC), argv, environ);
}

/* Execs that fail: no file, a directory, no right, no program; then one that works. */
static int act_failing_execs(char **a) {
  char *argv[] = {"never", NULL};
  execv("/no/such/program", argv);
  execv("/", argv);
  for (int i = 0; a[i] != NULL; i++) {
    execv(a[i], argv);
  }
  return close_opened(open("/dev/null", O_RDONLY));
}

/* Runs itself again and again, each time with the same program and arguments. */
static int act_again(char **a) {
  (void)a;
  const char *left = getenv("ACTS_LEFT");
  int count = left == NULL ? 5 : atoi(left);
  if (count == 0) {
    return 0;
  }
  char text[16];
  snprintf(text, sizeof text, "%d", count - 1);
  setenv("ACTS_LEFT", text, 1);
  char *argv[] = {"acts", "again", NULL};
  execv("/proc/self/exe", argv);
  return FAILED;
}

/* A daemon: its parent ends at once, and it acts when it is nobody's child any more. */
static int act_daemon(char **a) {
  pid_t first = fork();
  if (first == 0) {
    if (fork() == 0) {
      setsid();
      usleep(50000);
      _exit(close_opened(open(a[0], O_RDONLY)));
    }
    _exit(0);
  }
  usleep(300000);
  return status_of(first);
}

/* The parent is killed before its child has done anything. */
static int act_orphan(char **a) {
  int ready[2];
  char byte;
  pid_t parent = pipe(ready) == 0 ? fork() : -1;
  if (parent == 0) {
    if (fork() == 0) {
      usleep(100000);
      _exit(close_opened(open(a[0], O_RDONLY)));
    }
    close_opened(open("/dev/null", O_RDONLY));
    if (write(ready[1], "", 1) == 1) {
      pause();
    }
  }
  if (parent < 0 || read(ready[0], &byte, 1) != 1) {
    return FAILED;
  }
  kill(parent, SIGKILL);
  usleep(300000);
  waitpid(parent, NULL, 0);
  return 0;
}

static struct {
  int descriptor;
  char *page;
} fault;

/* Fills the page when it is asked for the second time: not for who looks, but for the call itself. */
static void *fill_at_second_fault(void *unused) {
  struct uffd_msg message;
  for (int faults = 0; faults < 2;) {
    if (read(fault.descriptor, &message, sizeof message) != sizeof message) {
      return unused;
    }
    faults += message.event == UFFD_EVENT_PAGEFAULT;
  }
  struct uffdio_zeropage zero = {.range = {.start = (uint64_t)(uintptr_t)fault.page, .len = 4096}};
  ioctl(fault.descriptor, UFFDIO_ZEROPAGE, &zero);
  return unused;
}

static int open_by_page_that_is_not_there(void) {
  struct uffdio_api api = {.api = UFFD_API};
  struct uffdio_register region = {.mode = UFFDIO_REGISTER_MODE_MISSING};
  pthread_t filler;
  fault.page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fault.descriptor = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
  region.range.start = (uint64_t)(uintptr_t)fault.page;
  region.range.len = 4096;
  if (fault.descriptor < 0 || ioctl(fault.descriptor, UFFDIO_API, &api) != 0 ||
      ioctl(fault.descriptor, UFFDIO_REGISTER, &region) != 0) {
    return CANNOT;
  }
  pthread_create(&filler, NULL, fill_at_second_fault, NULL);
  return open(fault.page, O_RDONLY) < 0 && errno == ENOENT ? 0 : FAILED;
}

/*
 * A child asks for a file by a name in memory that is not there; who looks at it hangs. The child's
 * call must come to its end all the same, and so must ours meanwhile.
 */
static int act_stuck(char **a) {
  pid_t child = fork();
  if (child == 0) {
    _exit(open_by_page_that_is_not_there());
  }
  usleep(100000);
  for (int i = 0; i < 100; i++) {
    if (close_opened(open(a[0], O_RDONLY)) != 0) {
      return FAILED;
    }
  }
  return status_of(child);
}

static int act_die_by_signal(char **a) {
  raise(atoi(a[0]));
  return FAILED;
}

/* Opens a file as often as asked; every open must work. */
static int act_many(char **a) {
  for (int i = atoi(a[1]); i > 0; i--) {
    if (close_opened(open(a[0], O_RDONLY)) != 0) {
      return FAILED;
    }
  }
  return 0;
}

/* As often as asked: a name that is not there is opened, made, opened, and removed, one right after the other. */
static int act_fleeting(char **a) {
  for (int i = atoi(a[1]); i > 0; i--) {
    if (open(a[0], O_RDONLY) >= 0 || close_opened(creat(a[0], 0600)) != 0 ||
        close_opened(open(a[0], O_RDONLY)) != 0 || unlink(a[0]) != 0) {
      return FAILED;
    }
  }
  return 0;
}

/* As often as asked: a directory that is not there is looked into, then there, then away again. */
static int act_fleeting_directory(char **a) {
  char away[4096];
  snprintf(away, sizeof away, "%s-away", a[0]);
  for (int i = atoi(a[2]); i > 0; i--) {
    char file[8192];
    snprintf(file, sizeof file, "%s/%s", a[0], a[1]);
    if (close_opened(open(file, O_RDONLY)) != 0 || rename(a[0], away) != 0 || open(file, O_RDONLY) >= 0 ||
        rename(away, a[0]) != 0) {
      return FAILED;
    }
  }
  return 0;
}

/* As often as asked: a file is opened by its owner, who then may not, tries, and may again. Not for root. */
static int act_closed(char **a) {
  if (geteuid() == 0) {
    char *again[] = {"acts", "closed", a[0], a[1], NULL};
    if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0) {
      return CANNOT;
    }
    execv("/proc/self/exe", again);
    return FAILED;
  }
  if (close_opened(creat(a[0], 0600)) != 0) {
    return FAILED;
  }
  for (int i = atoi(a[1]); i > 0; i--) {
    if (close_opened(open(a[0], O_RDONLY)) != 0 || chmod(a[0], 0) != 0 || open(a[0], O_RDONLY) >= 0 ||
        chmod(a[0], 0600) != 0) {
      return FAILED;
    }
  }
  return 0;
}

static int readable(const char *file) {
  int fd = open(file, O_RDONLY);
  return fd < 0 ? 0 : close(fd) == 0;
}

/* Root becomes somebody else without an exec, and tries two files; so does a child; then an exec. */
static int act_drops(char **a) {
  if (setgroups(0, NULL) != 0 || setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) {
    return CANNOT;
  }
  if (readable(a[0]) || !readable(a[1])) {
    return FAILED;
  }
  pid_t child = fork();
  if (child == 0) {
    _exit(readable(a[0]) || !readable(a[1]));
  }
  if (status_of(child) != 0) {
    return FAILED;
  }
  execl("/bin/cat", "cat", a[1], (char *)NULL);
  return FAILED;
}

/* Files are made in a directory; then it has another name, and a link has the one that it had. */
static int act_renamed_directory(char **a) {
  char first[4096];
  char second[4096];
  snprintf(first, sizeof first, "%s/a", a[0]);
  snprintf(second, sizeof second, "%s/b", a[0]);
  return close_opened(creat(first, 0600)) != 0 || rename(a[0], a[1]) != 0 || symlink(a[1], a[0]) != 0 ||
         close_opened(creat(second, 0600)) != 0 || unlink(first) != 0;
}

static int told_by_pipe(int pipe) {
  char byte;
  return read(pipe, &byte, 1) == 1;
}

static int begin[2];

static void *open_when_told(void *file) { return told_by_pipe(begin[0]) && readable(file) ? file : NULL; }

/* The first call of a child's thread comes right after one of its parent. */
static int act_thread_of_a_child(char **a) {
  if (pipe(begin) != 0) {
    return FAILED;
  }
  pid_t child = fork();
  if (child == 0) {
    pthread_t thread;
    void *opened = NULL;
    _exit(pthread_create(&thread, NULL, open_when_told, a[0]) != 0 || pthread_join(thread, &opened) != 0 ||
          opened == NULL);
  }
  usleep(50000);
  return !readable("/dev/null") || write(begin[1], "", 1) != 1 || status_of(child) != 0;
}

static _Atomic int arrived;

static void *open_before_and_after(void *turns) {
  for (int turn = 1; turn <= *(int *)turns; turn++) {
    while (arrived < turn) {
      readable("before");
    }
    readable("after");
    arrived = -turn;
    while (arrived == -turn) {
    }
  }
  return NULL;
}

/* One thread opens files all the time while the other moves both from one directory to the other. */
static int act_moves_meanwhile(char **a) {
  pthread_t thread;
  int turns = atoi(a[2]);
  if (pthread_create(&thread, NULL, open_before_and_after, &turns) != 0) {
    return FAILED;
  }
  for (int turn = 1; turn <= turns; turn++) {
    if (chdir(a[turn % 2]) != 0) {
      return FAILED;
    }
    arrived = turn;
    while (arrived != -turn) {
    }
    arrived = 0;
  }
  pthread_join(thread, NULL);
  return 0;
}

/* As often as asked, a child that ends at once. */
static int act_forks(char **a) {
  for (int i = atoi(a[0]); i > 0; i--) {
    pid_t child = fork();
    if (child == 0) {
      _exit(3);
    }
    if (status_of(child) != 3) {
      return FAILED;
    }
  }
  return 0;
}

static const struct {
  const char *name;
  int (*act)(char **arguments);
} acts[] = {
    {"open", act_open}, {"openat2", act_openat2}, {"openat", act_openat}, {"creat", act_creat},
    {"create-exclusive", act_create_exclusive}, {"nofollow", act_nofollow}, {"append", act_append},
    {"truncate", act_truncate}, {"rename", act_rename}, {"exchange", act_exchange},
    {"noreplace", act_noreplace}, {"unlinkat", act_unlinkat}, {"rmdir", act_rmdir}, {"link", act_link},
    {"symlink", act_symlink}, {"mknod", act_mknod}, {"directory", act_directory}, {"self", act_self},
    {"bad-address", act_bad_address}, {"page-end", act_page_end}, {"i386-open", act_i386_open},
    {"i386-connect", act_i386_connect}, {"x32-open", act_x32_open}, {"io-uring", act_io_uring},
    {"connect4", act_connect4}, {"connect6", act_connect6}, {"connect-unix", act_connect_unix},
    {"hidden-open", act_hidden_open}, {"hidden-connect", act_hidden_connect},
    {"connect-abstract", act_connect_abstract}, {"unix-datagrams", act_unix_datagrams},
    {"sendto", act_sendto}, {"sendmsg", act_sendmsg}, {"sendmmsg", act_sendmmsg},
    {"udp-port-0", act_udp_port_0}, {"thread", act_thread},
    {"unshared-directory", act_unshared_directory}, {"own-directory", act_own_directory}, {"exec-in-thread", act_exec_in_thread},
    {"vfork", act_vfork}, {"spawn", act_spawn}, {"fexecve", act_fexecve},
    {"failing-execs", act_failing_execs}, {"again", act_again}, {"daemon", act_daemon},
    {"orphan", act_orphan}, {"stuck", act_stuck}, {"die-by-signal", act_die_by_signal}, {"many", act_many},
    {"fleeting", act_fleeting}, {"fleeting-directory", act_fleeting_directory}, {"closed", act_closed},
    {"forks", act_forks}, {"drops", act_drops}, {"renamed-directory", act_renamed_directory},
    {"thread-of-a-child", act_thread_of_a_child}, {"moves-meanwhile", act_moves_meanwhile},
};

int main(int argc, char **argv) {
  for (size_t i = 0; argc > 1 && i < sizeof acts / sizeof acts[0]; i++) {
    if (strcmp(argv[1], acts[i].name) == 0) {
      return acts[i].act(argv + 2);
    }
  }
  fprintf(stderr, "acts: no such act\n");
  return 2;
}
