/* Our own few declarations of the C library, for the syntax check with a cross target. */
#pragma once
typedef struct { long opaque[8]; } pthread_mutex_t;
typedef struct pthread_opaque *pthread_t;
#define PTHREAD_MUTEX_INITIALIZER {{0}}
int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_unlock(pthread_mutex_t *mutex);
pthread_t pthread_self(void);
int pthread_equal(pthread_t a, pthread_t b);
