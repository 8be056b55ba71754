/* Our own declarations of what the bridge uses of the public API, for building where there is no SDK. */
#ifndef QUINT_TEST_LIBBSM_H
#define QUINT_TEST_LIBBSM_H

#include <sys/types.h>

typedef struct {
  unsigned int val[8]; /* auid, euid, egid, ruid, rgid, pid, asid, pidversion */
} audit_token_t;

pid_t audit_token_to_pid(audit_token_t token);
int audit_token_to_pidversion(audit_token_t token);
uid_t audit_token_to_euid(audit_token_t token);

#endif
