/*
 * quint-watch: tells a reader what running processes, or a command that it starts, do. Needs root.
 *
 *   quint-watch --tier bpf|connector --socket PATH [options] [--pid PID]... | -- COMMAND [ARGUMENT...]
 *   quint-watch --tier bpf|connector --self-test
 */
#include "follow.h"
#include "watch.h"

#include "../procfs.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE_KIB = 8 * 1024, QUEUE_KIB_MIN = 256, QUEUE_KIB_MAX = 1024 * 1024 };

static const char usage[] =
    "usage: quint-watch --tier bpf|connector --socket PATH [--clock-offset-ns N] [--reads all|writes]\n"
    "                   [--queue-kib N] [--everybody] [--pid PID]... | -- COMMAND [ARGUMENT...]\n"
    "       quint-watch --tier bpf|connector --self-test\n";

static bool number(const char *text, long long least, long long most, long long *to) {
  char *end;
  errno = 0;
  *to = strtoll(text, &end, 10);
  return errno == 0 && end != text && *end == 0 && *to >= least && *to <= most;
}

static bool option(struct orders *orders, int name, const char *value) {
  long long parsed;
  switch (name) {
    case 't':
      orders->tier = strcmp(value, "bpf") == 0         ? &tier_bpf
                     : strcmp(value, "connector") == 0 ? &tier_connector
                                                       : NULL;
      return orders->tier != NULL;
    case 's':
      orders->socket_path = value;
      return true;
    case 'c':
      if (!number(value, INT64_MIN, INT64_MAX, &parsed)) {
        return false;
      }
      orders->clock_offset = parsed;
      return true;
    case 'r':
      orders->wanted.writes_only = strcmp(value, "writes") == 0;
      return orders->wanted.writes_only || strcmp(value, "all") == 0;
    case 'e':
      orders->wanted.everybody = true;
      return true;
    case 'p':
      if (!number(value, 1, INT32_MAX, &parsed) || orders->pid_count == ORDERS_PIDS_MAX) {
        return false;
      }
      orders->pids[orders->pid_count++] = (pid_t)parsed;
      return true;
    case 'q':
      if (!number(value, QUEUE_KIB_MIN, QUEUE_KIB_MAX, &parsed)) {
        return false;
      }
      for (orders->queue_bytes = 1; orders->queue_bytes < (size_t)parsed * 1024;) {
        orders->queue_bytes *= 2;
      }
      return true;
    default:
      return false;
  }
}

int main(int argc, char **argv) {
  static const struct option names[] = {
      {"tier", required_argument, NULL, 't'},      {"socket", required_argument, NULL, 's'},
      {"clock-offset-ns", required_argument, NULL, 'c'}, {"reads", required_argument, NULL, 'r'},
      {"queue-kib", required_argument, NULL, 'q'}, {"everybody", no_argument, NULL, 'e'},
      {"pid", required_argument, NULL, 'p'},       {"self-test", no_argument, NULL, 'T'},
      {NULL, 0, NULL, 0}};
  static struct orders orders = {.queue_bytes = (size_t)QUEUE_KIB * 1024};
  bool self_test = false;
  int name;
  opterr = 0;
  while ((name = getopt_long(argc, argv, "+", names, NULL)) != -1) {
    if (name == 'T') {
      self_test = true;
    } else if (!option(&orders, name, optarg)) {
      fputs(usage, stderr);
      return FOLLOW_FAILED;
    }
  }
  orders.command = argv + optind;
  if (!procfs_init() || orders.tier == NULL || (!self_test && orders.socket_path == NULL)) {
    fputs(usage, stderr);
    return FOLLOW_FAILED;
  }
  return self_test ? follow_self_test(orders.tier) : follow_run(&orders);
}
