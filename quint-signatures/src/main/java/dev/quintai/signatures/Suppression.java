package dev.quintai.signatures;

import dev.quintai.signatures.json.Clean;
import java.time.Instant;
import java.util.Objects;

/**
 * Keeps a signature's matches quiet where an operator has judged them harmless: narrow, with a
 * reason and an end. What it keeps quiet is counted. All scopes that are given must fit.
 *
 * @param signatureId the signature, or null for all
 * @param agent the platform id of the session, or null for all
 * @param session the session's id, or null for all
 * @param tool the tool whose call completed the match, or null for all
 * @param path the file or folder that an argument of that call names or lies below, relative ones
 *     from the session's working directory, or null for all
 * @param expires the first instant at which it no longer counts
 * @param reason why, for those who come later
 */
public record Suppression(
    String signatureId,
    String agent,
    String session,
    String tool,
    String path,
    Instant expires,
    String reason) {

  /** The longest text of each kind. */
  public static final int MAX_LENGTH = 1024;

  /**
   * A suppression.
   *
   * @throws IllegalArgumentException without a scope or a reason, or with a text that is longer
   *     than {@link #MAX_LENGTH}, holds characters that are not seen, or is no Unicode
   */
  public Suppression {
    check("signature", signatureId);
    check("agent", agent);
    check("session", session);
    check("tool", tool);
    check("path", path);
    check("reason", reason);
    Objects.requireNonNull(expires, "expires");
    if (reason == null || reason.isBlank()) {
      throw new IllegalArgumentException("a suppression needs a reason");
    }
    if (agent == null && session == null && tool == null && path == null) {
      throw new IllegalArgumentException(
          "a suppression needs a scope: agent, session, tool or path");
    }
  }

  private static void check(String name, String text) {
    if (text == null) {
      return;
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          name + ": at most " + MAX_LENGTH + " characters, not " + text.length());
    }
    // A pair of surrogates is one code point; one that is left over is its own.
    if (text.codePoints()
        .anyMatch(c -> Clean.isHidden(c) || Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(name + ": holds characters that are not seen");
    }
  }
}
