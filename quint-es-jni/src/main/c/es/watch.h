/*
 * Which processes are of interest. A process is (pid, pidversion); the kernel gives a new version at
 * each exec. The message handler keeps the lineage; whoever reads the records decides (watch_mark), from
 * any thread. Processes of pids beyond the table are undecided for good.
 */
#ifndef QUINT_ES_WATCH_H
#define QUINT_ES_WATCH_H

#include <bsm/libbsm.h>
#include <stdbool.h>
#include <stdint.h>

enum { WATCH_PIDS = 1 << 17 }; /* macOS gives pids up to 99999 */

enum watch_state {
  WATCH_UNDECIDED = 0, /* what it does is told, until somebody says whether it matters */
  WATCH_IGNORED = 1,   /* only its execs are told, and each makes it undecided again */
  WATCH_WATCHED = 2    /* so are its descendants, and it stays so across execs */
};

void watch_clear(void);

enum watch_state watch_of(int32_t pid, uint32_t version);

/* The child is what its parent is. */
enum watch_state watch_fork(int32_t pid, uint32_t version, int32_t child, uint32_t child_version);

/* Returns what the process is after the exec. */
enum watch_state watch_exec(int32_t pid, uint32_t before, uint32_t after);

void watch_exit(int32_t pid, uint32_t version);

/* Notes that the kernel was told to keep an ignored process's file events; false when it was before. */
bool watch_mute(const audit_token_t *token, int32_t pid, uint32_t version);

/*
 * Says what a process is. WATCHED holds for a later version of the same pid too, since an exec may have
 * come in between; the others for this version only, and WATCHED is never taken back. True when `muted` was filled in: the kernel must
 * be told to tell of that token again.
 */
bool watch_mark(int32_t pid, uint32_t version, enum watch_state state, audit_token_t *muted);

#endif
