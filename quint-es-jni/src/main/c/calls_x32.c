/* x32: 32-bit pointers on x86-64, told apart by a bit in the call's number only. */
#include "calls.h"

#if defined(__x86_64__)
#ifndef __X32_SYSCALL_BIT
#define __X32_SYSCALL_BIT 0x40000000
#endif
#include <asm/unistd_x32.h>

const struct call_entry calls_x32[] = {
#include "calls.inc"
};
const size_t calls_x32_count = sizeof calls_x32 / sizeof calls_x32[0];
#endif
