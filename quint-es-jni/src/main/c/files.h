/* Calls that open, create, rename or remove files. */
#ifndef QUINT_FILES_H
#define QUINT_FILES_H

#include "calls.h"
#include "looks.h"
#include "path.h"
#include "supervisor.h"

enum { FILE_EVENTS_MAX = 2 };

/* What one call does to one file, told once the call has been let go. */
struct file_event {
  enum wire_op op;
  enum wire_access access;
  struct name path;
  struct name requested; /* length 0: the same */
  struct name new_path;  /* length 0: none */
};

struct file_events {
  unsigned count;
  struct name linked; /* what a new hard link is made of; length 0: none */
  bool unreadable; /* the call could not be understood: an event is lost */
  struct file_event events[FILE_EVENTS_MAX];
};

/*
 * What the call is going to do, by the state of the files at this moment. A call that is going to
 * fail (no such file, no permission, a directory) gives no event.
 */
void files_foresee(const struct trapped *trapped, enum call call, struct file_events *to);

/* Whether policy refuses the call that gives these events. */
bool files_refused(const struct supervisor *s, const struct file_events *events);

void files_tell(struct supervisor *s, const struct process *process, int64_t time,
                const struct file_events *events, bool refused);

/* Whether the call may be let go before its file is looked at; what is to be looked at is in to then. */
bool files_can_wait(const struct trapped *trapped, enum call call, int64_t now, struct look *to);

/* Makes such a look, and tells what was seen. */
void files_look(struct supervisor *s, const struct look *look);

#endif
