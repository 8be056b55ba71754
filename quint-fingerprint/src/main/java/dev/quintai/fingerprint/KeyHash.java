package dev.quintai.fingerprint;

import net.openhft.hashing.LongHashFunction;

/**
 * The hash under all sketches: 64 well-mixed bits of a key, depending on a secret.
 *
 * <p>Implementations are thread-safe, allocate nothing, and give the same value for the same bytes
 * and secret for good: stored fingerprints depend on it.
 */
@FunctionalInterface
public interface KeyHash {

  /** The hash of {@code bytes[offset .. offset + length)}. */
  long hash(byte[] bytes, int offset, int length);

  /**
   * XXH3 (64 bits) with the seed's value. It is fast and mixes well, but it is no cryptographic
   * function: it resists a party that can choose names, not one that can also observe hashes.
   */
  static KeyHash xxh3(HashSeed seed) {
    LongHashFunction function = LongHashFunction.xx3(seed.value());
    return function::hashBytes;
  }
}
