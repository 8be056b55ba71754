package dev.quintai.daemon.run;

import dev.quintai.core.EngineStats;
import dev.quintai.core.Finding;
import java.nio.file.Path;
import java.util.List;

/** What came of a run. */
public final class RunOutcome {

  final int exitCode;
  final String session;
  final String platform;
  final List<Finding> findings;
  final Timeline timeline;
  final EngineStats stats;
  final String truth;
  final Notices notices;
  final Path database;

  RunOutcome(
      int exitCode,
      String session,
      String platform,
      List<Finding> findings,
      Timeline timeline,
      EngineStats stats,
      String truth,
      Notices notices,
      Path database) {
    this.exitCode = exitCode;
    this.session = session;
    this.platform = platform;
    this.findings = findings;
    this.timeline = timeline;
    this.stats = stats;
    this.truth = truth;
    this.notices = notices;
    this.database = database;
  }

  /** The agent's exit code. */
  public int exitCode() {
    return exitCode;
  }

  /** The findings in their final state, in order. */
  public List<Finding> findings() {
    return findings;
  }
}
