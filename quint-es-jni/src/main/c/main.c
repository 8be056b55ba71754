/*
 * quint-trace: starts a command and tells a reader what its whole process tree does.
 *
 *   quint-trace --socket PATH [options] -- COMMAND [ARGUMENT...]
 *   quint-trace --self-test
 */
#include "ask.h"
#include "calls.h"
#include "policy.h"
#include "selftest.h"
#include "waiter.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE_KIB = 8 * 1024, QUEUE_KIB_MIN = 256, QUEUE_KIB_MAX = 1024 * 1024 };

static const char usage[] =
    "usage: quint-trace --socket PATH [--clock-offset-ns N] [--reads all|writes]\n"
    "                   [--orphan continue|kill] [--queue-kib N] [--refuse PATTERN]...\n"
    "                   [--ask-file FILE] -- COMMAND [ARGUMENT...]\n"
    "       quint-trace --self-test\n";

static bool number(const char *text, long long least, long long most, long long *to) {
  char *end;
  errno = 0;
  *to = strtoll(text, &end, 10);
  return errno == 0 && end != text && *end == 0 && *to >= least && *to <= most;
}

static bool choice(const char *text, const char *no, const char *yes, bool *to) {
  *to = strcmp(text, yes) == 0;
  return *to || strcmp(text, no) == 0;
}

static size_t power_of_two(size_t least) {
  size_t size = 1;
  while (size < least) {
    size *= 2;
  }
  return size;
}

static bool option(struct options *options, int name, const char *value) {
  long long parsed;
  bool chosen;
  switch (name) {
    case 's':
      options->socket_path = value;
      return true;
    case 'c':
      if (!number(value, INT64_MIN, INT64_MAX, &parsed)) {
        return false;
      }
      options->clock_offset = parsed;
      return true;
    case 'r':
      return choice(value, "all", "writes", &options->writes_only);
    case 'o':
      if (!choice(value, "continue", "kill", &chosen)) {
        return false;
      }
      options->orphan = chosen ? ORPHAN_KILL : ORPHAN_CONTINUE;
      return true;
    case 'a':
      return ask_load(value);
    case 'f':
      return policy_refuse(value);
    case 'q':
      if (!number(value, QUEUE_KIB_MIN, QUEUE_KIB_MAX, &parsed)) {
        return false;
      }
      options->queue_bytes = power_of_two((size_t)parsed * 1024);
      return true;
    default:
      return false;
  }
}

int main(int argc, char **argv) {
  static const struct option names[] = {
      {"socket", required_argument, NULL, 's'}, {"clock-offset-ns", required_argument, NULL, 'c'},
      {"reads", required_argument, NULL, 'r'},  {"orphan", required_argument, NULL, 'o'},
      {"queue-kib", required_argument, NULL, 'q'}, {"refuse", required_argument, NULL, 'f'},
      {"ask-file", required_argument, NULL, 'a'},
      {"self-test", no_argument, NULL, 't'},
      {NULL, 0, NULL, 0}};
  struct options options = {.queue_bytes = (size_t)QUEUE_KIB * 1024, .orphan = ORPHAN_CONTINUE};
  int name;
  const struct abi *abis;
  calls_init(&abis); /* before any fork: every process of ours looks calls up */
  opterr = 0;
  while ((name = getopt_long(argc, argv, "+", names, NULL)) != -1) {
    if (name == 't') {
      return selftest_run();
    }
    if (!option(&options, name, optarg)) {
      fputs(usage, stderr);
      return WAITER_FAILED;
    }
  }
  options.command = argv + optind;
  if (options.socket_path == NULL || options.command[0] == NULL) {
    fputs(usage, stderr);
    return WAITER_FAILED;
  }
  return waiter_run(&options);
}
