/*
 * What the kernel's side tells the other side: a fixed head, then up to four pieces of bytes, one
 * after the other. Only what both a BPF program and user space understand stands here.
 */
#ifndef QUINT_RECORD_H
#define QUINT_RECORD_H

enum record_kind {
  RECORD_FORK = 1,    /* other: the child */
  RECORD_EXEC = 2,    /* chain of the program, chain of the working directory, arguments */
  RECORD_EXIT = 3,    /* value: wait status */
  RECORD_OPEN = 4,    /* chain of the file, text asked for, chain that it starts from */
  RECORD_NAME = 5,    /* text, its chain, second text, its chain; value: the call */
  RECORD_SOCKET = 6   /* an address as the call had it, of a Unix socket the chain of the working directory;
                         value: SOCK_STREAM and the like */
};

enum {
  RECORD_CUT = 1,     /* a piece did not fit */
  RECORD_CREATED = 2, /* OPEN: the call made the file */
  RECORD_TRUNCATES = 4,
  RECORD_SEND = 8     /* SOCKET: a datagram, not a connect */
};

enum {
  RECORD_PIECES = 4,
  RECORD_NAME_ROOM = 256,   /* the longest component, with its end */
  RECORD_CHAIN_MAX = 4096,
  RECORD_DATA_MAX = 16384,
  RECORD_ARGUMENTS_MAX = 8192,
  RECORD_CALLS = 512        /* numbers of calls that are looked at */
};

/*
 * A chain is a path from its end: components, each with its zero, the last name first. A chain that
 * was too long ends before the root.
 */
struct record {
  unsigned int length; /* of head and pieces */
  unsigned char kind;
  unsigned char flags;
  unsigned short pieces[RECORD_PIECES]; /* their lengths */
  unsigned short unused;
  int pid;
  int other;               /* FORK: the child; else the parent */
  int value;
  unsigned int open_flags; /* of the open file */
  unsigned int user;       /* EXEC: effective */
  unsigned int start_at;   /* OPEN: one more than where the chain that the text starts from begins in the
                              file's own; 0: it does not lie in it, and piece 2 tells */
  unsigned long long start;       /* of the process, since boot */
  unsigned long long other_start; /* FORK: of the child */
  unsigned long long time;        /* since boot */
};

/* What to read of a call's arguments; SHAPE_ABSENT for an argument that it does not have. */
enum shape_kind {
  SHAPE_NONE = 0,
  SHAPE_OPEN,
  SHAPE_NAMES,
  SHAPE_CONNECT,
  SHAPE_SENDTO,
  SHAPE_SENDMSG,
  SHAPE_SENDMMSG,
  SHAPE_SOCKETCALL
};

enum { SHAPE_ABSENT = 255, SHAPE_HOW = 254 };

struct shape {
  unsigned char kind;
  unsigned char directory;
  unsigned char path;
  unsigned char to_directory;
  unsigned char to_path;
  unsigned char open_flags; /* SHAPE_HOW: in the struct that argument 2 points to */
  unsigned char call;       /* enum call */
  unsigned char unused;
};

enum { RECORD_RING_CALLS = 64 };

/* Set before the program is loaded; it only reads them. */
struct record_constants {
  struct shape shapes[2][RECORD_CALLS]; /* of the native ABI and of the 32-bit one */
  unsigned char ring_calls[RECORD_RING_CALLS]; /* io_uring operations that are counted as lost */
  unsigned char writes_only;
  unsigned char everybody; /* forks, execs and exits of all processes */
};

/* Shared while it runs. */
struct record_shared {
  unsigned long long lost;
  unsigned int reader_sleeps;
};

#endif
