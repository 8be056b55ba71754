package dev.quintai.core.spi;

import dev.quintai.core.Finding;

/** Where a detector reports what it found. */
@FunctionalInterface
public interface Findings {

  /** Reports a finding, or a later revision of one. */
  void report(Finding finding);
}
