/*
 * Calls that wait for the reader's word. The reader names what it wants to be asked about in a file,
 * at the start; a call that touches such a target is kept waiting, told in an ASK frame, and let go or
 * refused by what the reader answers (POLICY_ANSWER). All other calls go on meanwhile: the supervisor
 * itself waits for nothing. What is not answered in time is refused; when the reader is gone, calls
 * that wait are let go, like all others.
 *
 * The file has a line a pattern: `a` (any access) or `w` (all but reads), a blank, and a pattern as of
 * policy.h with at least four plain bytes in a row.
 */
#ifndef QUINT_ASK_H
#define QUINT_ASK_H

#include "files.h"
#include "network.h"
#include "supervisor.h"

enum { ASK_PATTERNS_MAX = 1024 };

enum ask_result { ASK_NOT, ASK_WAITS, ASK_REFUSED };

/* False when the file cannot be read, is not of this form, or has too many patterns. */
bool ask_load(const char *file);

bool ask_armed(void);

/* Whether calls wait. */
bool ask_open(void);

/*
 * Whether the call at hand, which is going to have these effects (one of the two is not NULL), waits
 * from now on. It is refused where no more can wait.
 */
enum ask_result ask_call(
    struct supervisor *s, const struct trapped *trapped, const struct file_events *files,
    const struct contacts *contacts);

/* The reader's word. */
void ask_answered(uint64_t number, bool allowed);

/*
 * Takes the next call whose waiting is over. An allowed one is put into in_flight, to be looked at once
 * more: only when it still asks for what was allowed it is let go. The others fail, and are told.
 * False when there is none; *again says whether there is a call in in_flight.
 */
bool ask_settle(struct supervisor *s, bool *again);

/* The call of in_flight has been answered, or waits again. */
void ask_settled(struct supervisor *s);

/* When the next call has waited long enough (CLOCK_BOOTTIME), or INT64_MAX. */
int64_t ask_deadline(void);

#endif
