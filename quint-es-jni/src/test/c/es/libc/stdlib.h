/* Our own few declarations of the C library, for the syntax check with a cross target. */
#pragma once
#include <stddef.h>
void *malloc(size_t size);
void free(void *memory);
