package dev.quintai.daemon.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the summary must tell beside the findings, each once. Bounded: past its capacity notices are
 * counted. Thread-safe.
 */
final class Notices implements Consumer<String> {

  /** How many different notices are kept. */
  static final int CAPACITY = 64;

  private final Set<String> kept = new LinkedHashSet<>();
  private long more;

  @Override
  public synchronized void accept(String notice) {
    if (kept.size() < CAPACITY) {
      kept.add(notice);
    } else if (!kept.contains(notice)) {
      more++;
    }
  }

  /** The notices in the order in which each came first, and how many were not kept. */
  synchronized List<String> all() {
    List<String> all = new ArrayList<>(kept);
    if (more > 0) {
      all.add("and " + more + " more notices");
    }
    return all;
  }
}
