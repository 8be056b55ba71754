/*
 * What was looked up in the last milliseconds: working directories of processes, or of threads that
 * have one of their own, and where the text of a directory leads. A call of the watched tree that may
 * change an answer drops all of them. None is kept until it has happened: until its thread makes
 * another call or sleeps in one, or LATELY_MOVES_NANOS have passed. What somebody outside the tree
 * changes is noticed when the entry has aged, at most LATELY_NANOS later. Bounded: a new entry takes
 * the place of the one in its slot.
 */
#ifndef QUINT_LATELY_H
#define QUINT_LATELY_H

#include "path.h"

#include <stdint.h>

enum { LATELY_TEXT = 232, LATELY_NANOS = 25000000, LATELY_MOVES_NANOS = 1000000000 };

struct lately {
  int64_t until; /* CLOCK_BOOTTIME */
  uint64_t generation;
  pid_t whose; /* of a working directory */
  uint16_t name_length;
  uint16_t path_length;
  char name[LATELY_TEXT];
  char path[LATELY_TEXT]; /* terminated */
};

/* The time of the call at hand. */
void lately_now(int64_t boottime);

/* The thread that makes it, of which no call can be under way any more, and the call's number. */
void lately_called(pid_t tid, int call);

/* Whether nothing is kept at that time until the thread makes a call. */
bool lately_waits_for(pid_t tid, int64_t boottime);

/* No working directory is kept beyond a call: for a supervisor that is not told when one changes. */
void lately_without_cwd(void);

/* NULL when it is not known. */
const struct lately *lately_cwd(pid_t whose);
const struct lately *lately_cwd_at(pid_t whose, int64_t boottime);
const struct lately *lately_directory(const char *text, size_t length);

/* Whether a working directory that is looked up now would be kept beyond the call at hand. */
bool lately_keeps_cwd(void);

void lately_keep_cwd(pid_t whose, const char *path, size_t length);
void lately_keep_directory(const char *text, size_t length, const struct name *path);

/* A working directory is about to change by a call of the thread. */
void lately_cwd_moves(pid_t tid);

/* A directory or a link is about to be moved, removed or made. */
void lately_names_move(pid_t tid);

#endif
