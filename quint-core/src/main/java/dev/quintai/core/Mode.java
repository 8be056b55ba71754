package dev.quintai.core;

import java.util.Locale;

/** What becomes of a verdict. */
public enum Mode {
  SHADOW,
  ALERT,
  BLOCK;

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its name in files: lower case. */
  public String id() {
    return id;
  }
}
