package dev.quintai.signatures;

import java.util.Locale;

/** The checks on receipt of a signature, in their order; a rejection names the one that failed. */
public enum Check {
  /** It is no I-JSON (RFC 7493). */
  PARSE,
  /** It exceeds a size limit. */
  LIMITS,
  /** No usable key of the channel at the time of creation, or an unusable one signed it. */
  KEY,
  /** No key of the channel verifies it. */
  SIGNATURE,
  /** A field is missing or out of its range. */
  SCHEMA,
  /** Its version is not above the highest that the channel has accepted. */
  REPLAY,
  /** Its time to live is over. */
  EXPIRED;

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its name in output: lower case. */
  public String id() {
    return id;
  }
}
