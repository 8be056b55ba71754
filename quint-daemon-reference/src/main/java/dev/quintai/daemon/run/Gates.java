package dev.quintai.daemon.run;

import dev.quintai.core.QuintEngine;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.divergence.DivergenceDetector;

/** An engine with the gates and tables that every command uses. */
public final class Gates {

  /** How many findings a report holds at most. */
  public static final int MAX_FINDINGS = 1_000_000;

  private Gates() {}

  /** An engine's builder with all gates. */
  public static QuintEngine.Builder engine() {
    return QuintEngine.builder()
        .platforms(Gates::platform)
        .actions(new CapabilityMapper())
        .detector(new DivergenceDetector());
  }
}
