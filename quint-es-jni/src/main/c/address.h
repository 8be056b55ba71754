/* Socket addresses as calls have them. */
#ifndef QUINT_ADDRESS_H
#define QUINT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer {
  uint8_t family; /* 4, 6, or 0: free */
  uint8_t address[16];
  uint16_t port;
};

/* False for families that are not of the network, and for what the kernel would refuse. */
bool address_parse(const uint8_t *bytes, size_t length, struct peer *to);

bool address_same(const struct peer *a, const struct peer *b);

#endif
