package dev.quintai.core;

import java.util.Locale;

/** A gate's answer, from mildest to strictest. */
public enum Decision {
  ALLOW,
  ALERT,
  BLOCK;

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its name in files: lower case. */
  public String id() {
    return id;
  }
}
