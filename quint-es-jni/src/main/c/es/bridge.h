/*
 * The client of EndpointSecurity: one for the whole process.
 *
 * Its message handler decides, decodes and queues; it never waits, allocates nothing, and keeps nothing
 * of a message, so none is retained. The handler is called by one thread at a time, as EndpointSecurity
 * promises; that thread is the ring's producer.
 */
#ifndef QUINT_ES_BRIDGE_H
#define QUINT_ES_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "watch.h"

enum bridge_error { /* besides the results of es_new_client, which are 0 to 6 */
  BRIDGE_BAD_RING = 100,
  BRIDGE_ALREADY_OPEN = 101,
  BRIDGE_NOT_MUTED = 102,     /* we could not mute ourselves, and would see ourselves for ever */
  BRIDGE_NOT_SUBSCRIBED = 103,
  BRIDGE_OTHER_THREAD = 104,  /* only the thread that opened may close */
  BRIDGE_NOT_DELETED = 105
};

enum { /* options */
  BRIDGE_BLOCKS = 1,      /* ask before the act, too: what refuse.h names is denied to watched processes */
  BRIDGE_LATE_DENIES = 2, /* an answer that is due right now denies; otherwise it allows */
  BRIDGE_SELECTS = 4      /* processes are undecided until they are marked; otherwise all are told */
};

struct bridge_statistics {
  uint64_t records;   /* published */
  uint64_t dropped;   /* messages that the kernel dropped, by their numbers */
  uint64_t overflow;  /* records for which the ring had no room */
  uint64_t answered;  /* AUTH messages */
  uint64_t refused;   /* of them denied */
  uint64_t late;      /* of them answered by the default since their deadline was near */
  uint64_t unanswered; /* of them answered in vain: EndpointSecurity did not take it */
  uint64_t merged;    /* writes of a file by a process in the same second, told once */
  uint64_t muted;     /* ignored processes whose file events the kernel keeps */
};

enum { BRIDGE_STATISTICS = sizeof(struct bridge_statistics) / sizeof(uint64_t) };

/* 0, a result of es_new_client, or an enum bridge_error. The ring stays in use until bridge_close. */
int bridge_open(void *ring, size_t size, unsigned options);

/* By the thread that opened. 0 or an enum bridge_error. */
int bridge_close(void);

/* Says whether a process is of interest; from any thread, while open. */
void bridge_mark(int32_t pid, uint32_t version, enum watch_state state);

/* From any thread. */
void bridge_statistics(struct bridge_statistics *out);

#endif
