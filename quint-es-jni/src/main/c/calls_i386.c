/* 32-bit programs on an x86-64 kernel, and 64-bit ones that use int 0x80. */
#include "calls.h"

#if defined(__x86_64__)
#include <asm/unistd_32.h>

#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif

const struct call_entry calls_i386[] = {
#include "calls.inc"
};
const size_t calls_i386_count = sizeof calls_i386 / sizeof calls_i386[0];
#endif
