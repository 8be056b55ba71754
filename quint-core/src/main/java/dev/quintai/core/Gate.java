package dev.quintai.core;

import java.util.Locale;

/** Which detector speaks, in the order in which they stand before an action. */
public enum Gate {
  SIGNATURE,
  FINGERPRINT,
  DIVERGENCE;

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its name in files: lower case. */
  public String id() {
    return id;
  }
}
