/* Our own declarations of what the bridge uses of the public API, for building where there is no SDK. */
#ifndef QUINT_TEST_MACH_TIME_H
#define QUINT_TEST_MACH_TIME_H

#include <stdint.h>

typedef struct {
  uint32_t numer;
  uint32_t denom;
} mach_timebase_info_data_t;

int mach_timebase_info(mach_timebase_info_data_t *info);
uint64_t mach_absolute_time(void);

#endif
