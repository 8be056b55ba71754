/*
 * A ring of records between one producer and one consumer, in memory that both share.
 *
 *   0             capacity bytes of records, capacity a power of two
 *   capacity+0    u64  tail: bytes ever published; written by the producer alone
 *   capacity+128  u64  head: bytes ever consumed; written by the consumer alone
 *   capacity+256  u64  events lost in all; written by the producer alone
 *   capacity+384       end
 *
 * A record lies in one piece; what is left at the end is a RECORD_PADDING. The producer publishes by a
 * release store of the tail and never waits: what finds no room is counted. The consumer learns of
 * losses from the next record, or from the count once the ring is empty: it must read the count before
 * the tail, so that all that was published before the loss has been consumed.
 */
#ifndef QUINT_ES_RING_H
#define QUINT_ES_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "record.h"

enum { RING_TAIL = 0, RING_HEAD = 128, RING_LOST = 256, RING_TRAILER = 384 };

struct ring {
  uint8_t *base;
  uint64_t capacity;
  uint64_t tail;    /* published */
  uint64_t claimed; /* tail once what is being written is published */
  uint64_t head;    /* as last seen */
  uint64_t lost;
};

static inline uint64_t *ring_word(const struct ring *r, size_t offset) {
  return (uint64_t *)(void *)(r->base + r->capacity + offset);
}

/* False when the size is no power of two, is below 4 records or memory is not aligned. */
static inline bool ring_init(struct ring *r, void *memory, size_t size) {
  uint64_t capacity = size < RING_TRAILER ? 0 : size - RING_TRAILER;
  if (capacity < 4 * RECORD_MAX || (capacity & (capacity - 1)) != 0 || ((uintptr_t)memory & 7) != 0) {
    return false;
  }
  memset(r, 0, sizeof *r);
  r->base = memory;
  r->capacity = capacity;
  memset(r->base + capacity, 0, RING_TRAILER);
  return true;
}

/*
 * Room for a record of `length` bytes (a multiple of 8, at most RECORD_MAX) that leaves `spare` bytes
 * free, or NULL. Nothing is seen of it before ring_publish.
 */
static inline void *ring_claim(struct ring *r, uint32_t length, uint64_t spare) {
  uint64_t at = r->tail & (r->capacity - 1);
  uint64_t padding = length > r->capacity - at ? r->capacity - at : 0;
  uint64_t end = r->tail + padding + length;
  if (end + spare - r->head > r->capacity) {
    r->head = __atomic_load_n(ring_word(r, RING_HEAD), __ATOMIC_ACQUIRE);
    if (end + spare - r->head > r->capacity) {
      return NULL;
    }
  }
  if (padding > 0) {
    uint32_t bytes = (uint32_t)padding;
    uint32_t kind = RECORD_PADDING;
    memcpy(r->base + at, &bytes, sizeof bytes);
    memcpy(r->base + at + 4, &kind, sizeof kind);
    at = 0;
  }
  r->claimed = end;
  return r->base + at;
}

static inline void ring_publish(struct ring *r) {
  r->tail = r->claimed;
  __atomic_store_n(ring_word(r, RING_TAIL), r->tail, __ATOMIC_RELEASE);
}

/* Events that nobody will see; to be called before the record that follows them is claimed. */
static inline void ring_lose(struct ring *r, uint64_t count) {
  if (count > 0) {
    r->lost += count;
    __atomic_store_n(ring_word(r, RING_LOST), r->lost, __ATOMIC_RELEASE);
  }
}

#endif
