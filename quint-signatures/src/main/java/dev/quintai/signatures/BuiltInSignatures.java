package dev.quintai.signatures;

import java.util.List;

/** The signatures that come with the product. */
public final class BuiltInSignatures {
  private BuiltInSignatures() {}

  /** All of them. */
  public static List<LoadedSignature> all() {
    return List.of();
  }
}
