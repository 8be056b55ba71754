package dev.quintai.parsers.turn;

import dev.quintai.core.spi.LlmFinding;

/** Where a dialect reports what it could not read or keep; the offset is that of the frame. */
public interface Findings {

  /** Reports a finding at the present frame. */
  void report(LlmFinding.Kind kind, String detail);

  /** Counts a cut value and reports it. */
  void limit(String detail);
}
