/*
 * From a message of EndpointSecurity to a record. Nothing is kept of a message: the record holds
 * copies. A field is read only where the message's version has it; higher versions than we know only
 * add fields.
 */
#ifndef QUINT_ES_DECODE_H
#define QUINT_ES_DECODE_H

#include <EndpointSecurity/EndpointSecurity.h>

#include "record.h"

/* A string of up to three pieces, such as the path of a file that does not exist yet. */
struct text {
  es_string_token_t piece[3];
};

/* What a record will say, while its message lives. */
struct decoded {
  struct record_exec fixed; /* all but EXEC use the common part only; lengths are not set yet */
  struct text path;
  struct text extra;
  es_string_token_t exe;
  es_string_token_t signing_id;
  es_string_token_t team_id;
  const es_event_exec_t *exec; /* its arguments, or NULL */
};

/* Version of the message from which on a field is there. */
enum { HAS_SEQ_NUM = 2, HAS_START_TIME = 3, HAS_CWD = 3, HAS_RESPONSIBLE = 4, HAS_GLOBAL_SEQ_NUM = 4 };

/* False for messages that are not told: other types, opens of directories, closes of unchanged files. */
bool decode_message(const es_message_t *message, struct decoded *out);

/* Sets the lengths, cutting what is too long, and returns the length of the whole record. */
uint32_t decode_measure(struct decoded *d);

/* Writes the record that was measured. */
void decode_write(const struct decoded *d, void *to);

/* The text with a NUL at its end; false when it does not fit. */
bool decode_text(const struct text *text, char *to, size_t size);

#endif
