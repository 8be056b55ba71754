package dev.quintai.fingerprint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * The secret that keys are hashed with, and its public id.
 *
 * <p>Whoever knows it can find names that collide in every sketch, so that a new tool passes for a
 * known one. It belongs into a file that only its owner reads; an organisation whose machines share
 * one store must share one seed. Only the {@link #id() id} is written into fingerprints: those of
 * another seed are refused, as their bits mean other keys.
 *
 * <p>Immutable. {@link #toString()} does not show the secret.
 */
public final class HashSeed {
  // Value and id are two SHA-256 digests with different prefixes, so the id tells nothing about
  // the value.

  /** The least length of a secret in bytes. */
  public static final int MIN_SECRET_BYTES = 16;

  private final long value;
  private final long id;

  private HashSeed(byte[] secret) {
    value = digest("quint fingerprint seed", secret);
    id = digest("quint fingerprint seed id", secret);
  }

  /**
   * The seed of a secret.
   *
   * @param secret random bytes, at least {@value #MIN_SECRET_BYTES}; not kept
   * @throws IllegalArgumentException when it is shorter
   */
  public static HashSeed ofSecret(byte[] secret) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a seed needs a secret of at least " + MIN_SECRET_BYTES + " bytes, not " + secret.length);
    }
    return new HashSeed(secret);
  }

  /**
   * The seed of a session that starts with an empty fingerprint. It follows from the session's id,
   * so a recording gives the same findings wherever it is replayed. It is no secret: the
   * fingerprints made with it must not outlive the session.
   */
  public static HashSeed ofSession(String sessionId) {
    Objects.requireNonNull(sessionId, "sessionId");
    return new HashSeed(("session " + sessionId).getBytes(StandardCharsets.UTF_8));
  }

  /** The secret itself, for hash functions that take 64 bits of seed. */
  public long value() {
    return value;
  }

  /** What fingerprints are marked with. */
  public long id() {
    return id;
  }

  @Override
  public String toString() {
    return "HashSeed " + Long.toHexString(id);
  }

  private static long digest(String purpose, byte[] secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(purpose.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      return ByteBuffer.wrap(sha256.digest(secret)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
