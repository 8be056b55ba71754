/* Whether watching works here, found out by watching a process of our own. */
#ifndef QUINT_SELFTEST_H
#define QUINT_SELFTEST_H

/*
 * Prints one line, `ok` or `error CODE ERRNO MESSAGE` with CODE of enum wire_error, on standard
 * output. Returns 0 when watching works.
 */
int selftest_run(void);

#endif
