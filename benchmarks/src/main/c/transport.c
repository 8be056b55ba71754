/*
 * Producers for TransportBenchmark: the ring of the EndpointSecurity bridge, a Unix socket with the
 * frames of quint-trace, and upcalls. Each makes opens of files whose path has 40 bytes, every one with
 * its own number, time and process, as fast as the consumer takes them. A real producer never waits:
 * here it does, so that every event is one that was consumed.
 */
#include <jni.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ring.h"

enum { PATH = 40, FRAME = 24 + 12 + 4 + 2 + PATH + 2 + 2, BATCH = 64 * 1024 };

static atomic_bool stop;
static pthread_t producer;
static struct ring ring;
static int to_reader = -1;

static void path_of(uint8_t *to, uint64_t number) {
  memcpy(to, "/work/project/src/main/module/file-00000", PATH);
  to[PATH - 1] = (uint8_t)('0' + number % 10);
  to[PATH - 2] = (uint8_t)('0' + number / 10 % 10);
}

static void *fill_ring(void *unused) {
  (void)unused;
  uint32_t length = (sizeof(struct record) + PATH + 7) & ~7u;
  for (uint64_t number = 0; !atomic_load_explicit(&stop, memory_order_relaxed); number++) {
    struct record *r;
    while ((r = ring_claim(&ring, length, 0)) == NULL) {
      if (atomic_load_explicit(&stop, memory_order_relaxed)) {
        return NULL;
      }
      sched_yield();
    }
    memset(r, 0, sizeof *r);
    r->length = length;
    r->kind = RECORD_OPEN;
    r->time = 1700000000000000000 + (int64_t)number;
    r->global_sequence = (int64_t)number;
    r->sequence = (int64_t)number;
    r->pid = (int32_t)(number & 1023);
    r->start_us = 1700000000000000 + r->pid;
    r->value = 1;
    r->path_length = PATH;
    path_of((uint8_t *)(r + 1), number);
    ring_publish(&ring);
  }
  return NULL;
}

static uint8_t *put_frame(uint8_t *at, uint64_t number) {
  uint32_t length = FRAME;
  int64_t time = 1700000000000000000 + (int64_t)number;
  int32_t pid = (int32_t)(number & 1023);
  int64_t start = 1700000000000 + pid;
  uint16_t path = PATH;
  memset(at, 0, FRAME);
  memcpy(at, &length, 4);
  at[4] = 5; /* a file */
  memcpy(at + 8, &number, 8);
  memcpy(at + 16, &time, 8);
  memcpy(at + 24, &pid, 4);
  memcpy(at + 28, &start, 8);
  at[36] = 1; /* open */
  at[37] = 1; /* read */
  memcpy(at + 40, &path, 2);
  path_of(at + 42, number);
  return at + FRAME;
}

static void *fill_socket(void *unused) {
  (void)unused;
  static uint8_t batch[BATCH];
  for (uint64_t number = 0; !atomic_load(&stop);) {
    uint8_t *end = batch;
    while (end + FRAME <= batch + BATCH) {
      end = put_frame(end, number++);
    }
    for (const uint8_t *at = batch; at < end;) {
      ssize_t sent = send(to_reader, at, (size_t)(end - at), MSG_NOSIGNAL);
      if (sent <= 0) {
        return NULL;
      }
      at += sent;
    }
  }
  return NULL;
}

static void finish(void) {
  atomic_store(&stop, true);
  if (to_reader >= 0) {
    shutdown(to_reader, SHUT_RDWR);
  }
  pthread_join(producer, NULL);
  if (to_reader >= 0) {
    close(to_reader);
    to_reader = -1;
  }
}

JNIEXPORT jboolean JNICALL Java_dev_quintai_esjni_TransportProducer_ring(JNIEnv *env, jclass type, jobject memory) {
  (void)type;
  atomic_store(&stop, false);
  return ring_init(&ring, (*env)->GetDirectBufferAddress(env, memory),
                   (size_t)(*env)->GetDirectBufferCapacity(env, memory)) &&
         pthread_create(&producer, NULL, fill_ring, NULL) == 0;
}

JNIEXPORT jboolean JNICALL Java_dev_quintai_esjni_TransportProducer_socket(JNIEnv *env, jclass type, jstring path) {
  (void)type;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *text = (*env)->GetStringUTFChars(env, path, NULL);
  strncpy(address.sun_path, text, sizeof address.sun_path - 1);
  (*env)->ReleaseStringUTFChars(env, path, text);
  atomic_store(&stop, false);
  to_reader = socket(AF_UNIX, SOCK_STREAM, 0);
  int size = 1 << 20;
  setsockopt(to_reader, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  return connect(to_reader, (struct sockaddr *)&address, sizeof address) == 0 &&
         pthread_create(&producer, NULL, fill_socket, NULL) == 0;
}

JNIEXPORT void JNICALL Java_dev_quintai_esjni_TransportProducer_finish(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
  finish();
}

/* An upcall for each event, with its numbers, and its path as a string or not. */
JNIEXPORT void JNICALL Java_dev_quintai_esjni_TransportProducer_upcalls(JNIEnv *env, jclass type, jint events,
                                                                        jboolean strings) {
  jmethodID event = (*env)->GetStaticMethodID(env, type, "event", "(IIJJJJLjava/lang/String;)V");
  for (jint number = 0; number < events; number++) {
    char path[PATH + 1] = {0};
    path_of((uint8_t *)path, (uint64_t)number);
    jstring text = strings ? (*env)->NewStringUTF(env, path) : NULL;
    (*env)->CallStaticVoidMethod(env, type, event, RECORD_OPEN, number & 1023,
                                 (jlong)1700000000000 + (number & 1023), (jlong)1700000000000000000 + number,
                                 (jlong)number, (jlong)1, text);
    if (text != NULL) {
      (*env)->DeleteLocalRef(env, text);
    }
  }
}
