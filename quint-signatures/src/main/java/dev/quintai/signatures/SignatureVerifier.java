package dev.quintai.signatures;

import java.time.Instant;

/**
 * The checks on a signature that need no memory of earlier ones: key, signature, schema, and
 * expiry. Parsing comes before ({@link SignatureDocument#parse}), the version's place in its
 * channel between schema and expiry ({@link ThreatSignatureRegistry}). Immutable, thread-safe.
 */
public final class SignatureVerifier {
  private final Keyring keyring;

  /** A verifier that believes these keys. */
  public SignatureVerifier(Keyring keyring) {
    this.keyring = keyring;
  }

  /**
   * Checks key, signature and schema, in this order.
   *
   * @param document what was received
   * @param channel the channel on which it came, or null for any channel of a key
   * @param now the present, against which a creation in the future is refused
   * @throws SignatureRejectedException by {@link Check#KEY}, {@link Check#SIGNATURE} or {@link
   *     Check#SCHEMA}
   */
  public ThreatSignature verify(SignatureDocument document, Channel channel, Instant now)
      throws SignatureRejectedException {
    // Without a readable time of creation no key can be out of its window; the schema says so then.
    Instant created = SignatureSchema.createdAt(document);
    boolean anyUsable =
        keyring.entries().stream().anyMatch(entry -> entry.usable(channel, created));
    if (!anyUsable) {
      throw new SignatureRejectedException(
          Check.KEY,
          "the keyring has no usable key"
              + (channel == null ? "" : " of the channel " + channel)
              + (created == null ? "" : " at " + created));
    }
    byte[] signature = document.signature();
    byte[] message = document.canonicalBytes();
    Keyring.Entry unusable = null;
    for (Keyring.Entry entry : keyring.entries()) {
      if (entry.usable(channel, created) && entry.key().verify(message, signature)) {
        return SignatureSchema.read(document, now);
      }
    }
    for (Keyring.Entry entry : keyring.entries()) {
      if (!entry.usable(channel, created) && entry.key().verify(message, signature)) {
        unusable = entry;
        break;
      }
    }
    if (unusable != null) {
      throw new SignatureRejectedException(
          Check.KEY,
          "the key "
              + unusable.keyId()
              + " that signed it "
              + unusable.objection(channel, created));
    }
    throw new SignatureRejectedException(
        Check.SIGNATURE, "no key of the keyring verifies the signature");
  }

  /** The outcome of all checks on one part of a file; nothing is remembered. */
  public Receipt receipt(SignatureFile.Part part, Channel channel, Instant now) {
    if (part.rejection() != null) {
      return Receipt.rejected(part, part.rejection());
    }
    try {
      checkExpiry(verify(part.document(), channel, now), now);
      return Receipt.accepted(part, null, false);
    } catch (SignatureRejectedException e) {
      return Receipt.rejected(part, e);
    }
  }

  /**
   * Refuses what has expired.
   *
   * @throws SignatureRejectedException by {@link Check#EXPIRED}
   */
  public static void checkExpiry(ThreatSignature signature, Instant now)
      throws SignatureRejectedException {
    if (signature.expiredAt(now)) {
      throw new SignatureRejectedException(
          Check.EXPIRED,
          "created at " + signature.createdAt() + " for " + signature.ttlHours() + " hours");
    }
  }
}
