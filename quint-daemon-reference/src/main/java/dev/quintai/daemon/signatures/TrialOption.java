package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.BenignHistory.Limits;
import picocli.CommandLine.Option;

/** How much of what was benign here a new signature may match. */
final class TrialOption {

  @Option(
      names = "--max-benign-share",
      paramLabel = "SHARE",
      description =
          "Holds a new signature that would have matched more than this share of the recorded benign"
              + " sessions (default: ${DEFAULT-VALUE}; 1 holds nothing).")
  double share = Limits.DEFAULTS.maxShare();

  Limits limits() {
    try {
      return Limits.DEFAULTS.withMaxShare(share);
    } catch (IllegalArgumentException e) {
      throw new Failure("--max-benign-share: 0 to 1, not " + share, e);
    }
  }
}
