/* Unix sockets that calls name: contacts with another process of this machine. */
#ifndef QUINT_LOCAL_H
#define QUINT_LOCAL_H

#include "address.h"
#include "path.h"
#include "supervisor.h"

enum { LOCAL_FAMILY = 1 };

/*
 * The socket that the address of family AF_UNIX names, as the caller would reach it: an absolute path,
 * links followed, or `@` and the name of an abstract one (zero bytes in it as `@`). The peer tells it
 * from others. False where the call is going to fail: no such socket, or no permission to write to it.
 */
bool local_find(const struct trapped *trapped, const uint8_t *bytes, size_t length, struct name *to,
                struct peer *peer, bool *unreadable);

#endif
