/*
 * Names that were resolved lately and the paths they led to. Bounded: a new name takes the place of
 * the one in its slot.
 */
#ifndef QUINT_RECALL_H
#define QUINT_RECALL_H

#include "path.h"

#include <stdint.h>

enum { RECALL_TEXT = 232 };

struct recalled {
  dev_t device;
  ino_t inode;
  uint16_t name_length;
  uint16_t path_length;
  bool nofollow;
  char name[RECALL_TEXT];
  char path[RECALL_TEXT]; /* terminated */
};

/* What the absolute name led to when it was looked at last, or NULL. */
const struct recalled *recall_find(const char *name, size_t length, bool nofollow);

/* Keeps what was found under the name that was asked for. */
void recall_keep(bool nofollow, const struct located *located);

#endif
