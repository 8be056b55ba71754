package dev.quintai.divergence;

import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.util.Objects;

/**
 * Gate 3: holds what the model declared against what the operating system saw.
 *
 * <p>Fixed rules, no learning: a truth is explained by a declaration that names it, by stemming
 * from a declared command, or by a versioned list of what agents do by themselves; what remains is
 * a finding, and so is a declaration of which nothing was seen. Same events in the order of time,
 * same findings. State is bounded for each session.
 */
public final class DivergenceDetector implements Detector {
  private final DivergenceSettings settings;

  /** With {@link DivergenceSettings#DEFAULTS}. */
  public DivergenceDetector() {
    this(DivergenceSettings.DEFAULTS);
  }

  /** With the given settings. */
  public DivergenceDetector(DivergenceSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  @Override
  public Gate gate() {
    return Gate.DIVERGENCE;
  }

  @Override
  public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
    return new SessionMatcher(session, facts, findings, settings);
  }
}
