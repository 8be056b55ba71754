#include "refuse.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *refused[REFUSED_MAX];
static size_t refused_count;
static char *declared[DECLARED_MAX];
static size_t declared_next;

static char *copy_of(const char *pattern) {
  size_t length = strlen(pattern);
  return length == 0 || length > PATTERN_MAX ? NULL : strdup(pattern);
}

bool refuse_add(const char *pattern) {
  char *copy = copy_of(pattern);
  pthread_mutex_lock(&lock);
  bool added = copy != NULL && refused_count < REFUSED_MAX;
  if (added) {
    refused[refused_count++] = copy;
  }
  pthread_mutex_unlock(&lock);
  if (!added) {
    free(copy);
  }
  return added;
}

bool refuse_declare(const char *pattern) {
  char *copy = copy_of(pattern);
  if (copy == NULL) {
    return false;
  }
  pthread_mutex_lock(&lock);
  char **slot = &declared[declared_next++ % DECLARED_MAX];
  char *old = *slot;
  *slot = copy;
  pthread_mutex_unlock(&lock);
  free(old);
  return true;
}

void refuse_forget(void) {
  char *old[DECLARED_MAX];
  pthread_mutex_lock(&lock);
  memcpy(old, declared, sizeof old);
  memset(declared, 0, sizeof declared);
  declared_next = 0;
  pthread_mutex_unlock(&lock);
  for (size_t i = 0; i < DECLARED_MAX; i++) {
    free(old[i]);
  }
}

void refuse_clear(void) {
  refuse_forget();
  char *old[REFUSED_MAX];
  pthread_mutex_lock(&lock);
  size_t count = refused_count;
  memcpy(old, refused, sizeof old);
  refused_count = 0;
  pthread_mutex_unlock(&lock);
  for (size_t i = 0; i < count; i++) {
    free(old[i]);
  }
}

bool refuse_armed(void) {
  pthread_mutex_lock(&lock);
  bool armed = refused_count > 0;
  pthread_mutex_unlock(&lock);
  return armed;
}

static bool any(char *const *patterns, size_t count, const char *target) {
  for (size_t i = 0; i < count; i++) {
    if (patterns[i] != NULL && fnmatch(patterns[i], target, 0) == 0) {
      return true;
    }
  }
  return false;
}

bool refuse_matches(const char *target) {
  pthread_mutex_lock(&lock);
  bool matches = any(refused, refused_count, target) && !any(declared, DECLARED_MAX, target);
  pthread_mutex_unlock(&lock);
  return matches;
}
