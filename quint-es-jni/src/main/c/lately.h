/*
 * What was looked up in the last milliseconds: working directories of processes, or of threads that
 * have one of their own, and where the text of
 * a directory leads. A call of the watched tree that may change an answer drops all of them, and none
 * is kept for a while then (LATELY_MOVES_NANOS), since the call is still to happen. What somebody
 * outside the tree changes is noticed when the entry has aged, at most LATELY_NANOS later. Bounded: a new entry takes the
 * place of the one in its slot.
 */
#ifndef QUINT_LATELY_H
#define QUINT_LATELY_H

#include "path.h"

#include <stdint.h>

enum { LATELY_TEXT = 232, LATELY_NANOS = 25000000, LATELY_MOVES_NANOS = 4000000 };

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

/* No working directory is kept: for a supervisor that is not told when one changes. */
void lately_without_cwd(void);

/* NULL when it is not known. */
const struct lately *lately_cwd(pid_t whose);
const struct lately *lately_cwd_at(pid_t whose, int64_t boottime);
const struct lately *lately_directory(const char *text, size_t length);

/* Whether a working directory would be kept that is looked up now. */
bool lately_keeps_cwd(void);

void lately_keep_cwd(pid_t whose, const char *path, size_t length);
void lately_keep_directory(const char *text, size_t length, const struct name *path);

/* A working directory is about to change. */
void lately_cwd_moves(void);

/* A directory or a link is about to be moved, removed or made. */
void lately_names_move(void);

#endif
