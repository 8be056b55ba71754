#include "wire.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOSS_FRAME = WIRE_HEADER + 8, REFUSE_MS = 4000 };

int wire_connect(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && strlen(path) < sizeof address.sun_path) {
    memcpy(address.sun_path, path, strlen(path));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
      return fd;
    }
  }
  if (fd >= 0) {
    close(fd);
  }
  return -1;
}

bool wire_open(struct wire *w, int socket, size_t capacity, int64_t offset) {
  *w = (struct wire){.socket = socket, .capacity = capacity, .offset = offset};
  void *ring = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  w->frame = malloc(WIRE_FRAME_MAX);
  if (ring == MAP_FAILED || w->frame == NULL) {
    return false;
  }
  w->ring = ring;
  return true;
}

void wire_bytes(struct wire *w, const void *bytes, size_t length) {
  if (length > WIRE_FRAME_MAX - w->length) {
    w->length = WIRE_FRAME_MAX + 1; /* seen by commit */
  }
  if (w->length > WIRE_FRAME_MAX) {
    return;
  }
  memcpy(w->frame + w->length, bytes, length);
  w->length += length;
}

void wire_u8(struct wire *w, uint8_t value) { wire_bytes(w, &value, sizeof value); }
void wire_u16(struct wire *w, uint16_t value) { wire_bytes(w, &value, sizeof value); }
void wire_u32(struct wire *w, uint32_t value) { wire_bytes(w, &value, sizeof value); }
void wire_u64(struct wire *w, uint64_t value) { wire_bytes(w, &value, sizeof value); }

void wire_string(struct wire *w, const char *bytes, size_t length) {
  if (length > UINT16_MAX) {
    length = UINT16_MAX;
    wire_flag(w, WIRE_FLAG_TRUNCATED);
  }
  wire_u16(w, (uint16_t)length);
  wire_bytes(w, bytes, length);
}

void wire_process(struct wire *w, int32_t pid, int64_t start_ms) {
  wire_u32(w, (uint32_t)pid);
  wire_u64(w, (uint64_t)start_ms);
}

void wire_begin(struct wire *w, enum wire_type type, int64_t boottime) {
  w->length = 0;
  wire_u32(w, 0); /* length and sequence are set by commit */
  wire_u8(w, (uint8_t)type);
  wire_u8(w, 0);
  wire_u16(w, 0);
  wire_u64(w, 0);
  wire_u64(w, (uint64_t)(boottime + w->offset));
}

void wire_flag(struct wire *w, uint8_t flag) { w->frame[5] |= flag; }

static size_t used(const struct wire *w) { return (size_t)(w->head - w->tail); }

static void append(struct wire *w, const uint8_t *bytes, size_t length) {
  size_t at = (size_t)(w->head & (w->capacity - 1));
  size_t first = w->capacity - at < length ? w->capacity - at : length;
  memcpy(w->ring + at, bytes, first);
  memcpy(w->ring, bytes + first, length - first);
  w->head += length;
}

static void put(struct wire *w, uint8_t *frame, size_t length) {
  uint32_t length32 = (uint32_t)length;
  memcpy(frame, &length32, sizeof length32);
  memcpy(frame + 8, &w->sequence, sizeof w->sequence);
  if (used(w) == 0) {
    w->oldest = clock_boottime();
  }
  append(w, frame, length);
  w->sequence++;
}

static void put_loss(struct wire *w, int64_t time) {
  uint8_t loss[LOSS_FRAME] = {[4] = WIRE_LOSS};
  memcpy(loss + 16, &time, sizeof time);
  memcpy(loss + WIRE_HEADER, &w->lost, sizeof w->lost);
  put(w, loss, sizeof loss);
  w->lost = 0;
}

void wire_lose(struct wire *w) { w->lost++; }

void wire_tell_loss(struct wire *w) {
  if (w->socket >= 0 && !w->sealed && w->lost > 0 && used(w) + LOSS_FRAME <= w->capacity - LOSS_FRAME) {
    put_loss(w, clock_boottime() + w->offset);
  }
}

void wire_tell_end(struct wire *w, int status, int exec_error) {
  wire_begin(w, WIRE_END, clock_boottime());
  wire_u32(w, (uint32_t)status);
  wire_u32(w, (uint32_t)exec_error);
  wire_commit(w);
}

void wire_commit(struct wire *w) {
  if (w->socket < 0 || w->sealed) {
    return;
  }
  if (w->length > WIRE_FRAME_MAX) {
    w->lost++;
    return;
  }
  uint8_t type = w->frame[4];
  size_t limit = w->capacity;
  if (type == WIRE_FILE || type == WIRE_CONNECT || type == WIRE_LOCAL) {
    limit -= w->capacity / 4;
  } else if (type != WIRE_END) {
    limit -= 2 * LOSS_FRAME + 64; /* room for the last losses and the END */
  }
  if (w->lost > 0) {
    limit -= LOSS_FRAME;
  }
  if (used(w) + w->length > limit) {
    w->lost++;
    return;
  }
  if (w->lost > 0) {
    int64_t time;
    memcpy(&time, w->frame + 16, sizeof time);
    put_loss(w, time);
  }
  put(w, w->frame, w->length);
  w->sealed = type == WIRE_END || type == WIRE_ERROR;
}

size_t wire_backlog(const struct wire *w) { return used(w); }

bool wire_pending(const struct wire *w) { return w->socket >= 0 && used(w) > 0; }

bool wire_due(const struct wire *w, int64_t boottime) {
  return wire_pending(w) && (used(w) >= WIRE_BATCH || boottime >= w->oldest + WIRE_WAIT_NANOS);
}

bool wire_flush(struct wire *w) {
  while (wire_pending(w)) {
    size_t at = (size_t)(w->tail & (w->capacity - 1));
    size_t first = w->capacity - at < used(w) ? w->capacity - at : used(w);
    struct iovec parts[2] = {{.iov_base = w->ring + at, .iov_len = first},
                             {.iov_base = w->ring, .iov_len = used(w) - first}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = parts[1].iov_len > 0 ? 2 : 1};
    ssize_t sent = sendmsg(w->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
    }
    w->tail += (uint64_t)sent;
  }
  return true;
}

void wire_refuse(struct wire *w, enum wire_error error, int number, const char *message) {
  wire_begin(w, WIRE_ERROR, 0);
  wire_u32(w, error);
  wire_u32(w, (uint32_t)number);
  wire_string(w, message, strlen(message));
  wire_commit(w);
  wire_finish(w, REFUSE_MS);
}

void wire_finish(struct wire *w, int timeout_ms) {
  int64_t deadline = clock_boottime() + (int64_t)timeout_ms * 1000000;
  while (wire_pending(w) && wire_flush(w) && wire_pending(w)) {
    int64_t left = (deadline - clock_boottime()) / 1000000;
    struct pollfd writable = {.fd = w->socket, .events = POLLOUT};
    if (left <= 0 || (poll(&writable, 1, (int)left) < 0 && errno != EINTR)) {
      break;
    }
  }
  wire_close(w);
}

void wire_close(struct wire *w) {
  if (w->socket >= 0) {
    close(w->socket);
    w->socket = -1;
  }
}
