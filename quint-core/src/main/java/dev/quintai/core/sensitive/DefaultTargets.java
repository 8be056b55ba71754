package dev.quintai.core.sensitive;

/** The built-in table, version 1. */
final class DefaultTargets {
  private DefaultTargets() {}

  static void addTo(SensitiveTargets.Builder builder) {
    TargetRows table = new TargetRows(builder);
    DefaultSecrets.addTo(table);
    DefaultPlaces.addTo(table);
  }
}
