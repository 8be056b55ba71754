/* Time since the machine was started, suspended time included, in nanoseconds. */
#ifndef QUINT_CLOCK_H
#define QUINT_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_boottime(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#endif
