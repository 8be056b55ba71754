package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeyringTest {
  private static final String PEM =
      SigningKey.generate(new SecureRandom()).publicKey().toPem().replace("\n", "\\n");

  private static String ring(String fields) {
    return "{\"keys\":[{\"keyId\":\"k\",\"publicKey\":\"" + PEM + "\"," + fields + "}],\"x\":1}";
  }

  @Test
  void readsKeys() {
    Keyring keyring =
        Keyring.parse(
            ring(
                "\"channels\":[\"org:acme\",\"global\"],\"validFrom\":\"2026-01-01T00:00:00Z\","
                    + "\"validTo\":\"2026-02-01T00:00:00+01:00\",\"revoked\":false,\"note\":1"));
    Keyring.Entry entry = keyring.entries().get(0);
    Channel acme = new Channel("org:acme");
    assertThat(entry.usable(acme, Instant.parse("2026-01-01T00:00:00Z"))).isTrue();
    assertThat(entry.usable(acme, Instant.parse("2025-12-31T23:59:59Z"))).isFalse();
    assertThat(entry.usable(acme, Instant.parse("2026-01-31T22:59:59Z"))).isTrue();
    assertThat(entry.usable(acme, Instant.parse("2026-01-31T23:00:00Z"))).isFalse();
    assertThat(entry.usable(new Channel("org:other"), Instant.parse("2026-01-01T00:00:00Z")))
        .isFalse();
    assertThat(entry.usable(null, null)).isTrue();
  }

  @Test
  void refusesWhatItCannotRead() {
    String valid = "\"channels\":[\"global\"],\"validFrom\":\"2026-01-01T00:00:00Z\"";
    assertThat(Keyring.parse(ring(valid)).entries()).hasSize(1);
    refused(ring("\"validFrom\":\"2026-01-01T00:00:00Z\""), "channels");
    refused(ring("\"channels\":[\"everyone\"],\"validFrom\":\"2026-01-01T00:00:00Z\""), "channels");
    refused(ring("\"channels\":[7],\"validFrom\":\"2026-01-01T00:00:00Z\""), "channels");
    refused(ring("\"channels\":[\"global\"]"), "validFrom");
    refused(ring("\"channels\":[\"global\"],\"validFrom\":\"today\""), "validFrom");
    refused(ring(valid + ",\"validTo\":\"never\""), "validTo");
    refused(ring(valid + ",\"revoked\":\"no\""), "revoked");
    refused(ring(valid + ",\"revoked\":null"), "revoked");
    refused(ring(valid).replace("MCow", "AAAA"), "publicKey");
    refused(ring(valid).replace("\"k\"", "\"\""), "keyId");
    refused("[]", "keys");
    refused("{\"keys\":[", "JSON");
    String twice = ring(valid);
    String key = twice.substring(twice.indexOf('[') + 1, twice.indexOf("}]") + 1);
    refused("{\"keys\":[" + key + "," + key + "]}", "twice");
  }

  private static void refused(String json, String naming) {
    assertThatThrownBy(() -> Keyring.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(naming);
  }

  @Test
  void refusesPemsOfOtherKeys() {
    String rsa =
        "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf"
            + "9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n"
            + "-----END PUBLIC KEY-----\n";
    assertThatThrownBy(() -> VerifyingKey.fromPem(rsa)).hasMessageContaining("Ed25519");
    assertThatThrownBy(() -> SigningKey.fromPem(rsa)).hasMessageContaining("PRIVATE KEY");
    assertThatThrownBy(() -> VerifyingKey.fromPem("")).isInstanceOf(IllegalArgumentException.class);
    String garbled = "-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----";
    assertThatThrownBy(() -> SigningKey.fromPem(garbled))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pemsReadBack() {
    SigningKey key = SigningKey.generate(new SecureRandom());
    byte[] message = {1};
    SigningKey back = SigningKey.fromPem(key.toPem());
    assertThat(VerifyingKey.fromPem(key.publicKey().toPem()).verify(message, back.sign(message)))
        .isTrue();
  }

  /** Whoever revokes a key in a second entry means the key, whatever it is called. */
  @Test
  void aKeyThatIsRevokedUnderAnyNameIsRevoked() {
    SigningKey key = SigningKey.generate(new SecureRandom());
    java.util.Set<Channel> channels = java.util.Set.of(Channel.GLOBAL);
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Keyring keyring =
        new Keyring(
            java.util.List.of(
                new Keyring.Entry("old name", key.publicKey(), channels, from, null, false),
                new Keyring.Entry("leaked", key.publicKey(), channels, from, null, true)));
    assertThat(keyring.entries()).noneMatch(entry -> entry.usable(Channel.GLOBAL, from));
    SignatureDocument signed =
        Signers.document("a", 1, java.util.Map.of("created_at", "2026-11-21T11:00:00Z")).sign(key);
    assertThatThrownBy(
            () -> new SignatureVerifier(keyring).verify(signed, Channel.GLOBAL, Signers.NOW))
        .isInstanceOfSatisfying(
            SignatureRejectedException.class, e -> assertThat(e.check()).isEqualTo(Check.KEY));
  }
}
