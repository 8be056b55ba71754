/* Calls that reach out to a remote address. */
#ifndef QUINT_NETWORK_H
#define QUINT_NETWORK_H

#include "calls.h"
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
};

/*
 * The IPv4 and IPv6 addresses that the call names. Datagrams to an address that the process wrote to
 * lately are left out; Unix sockets and others that stay on the machine are no contact.
 */
void network_foresee(const struct trapped *trapped, enum call call, struct contacts *to);

/* Whether policy refuses the call that makes these contacts. */
bool network_refused(const struct supervisor *s, const struct contacts *contacts);

void network_tell(
    struct supervisor *s, const struct process *process, const struct contacts *contacts, bool refused);

#endif
