package dev.quintai.benchmarks.fingerprint;

import dev.quintai.core.Capability;
import java.util.UUID;

/**
 * A fixed stream of 2<sup>18</sup> actions of 40,000 agents, the same one that the Go reference
 * replays: which agent acts is drawn by Zipf's law (s = 1) or uniformly, and each agent keeps to
 * its own few verbs, tools, servers, domains and addresses.
 */
final class Workload {
  static final int AGENTS = 40_000;
  static final int EVENTS = 1 << 18;

  private static final long EPOCH = 1_790_000_000_000_000_000L;
  private static final long ROUND = 262_144_000_000L;
  private static final String[] WORDS = {
    "read", "write", "delete", "auth", "execute", "search",
    "send", "receive", "configure", "monitor", "delegate", "escalate"
  };
  private static final String[] OBJECTS = {
    "file",
    "repo",
    "issue",
    "bucket",
    "secret",
    "pod",
    "table",
    "mail",
    "channel",
    "page",
    "ticket",
    "user",
    "branch",
    "image",
    "cluster",
    "log",
    "doc",
    "calendar"
  };
  private static final String[] HOSTS = {
    "github",
    "slack",
    "jira",
    "postgres",
    "kubernetes",
    "filesystem",
    "gmail",
    "notion",
    "stripe",
    "salesforce"
  };

  final UUID[] agents = new UUID[AGENTS];
  final String[] tools = new String[200];
  final String[] servers = new String[40];
  final String[] domains = new String[60];
  final String[] ips = new String[1_000];

  final int[] agent = new int[EVENTS];
  final int[] verb = new int[EVENTS];
  final int[] tool = new int[EVENTS];
  final int[] server = new int[EVENTS];
  final int[] domain = new int[EVENTS];
  final int[] ip = new int[EVENTS];
  final double[] risk = new double[EVENTS];
  private final long[] time = new long[EVENTS];

  private long state = 42;

  Workload(boolean zipf) {
    for (int i = 0; i < AGENTS; i++) {
      agents[i] = new UUID(next(), next());
    }
    for (int i = 0; i < tools.length; i++) {
      tools[i] = "mcp__" + HOSTS[i % 10] + "__" + WORDS[i % 12] + "_" + OBJECTS[i % 18];
      tools[i] += i >= 180 ? "_v2" : "";
    }
    for (int i = 0; i < servers.length; i++) {
      servers[i] = String.format("%s-mcp-%02d", HOSTS[i % 10], i);
    }
    for (int i = 0; i < domains.length; i++) {
      domains[i] = HOSTS[i % 10] + i + ".example.com";
    }
    for (int i = 0; i < ips.length; i++) {
      ips[i] = "10." + below(256) + "." + below(256) + "." + below(256);
    }
    events(zipf);
  }

  private void events(boolean zipf) {
    double[] sums = new double[AGENTS];
    double sum = 0;
    for (int rank = 0; rank < AGENTS; rank++) {
      sum += 1.0 / (rank + 1);
      sums[rank] = sum;
    }
    int[] shuffled = new int[AGENTS];
    for (int i = 0; i < AGENTS; i++) {
      shuffled[i] = i;
      int j = below(i + 1);
      int swap = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swap;
    }
    long now = EPOCH;
    for (int i = 0; i < EVENTS; i++) {
      int who = zipf ? shuffled[rank(sums, fraction() * sum)] : below(AGENTS);
      int own = who * 7;
      agent[i] = who;
      verb[i] = (own + skewed(12)) % 48;
      tool[i] = (own + skewed(20)) % 200;
      server[i] = (own + skewed(6)) % 40;
      domain[i] = (own + skewed(8)) % 60;
      ip[i] = (own + skewed(10)) % 1_000;
      risk[i] = fraction() * 100;
      now += below(2_000_000);
      time[i] = now;
    }
  }

  /** The time of the event at a position of the endless stream. */
  long time(int position) {
    return time[position & (EVENTS - 1)] + (position >>> 18) * ROUND;
  }

  Capability capability(int event) {
    return Capability.at(verb[event] % Capability.COUNT);
  }

  private static int rank(double[] sums, double u) {
    int low = 0;
    int high = sums.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] > u) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** SplitMix64. */
  private long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private int below(int bound) {
    return (int) ((next() >>> 1) % bound);
  }

  private double fraction() {
    return (next() >>> 11) * 0x1p-53;
  }

  private int skewed(int bound) {
    double u = fraction();
    return (int) (u * u * bound);
  }
}
