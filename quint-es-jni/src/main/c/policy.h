/*
 * What is refused before it happens. The reader names sensitive targets at the start and declares
 * exceptions over the socket as it goes; the supervisor reads what has arrived and never waits for
 * more. A declaration that was written before the act is asked for is in effect, since the socket is
 * read again before a call is refused.
 *
 * To the supervisor: u32 length of the whole frame, u8 kind (enum policy_kind), 3 zero bytes, the
 * pattern without NUL. A pattern is fnmatch(3)'s with `*` matching `/` too; it is held against absolute paths, and
 * against `connect:ADDRESS:PORT` (IPv6 in brackets) and `connect:unix:SOCKET`. Stops listening at a frame that is not of this form.
 */
#ifndef QUINT_POLICY_H
#define QUINT_POLICY_H

#include <stdbool.h>
#include <stddef.h>

enum { POLICY_REFUSED_MAX = 256, POLICY_DECLARED_MAX = 1024, POLICY_PATTERN_MAX = 4096 };

enum policy_kind {
  POLICY_REFUSE = 1,  /* is refused unless declared */
  POLICY_DECLARE = 2, /* the oldest goes when there are too many */
  POLICY_FORGET = 3,  /* drops all that was declared; the pattern is empty */
  POLICY_ANSWER = 4   /* instead of a pattern: u64 number of an ASK frame, u8 1: let go, 0: refuse */
};

/* False when it is no pattern or there are too many. */
bool policy_refuse(const char *pattern);

/* Whether anything can be refused. */
bool policy_armed(void);

/* Takes what has arrived. */
void policy_read(int socket);

/* Whether the target is refused. Reads the socket before it says yes. */
bool policy_refuses(int socket, const char *target);

#endif
