/* Calls that reach out to a remote address, or to another process by a Unix socket. */
#ifndef QUINT_NETWORK_H
#define QUINT_NETWORK_H

#include "calls.h"
#include "path.h"
#include "supervisor.h"

enum { PEERS_MAX = 16 };

struct contact {
  struct peer peer;
  uint8_t protocol; /* 6, 17, or 0 when not known */
};

struct contacts {
  unsigned count;
  unsigned lost; /* addresses that could not be read */
  struct contact contacts[PEERS_MAX];
  struct name local; /* a Unix socket; length 0: none */
};

/*
 * The IPv4 and IPv6 addresses and the Unix socket that the call names. Datagrams to an address that the
 * process wrote to lately are left out; so are other families (netlink and the like).
 */
void network_foresee(const struct trapped *trapped, enum call call, struct contacts *to);

/* Whether policy refuses the call that makes these contacts. */
bool network_refused(const struct supervisor *s, const struct contacts *contacts);

void network_tell(
    struct supervisor *s, const struct process *process, const struct contacts *contacts, bool refused);

#endif
