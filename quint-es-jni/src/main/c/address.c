#include "address.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

bool address_parse(const uint8_t *bytes, size_t length, struct peer *to) {
  memset(to, 0, sizeof *to);
  uint16_t family;
  if (length < sizeof family) {
    return false;
  }
  memcpy(&family, bytes, sizeof family);
  if (family == AF_INET && length >= sizeof(struct sockaddr_in)) {
    struct sockaddr_in address;
    memcpy(&address, bytes, sizeof address);
    to->family = 4;
    to->port = ntohs(address.sin_port);
    memcpy(to->address, &address.sin_addr, 4);
    return true;
  }
  if (family == AF_INET6 && length >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
    struct sockaddr_in6 address = {0};
    memcpy(&address, bytes, length < sizeof address ? length : sizeof address);
    to->family = 6;
    to->port = ntohs(address.sin6_port);
    memcpy(to->address, &address.sin6_addr, 16);
    return true;
  }
  return false;
}

bool address_same(const struct peer *a, const struct peer *b) {
  return a->family == b->family && a->port == b->port && memcmp(a->address, b->address, sizeof a->address) == 0;
}
