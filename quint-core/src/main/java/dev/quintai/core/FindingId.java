package dev.quintai.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Deterministic ids of findings: the first 64 bits, in hex, of the SHA-256 of what identifies the
 * finding. The same events give the same id on every run and machine.
 */
public final class FindingId {
  private FindingId() {}

  /**
   * The id of the finding that {@code parts} identify within a session and gate.
   *
   * @param parts what tells it from the gate's other findings of the session; never its severity or
   *     type, which a revision may change
   */
  public static String of(Gate gate, String session, Object... parts) {
    StringBuilder key = new StringBuilder(64).append(gate.id()).append('\0').append(session);
    for (Object part : parts) {
      key.append('\0').append(part);
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(key.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
