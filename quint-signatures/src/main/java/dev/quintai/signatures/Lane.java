package dev.quintai.signatures;

import java.util.Locale;

/** The most that a signature's match may do, from mildest to strictest. */
public enum Lane {
  /** Log only. */
  SHADOW,
  /** Log and alert. */
  ALERT,
  /** Log, alert and refuse the tool call. */
  BLOCK;

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its name in files and options: lower case. */
  public String id() {
    return id;
  }

  /** The lane of that name, or null. */
  public static Lane of(String id) {
    for (Lane lane : values()) {
      if (lane.id.equals(id)) {
        return lane;
      }
    }
    return null;
  }
}
