/* The seccomp filter: which calls stop and wait for the supervisor. */
#ifndef QUINT_FILTER_H
#define QUINT_FILTER_H

#include <stdbool.h>

struct filter_result {
  int listener;  /* descriptor of the listener, or -1 */
  int error;     /* errno when there is none; EBUSY: another listener watches this process already */
  bool killable; /* a waiting call yields to fatal signals only, so runtimes that signal do no harm */
};

/*
 * Installs the filter on the calling thread; it is inherited by all that follows from it, for good.
 * With writes_only, opens that can change nothing do not stop.
 */
struct filter_result filter_install(bool writes_only);

#endif
