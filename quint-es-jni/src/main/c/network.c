#include "network.h"

#include "address.h"
#include "local.h"
#include "memory.h"
#include "policy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  ADDRESS_MAX = 128, /* sockaddr_storage */
  MESSAGES_MAX = 64,
  TCP = 6,
  UDP = 17,
  /* Numbers of socketcall(2). */
  SOCKETCALL_CONNECT = 3,
  SOCKETCALL_SENDTO = 11,
  SOCKETCALL_SENDMSG = 16,
  SOCKETCALL_SENDMMSG = 20
};

/* A socket call with its arguments, wherever the ABI keeps them. */
struct socket_call {
  const struct trapped *trapped;
  pid_t tid;
  pid_t tgid;
  struct process *process;
  unsigned pointer_bytes;
  uint64_t args[6];
  struct contacts *to;
};

/* TCP, UDP or 0. A copy of the descriptor is made, looked at and closed. */
static uint8_t protocol_of(const struct socket_call *call) {
  int type = 0;
  socklen_t length = sizeof type;
  uint8_t protocol = 0;
  int own_pidfd = call->process->pidfd < 0 ? (int)syscall(SYS_pidfd_open, call->tgid, 0) : -1;
  int pidfd = own_pidfd >= 0 ? own_pidfd : call->process->pidfd;
  int socket = (int)syscall(SYS_pidfd_getfd, pidfd, (int)call->args[0], 0);
  if (socket >= 0) {
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &length) == 0) {
      protocol = type == SOCK_STREAM ? TCP : type == SOCK_DGRAM ? UDP : 0;
    }
    close(socket);
  }
  if (own_pidfd >= 0) {
    close(own_pidfd);
  }
  return protocol;
}

static bool lately(struct process *process, const struct peer *peer) {
  for (unsigned i = 0; i < RECENT_PEERS; i++) {
    if (address_same(&process->recent[i], peer)) {
      return true;
    }
  }
  process->recent[process->recent_next++ % RECENT_PEERS] = *peer;
  return false;
}

/* A Unix socket's name goes to name; its length is 0 for peers of the network. */
static bool read_peer(
    const struct socket_call *call, uint64_t address, uint64_t length, struct peer *to, struct name *name) {
  uint8_t bytes[ADDRESS_MAX];
  uint16_t family;
  name->length = 0;
  if (address == 0 || length < sizeof family || length > sizeof bytes) {
    return false;
  }
  if (!memory_read(call->tid, address, bytes, (size_t)length)) {
    call->to->lost += errno == EPERM || errno == EACCES || errno == ENOSYS;
    return false;
  }
  memcpy(&family, bytes, sizeof family);
  if (family != AF_UNIX) {
    return address_parse(bytes, (size_t)length, to);
  }
  bool unreadable = false;
  bool found = local_find(call->trapped, bytes, (size_t)length, name, to, &unreadable);
  call->to->lost += unreadable;
  return found;
}

static void add_local(struct contacts *to, const struct name *name) {
  if (to->local.length != 0) {
    to->lost++; /* one call writes to several sockets that are new: one of them is told */
    return;
  }
  to->local.length = name->length;
  memcpy(to->local.text, name->text, name->length + 1);
}

static void add(struct contacts *to, const struct peer *peer, uint8_t protocol) {
  if (to->count == PEERS_MAX) {
    to->lost++;
    return;
  }
  to->contacts[to->count++] = (struct contact){.peer = *peer, .protocol = protocol};
}

static void connected(const struct socket_call *call) {
  static struct name name;
  struct peer peer;
  if (read_peer(call, call->args[1], call->args[2] & UINT32_MAX, &peer, &name)) {
    if (name.length != 0) {
      add_local(call->to, &name);
      return;
    }
    uint8_t protocol = protocol_of(call);
    /* Resolvers "connect" datagram sockets to port 0 to learn a source address: nothing is sent. */
    if (protocol != UDP || peer.port != 0) {
      add(call->to, &peer, protocol);
    }
  }
}

static void sent_to(const struct socket_call *call, uint64_t address, uint64_t length) {
  static struct name name;
  struct peer peer;
  if (read_peer(call, address, length, &peer, &name) && !lately(call->process, &peer)) {
    if (name.length != 0) {
      add_local(call->to, &name);
    } else {
      add(call->to, &peer, protocol_of(call));
    }
  }
}

/* msg_name and msg_namelen stand first in struct msghdr of every ABI. */
static void sent_message(const struct socket_call *call, uint64_t message) {
  uint64_t name;
  uint32_t length;
  if (memory_pointer(call->tid, message, call->pointer_bytes, &name) && name != 0 &&
      memory_read(call->tid, message + call->pointer_bytes, &length, sizeof length)) {
    sent_to(call, name, length);
  }
}

