/*
 * What is refused before it happens: patterns of sensitive targets, and exceptions that are declared as
 * the agent goes. A pattern is fnmatch(3)'s with `*` matching `/` too; it is held against absolute
 * paths, and against `exec:PATH` for programs. Thread-safe; nothing is done under the lock but
 * matching and exchanging pointers, so whoever decides never waits for one who allocates.
 */
#ifndef QUINT_ES_REFUSE_H
#define QUINT_ES_REFUSE_H

#include <stdbool.h>
#include <stddef.h>

enum { REFUSED_MAX = 256, DECLARED_MAX = 1024, PATTERN_MAX = 4096 };

/* False when it is no pattern, there are too many, or no memory. */
bool refuse_add(const char *pattern);

/* An exception; the oldest goes when there are too many. False when it is no pattern. */
bool refuse_declare(const char *pattern);

/* Drops all exceptions. */
void refuse_forget(void);

/* Drops everything. */
void refuse_clear(void);

/* Whether anything can be refused. */
bool refuse_armed(void);

bool refuse_matches(const char *target);

#endif
