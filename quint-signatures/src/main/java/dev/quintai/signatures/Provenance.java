package dev.quintai.signatures;

import java.util.Locale;

/** Where a signature comes from. */
public enum Provenance {
  ANALYST_AUTHORED,
  ML_DISTILLED,
  AUTO_CONFIRMED,
  IMPORTED,
  FEDERATED;

  private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Its name in files, for example {@code analyst-authored}. */
  public String id() {
    return id;
  }

  /** The provenance of that name, or null. */
  public static Provenance of(String id) {
    for (Provenance provenance : values()) {
      if (provenance.id.equals(id)) {
        return provenance;
      }
    }
    return null;
  }
}
