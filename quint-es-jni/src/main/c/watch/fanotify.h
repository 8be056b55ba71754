/* What fanotify tells of files, of the processes in the table. */
#ifndef QUINT_FANOTIFY_H
#define QUINT_FANOTIFY_H

#include "watch.h"

bool fanotify_open(const struct wanted *wanted, struct told *to, char cause[CAUSE_MAX]);

/* Takes what waits, some of it at most; false when nothing did. */
bool fanotify_read(void);

/* Tells what was taken. */
void fanotify_tell(void);

void fanotify_close(void);

#endif
