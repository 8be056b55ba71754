/* The ABI that this program itself is built for. */
#include "calls.h"

#if defined(__x86_64__)
#include <asm/unistd_64.h>
#else
#include <asm/unistd.h>
#endif

#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif

const struct call_entry calls_native[] = {
#include "calls.inc"
};
const size_t calls_native_count = sizeof calls_native / sizeof calls_native[0];
