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

/* Reads a pointer of the given width. */
bool memory_pointer(pid_t tid, uint64_t address, unsigned bytes, uint64_t *to);

#endif
