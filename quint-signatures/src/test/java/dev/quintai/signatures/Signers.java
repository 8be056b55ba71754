package dev.quintai.signatures;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keys and signed documents for tests. */
final class Signers {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final Channel ACME = new Channel("org:acme");
  static final SigningKey KEY = SigningKey.generate(new SecureRandom());
  static final SigningKey STRANGER = SigningKey.generate(new SecureRandom());

  private Signers() {}

  static Keyring.Entry entry(
      String id, SigningKey key, Set<Channel> channels, Instant to, boolean revoked) {
    return new Keyring.Entry(
        id, key.publicKey(), channels, NOW.minus(Duration.ofDays(365)), to, revoked);
  }

  static Keyring keyring() {
    return new Keyring(List.of(entry("good", KEY, Set.of(ACME, Channel.GLOBAL), null, false)));
  }

  /** A valid document of an id and a version, created an hour ago. */
  static SignatureDocument document(String id, long version) {
    return document(id, version, Map.of());
  }

  /** The same with some fields replaced; a null value removes one. */
  static SignatureDocument document(String id, long version, Map<String, ?> changes) {
    ThreatSignature signature =
        Flows.signature(id, Flows.shape(3, 6, 0.6, 6, 8, 0.4))
            .version(version)
            .createdAt(NOW.minus(Duration.ofHours(1)))
            .ttlHours(720)
            .build();
    Map<String, Object> fields = new LinkedHashMap<>(signature.document().fields());
    changes.forEach(
        (name, value) -> {
          if (value == REMOVED) {
            fields.remove(name);
          } else {
            fields.put(name, value == NULL ? null : value);
          }
        });
    return SignatureDocument.of(fields);
  }

  static final Object REMOVED = new Object();
  static final Object NULL = new Object();

  static SignatureDocument signed(String id, long version) {
    return document(id, version).sign(KEY);
  }

  /** Documents as a file: one a line. */
  static byte[] file(SignatureDocument... documents) {
    StringBuilder lines = new StringBuilder();
    for (SignatureDocument document : documents) {
      lines.append(document.toJson()).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
