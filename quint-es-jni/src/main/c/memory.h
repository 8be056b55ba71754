/* Reading the memory of a watched thread. Nothing here waits, and every read has a limit. */
#ifndef QUINT_MEMORY_H
#define QUINT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Copies exactly length bytes from the thread's memory. */
bool memory_read(pid_t tid, uint64_t address, void *to, size_t length);

/*
 * Copies a string page by page, so that one that ends just before an unmapped page is read whole.
 * Returns its length without the terminator; -1 when memory could not be read; -2 when there is no
 * terminator within capacity bytes.
 */
ssize_t memory_string(pid_t tid, uint64_t address, char *to, size_t capacity);

/*
 * A handle on the memory that the process has now: after an exec it leads to what was before. -1 when
 * there is none.
 */
int memory_open(pid_t pid);

/*
 * Copies a string by such a handle, in one read, which costs less than by the thread's number. -1
 * when it cannot be read so, or has no terminator within capacity bytes or before the end of its page.
 */
ssize_t memory_string_near(int memory, uint64_t address, char *to, size_t capacity);

/* Reads a pointer of the given width. */
bool memory_pointer(pid_t tid, uint64_t address, unsigned bytes, uint64_t *to);

#endif
