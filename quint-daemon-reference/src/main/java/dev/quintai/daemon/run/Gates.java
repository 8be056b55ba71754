package dev.quintai.daemon.run;

import dev.quintai.core.QuintEngine;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.core.spi.Detector;
import dev.quintai.divergence.DivergenceDetector;

/** An engine with the gates and tables that every command uses. */
public final class Gates {

  /** How many findings a report holds at most. */
  public static final int MAX_FINDINGS = 1_000_000;

  private static final PlatformDetector PLATFORMS = PlatformDetector.defaults();

  private Gates() {}

  /** Which programs are agents. */
  static PlatformDetector platforms() {
    return PLATFORMS;
  }

  /** The platform of a program, or null. */
  static String platform(ProcessExec exec) {
    return PLATFORMS.platformOf(exec);
  }

  /** An engine's builder with the tables, and no gate. */
  public static QuintEngine.Builder bare() {
    return QuintEngine.builder().platforms(PLATFORMS).actions(new CapabilityMapper());
  }

  /** An engine's builder with all gates, the first two as the caller has set them up. */
  public static QuintEngine.Builder engine(Detector signatures, Detector fingerprint) {
    return bare().detector(signatures).detector(fingerprint).detector(new DivergenceDetector());
  }
}
