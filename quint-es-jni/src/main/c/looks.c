#include "looks.h"

#include "clock.h"
#include "files.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

enum { SLOTS = 256, WAKE_EVERY = 64, STACK = 512 * 1024 };

static struct look slots[SLOTS];
static struct supervisor *supervisor;
static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static sem_t wake;
static bool waits; /* a look can wait */
static bool taken = true;

static void make_looks(void) {
  struct shared *page = supervisor->page;
  uint32_t done = atomic_load_explicit(&page->looks_made, memory_order_relaxed);
  while (done != atomic_load_explicit(&page->looks_left, memory_order_acquire)) {
    files_look(supervisor, &slots[done % SLOTS]);
    atomic_store_explicit(&page->looks_made, ++done, memory_order_release);
  }
}

static void *second_thread(void *unused) {
  for (;;) {
    sem_wait(&wake);
    pthread_mutex_lock(&owner);
    make_looks();
    if (wire_due(supervisor->wire, clock_boottime())) {
      (void)wire_flush(supervisor->wire); /* a reader that is gone is noticed by the supervisor's poll */
    }
    pthread_mutex_unlock(&owner);
  }
  return unused;
}

void looks_start(struct supervisor *s) {
  sigset_t all;
  sigset_t before;
  pthread_t thread;
  pthread_attr_t attributes;
  supervisor = s;
  pthread_mutex_lock(&owner);
  sigfillset(&all); /* ticks are for the thread that waits for calls */
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK);
  waits = sem_init(&wake, 0, 0) == 0 && pthread_create(&thread, &attributes, second_thread, NULL) == 0;
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct look *looks_claim(void) {
  if (!waits) {
    return NULL;
  }
  uint32_t left = atomic_load_explicit(&supervisor->page->looks_left, memory_order_relaxed);
  if (left - atomic_load_explicit(&supervisor->page->looks_made, memory_order_acquire) == SLOTS) {
    looks_take();
  }
  return &slots[left % SLOTS];
}

void looks_leave(void) {
  uint32_t left = atomic_load_explicit(&supervisor->page->looks_left, memory_order_relaxed) + 1;
  atomic_store_explicit(&supervisor->page->looks_left, left, memory_order_release);
  if (taken) {
    taken = false;
    pthread_mutex_unlock(&owner);
  }
  if (left % WAKE_EVERY == 0) {
    sem_post(&wake);
  }
}

void looks_take(void) {
  if (!taken) {
    pthread_mutex_lock(&owner);
    taken = true;
    make_looks();
  }
}

bool looks_take_within(int milliseconds) {
  struct timespec until;
  if (!taken) {
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += milliseconds * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    taken = pthread_mutex_timedlock(&owner, &until) == 0;
    if (taken) {
      make_looks();
    }
  }
  return taken;
}

void looks_wake(void) { sem_post(&wake); }

bool looks_taken(void) { return taken; }

void looks_stop(void) {
  looks_take();
  waits = false;
}
