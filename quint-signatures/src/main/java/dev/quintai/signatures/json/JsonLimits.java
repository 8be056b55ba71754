package dev.quintai.signatures.json;

/**
 * Bounds on untrusted JSON.
 *
 * @param maxText characters of the whole text
 * @param maxDepth nesting of arrays and objects
 * @param maxString characters of a string, a field's name or a number
 * @param maxArray elements of an array
 */
public record JsonLimits(int maxText, int maxDepth, int maxString, int maxArray) {

  /** A signature: 256 KiB, depth 16, strings of 4 KiB, arrays of 256. */
  public static final JsonLimits SIGNATURE = new JsonLimits(256 << 10, 16, 4 << 10, 256);

  /**
   * A signature in canonical form, which may be longer than the text it was read from: {@code
   * 1e20,} becomes 22 characters.
   */
  public static final JsonLimits STORED_SIGNATURE =
      new JsonLimits(6 * SIGNATURE.maxText, SIGNATURE.maxDepth, SIGNATURE.maxString, 256);

  /** A keyring or another file of the operator's: 4 MiB, arrays of 4,096. */
  public static final JsonLimits CONFIGURATION = new JsonLimits(4 << 20, 16, 4 << 10, 4096);
}