static void sent_messages(const struct socket_call *call) {
  uint64_t stride = call->pointer_bytes == 8 ? 64 : 32; /* struct mmsghdr */
  uint64_t count = call->args[2] & UINT32_MAX;
  for (uint64_t i = 0; i < count && i < MESSAGES_MAX; i++) {
    sent_message(call, call->args[1] + i * stride);
  }
}

/* socketcall(number, arguments): the arguments are 32-bit words in memory. */
static bool unpack(struct socket_call *call, enum call *kind) {
  uint32_t words[6] = {0};
  uint64_t number = call->args[0] & UINT32_MAX;
  size_t count;
  switch (number) {
    case SOCKETCALL_CONNECT:
      *kind = CALL_CONNECT;
      count = 3;
      break;
    case SOCKETCALL_SENDTO:
      *kind = CALL_SENDTO;
      count = 6;
      break;
    case SOCKETCALL_SENDMSG:
      *kind = CALL_SENDMSG;
      count = 3;
      break;
    case SOCKETCALL_SENDMMSG:
      *kind = CALL_SENDMMSG;
      count = 4;
      break;
    default:
      return false;
  }
  if (!memory_read(call->tid, call->args[1] & UINT32_MAX, words, count * sizeof words[0])) {
    return false;
  }
  for (size_t i = 0; i < 6; i++) {
    call->args[i] = words[i];
  }
  return true;
}

void network_foresee(const struct trapped *trapped, enum call kind, struct contacts *to) {
  struct socket_call call = {.trapped = trapped,
                             .tid = (pid_t)trapped->notif->pid,
                             .tgid = trapped->process->pid,
                             .process = trapped->process,
                             .pointer_bytes = trapped->pointer_bytes,
                             .to = to};
  to->count = 0;
  to->lost = 0;
  to->local.length = 0;
  for (unsigned i = 0; i < 6; i++) {
    uint64_t value = trapped->notif->data.args[i];
    call.args[i] = call.pointer_bytes == 4 ? (uint32_t)value : value;
  }
  if (kind == CALL_SOCKETCALL && !unpack(&call, &kind)) {
    return;
  }
  switch (kind) {
    case CALL_CONNECT:
      connected(&call);
      break;
    case CALL_SENDTO:
      sent_to(&call, call.args[4], call.args[5] & UINT32_MAX);
      break;
    case CALL_SENDMSG:
      sent_message(&call, call.args[1]);
      break;
    case CALL_SENDMMSG:
      sent_messages(&call);
      break;
    default:
      break;
  }
}

bool network_refused(const struct supervisor *s, const struct contacts *contacts) {
  if (contacts->local.length != 0) {
    static char target[PATH_MAX + 16];
    snprintf(target, sizeof target, "connect:unix:%s", contacts->local.text);
    if (policy_refuses(s->wire->socket, target)) {
      return true;
    }
  }
  for (unsigned i = 0; i < contacts->count; i++) {
    const struct peer *peer = &contacts->contacts[i].peer;
    char address[INET6_ADDRSTRLEN];
    char target[INET6_ADDRSTRLEN + 32];
    inet_ntop(peer->family == 4 ? AF_INET : AF_INET6, peer->address, address, sizeof address);
    snprintf(target, sizeof target, peer->family == 4 ? "connect:%s:%u" : "connect:[%s]:%u", address, peer->port);
    if (policy_refuses(s->wire->socket, target)) {
      return true;
    }
  }
  return false;
}

void network_tell(
    struct supervisor *s, const struct process *process, const struct contacts *contacts, bool refused) {
  for (unsigned i = 0; i < contacts->lost; i++) {
    wire_lose(s->wire);
  }
  if (contacts->local.length != 0) {
    wire_begin(s->wire, WIRE_LOCAL, s->now);
    wire_flag(s->wire, refused ? WIRE_FLAG_REFUSED : 0);
    wire_process(s->wire, process->pid, process->start_ms);
    wire_string(s->wire, contacts->local.text, contacts->local.length);
    wire_commit(s->wire);
  }
  for (unsigned i = 0; i < contacts->count; i++) {
    const struct contact *contact = &contacts->contacts[i];
    wire_begin(s->wire, WIRE_CONNECT, s->now);
    wire_flag(s->wire, refused ? WIRE_FLAG_REFUSED : 0);
    wire_process(s->wire, process->pid, process->start_ms);
    wire_u8(s->wire, contact->peer.family);
    wire_u8(s->wire, contact->protocol);
    wire_u16(s->wire, contact->peer.port);
    wire_bytes(s->wire, contact->peer.address, sizeof contact->peer.address);
    wire_commit(s->wire);
  }
}
