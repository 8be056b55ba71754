/* Names that the kernel's side gives as text and as chains of components, made into paths. */
#ifndef QUINT_NAMES_H
#define QUINT_NAMES_H

#include "../calls.h"
#include "tell.h"

/* The path of a chain; of one that was cut, its end after "...". */
void names_of_chain(const char *chain, size_t length, struct name *to);

/* Text that a process asked for, made absolute by the chain that it starts from. */
void names_asked(const char *text, size_t length, const char *start, size_t start_length, struct name *to);

/* A call that succeeded and changed names. */
struct named_call {
  enum call call;
  unsigned flags;
  const char *text[2];
  size_t text_length[2];
  const char *start[2];
  size_t start_length[2];
};

/* Where the names lie is looked up now, a moment after the call. */
void names_tell(struct told *to, struct who who, int64_t time, const struct named_call *call);

#endif
