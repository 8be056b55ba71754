package dev.quintai.core;

import java.util.Locale;

/** How grave a finding is, from least to most. */
public enum Severity {
  NONE,
  INFO,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its name in files: lower case. */
  public String id() {
    return id;
  }
}
