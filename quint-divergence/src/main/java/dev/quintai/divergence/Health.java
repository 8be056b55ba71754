package dev.quintai.divergence;

import dev.quintai.core.Finding;

/** The share of declared calls of which nothing was seen: a measure of the sensors. */
final class Health {
  private final Reporter reporter;
  private final DivergenceSettings settings;
  int resolved;
  int unmatched;
  Finding reported;

  Health(Reporter reporter, DivergenceSettings settings) {
    this.reporter = reporter;
    this.settings = settings;
  }

  /** Counts a resolved call, or counts it anew after a change. */
  void count(OpenIntent intent, boolean counts, boolean missing, long time) {
    if (intent.counted == counts && intent.countedUnmatched == missing) {
      return;
    }
    resolved += (counts ? 1 : 0) - (intent.counted ? 1 : 0);
    unmatched += (missing ? 1 : 0) - (intent.countedUnmatched ? 1 : 0);
    intent.counted = counts;
    intent.countedUnmatched = missing;
    boolean ill =
        resolved >= settings.healthMinimum() && unmatched > settings.healthRate() * resolved;
    if (ill) {
      long since = reported == null ? time : reported.timeNanos();
      reported = reporter.tell(reported, reporter.health(unmatched, resolved, since));
    } else {
      reported = reporter.takeBack(reported, "Most calls were seen after all.");
    }
  }
}
