#include "policy.h"

#include "ask.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { HEADER = 8, BUFFER = 64 * 1024 };

static char *refused[POLICY_REFUSED_MAX];
static size_t refused_count;
static char *declared[POLICY_DECLARED_MAX];
static size_t declared_next;
static uint8_t buffer[BUFFER];
static size_t have;
static bool deaf; /* the reader said what we do not understand */

bool policy_armed(void) { return refused_count > 0; }

bool policy_refuse(const char *pattern) {
  size_t length = strlen(pattern);
  if (length == 0 || length > POLICY_PATTERN_MAX || refused_count == POLICY_REFUSED_MAX) {
    return false;
  }
  char *copy = strdup(pattern);
  if (copy != NULL) {
    refused[refused_count++] = copy;
  }
  return copy != NULL;
}

static void forget(void) {
  for (size_t i = 0; i < POLICY_DECLARED_MAX; i++) {
    free(declared[i]);
    declared[i] = NULL;
  }
}

static bool take_answer(const uint8_t *payload, size_t length) {
  uint64_t number;
  if (length != sizeof number + 1) {
    return false;
  }
  memcpy(&number, payload, sizeof number);
  ask_answered(number, payload[sizeof number] == 1);
  return true;
}

static bool take(enum policy_kind kind, const uint8_t *text, size_t length) {
  char pattern[POLICY_PATTERN_MAX + 1];
  if (kind == POLICY_ANSWER) {
    return take_answer(text, length);
  }
  if (length > POLICY_PATTERN_MAX || memchr(text, 0, length) != NULL) {
    return false;
  }
  memcpy(pattern, text, length);
  pattern[length] = 0;
  switch (kind) {
    case POLICY_REFUSE:
      return policy_refuse(pattern);
    case POLICY_DECLARE: {
      char **slot = &declared[declared_next++ % POLICY_DECLARED_MAX];
      free(*slot);
      *slot = strdup(pattern); /* without memory it stays refused */
      return length > 0;
    }
    case POLICY_FORGET:
      forget();
      return length == 0;
    default:
      return false;
  }
}

static void take_all(void) {
  size_t at = 0;
  while (!deaf && have - at >= HEADER) {
    uint32_t length;
    memcpy(&length, buffer + at, sizeof length);
    if (length < HEADER || length > HEADER + POLICY_PATTERN_MAX) {
      deaf = true;
      break;
    }
    if (have - at < length) {
      break;
    }
    deaf = !take((enum policy_kind)buffer[at + 4], buffer + at + HEADER, length - HEADER);
    at += length;
  }
  memmove(buffer, buffer + at, have - at);
  have -= at;
}

void policy_read(int socket) {
  while (!deaf) {
    ssize_t got = recv(socket, buffer + have, sizeof buffer - have, MSG_DONTWAIT);
    if (got <= 0) {
      return;
    }
    have += (size_t)got;
    take_all();
  }
  /* What a deaf supervisor is sent must not fill the socket: the writer would wait. */
  while (recv(socket, buffer, sizeof buffer, MSG_DONTWAIT) > 0) {
  }
}

static bool is_declared(const char *target) {
  for (size_t i = 0; i < POLICY_DECLARED_MAX; i++) {
    if (declared[i] != NULL && fnmatch(declared[i], target, 0) == 0) {
      return true;
    }
  }
  return false;
}

bool policy_refuses(int socket, const char *target) {
  for (size_t i = 0; i < refused_count; i++) {
    if (fnmatch(refused[i], target, 0) == 0) {
      policy_read(socket);
      return !is_declared(target);
    }
  }
  return false;
}
