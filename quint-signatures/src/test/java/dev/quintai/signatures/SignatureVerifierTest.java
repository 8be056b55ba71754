package dev.quintai.signatures;

import static dev.quintai.signatures.Signers.ACME;
import static dev.quintai.signatures.Signers.KEY;
import static dev.quintai.signatures.Signers.NOW;
import static dev.quintai.signatures.Signers.STRANGER;
import static dev.quintai.signatures.Signers.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignatureVerifierTest {

  private static Check check(
      SignatureDocument document, Channel channel, Keyring.Entry... entries) {
    SignatureVerifier verifier = new SignatureVerifier(new Keyring(List.of(entries)));
    SignatureRejectedException e =
        catchThrowableOfType(
            SignatureRejectedException.class, () -> verifier.verify(document, channel, NOW));
    return e == null ? null : e.check();
  }

  private static Keyring.Entry good() {
    return Signers.entry("good", KEY, Set.of(ACME), null, false);
  }

  private static SignatureDocument with(SignatureDocument document, String name, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>(document.fields());
    fields.put(name, value);
    return SignatureDocument.of(fields);
  }

  @Test
  void acceptsAnyKeyThatServesTheChannel() {
    SignatureDocument signed = document("a", 1).sign(KEY);
    assertThat(check(signed, ACME, good())).isNull();
    assertThat(check(signed, null, good())).isNull();
    assertThat(check(signed, ACME, Signers.entry("x", STRANGER, Set.of(ACME), null, false), good()))
        .isNull();
  }

  @Test
  void namesTheKeyWhenItIsUnusable() {
    SignatureDocument signed = document("a", 1).sign(KEY);
    Keyring.Entry stranger = Signers.entry("x", STRANGER, Set.of(ACME), null, false);
    Keyring.Entry revoked = Signers.entry("r", KEY, Set.of(ACME), null, true);
    Keyring.Entry over =
        Signers.entry("o", KEY, Set.of(ACME), NOW.minus(Duration.ofDays(1)), false);
    Keyring.Entry elsewhere = Signers.entry("e", KEY, Set.of(Channel.GLOBAL), null, false);
    for (Keyring.Entry unusable : List.of(revoked, over, elsewhere)) {
      assertThat(check(signed, ACME, unusable)).as(unusable.keyId()).isEqualTo(Check.KEY);
      assertThat(check(signed, ACME, stranger, unusable)).as(unusable.keyId()).isEqualTo(Check.KEY);
    }
    assertThat(check(signed, ACME)).isEqualTo(Check.KEY);
    assertThat(check(signed, ACME, stranger)).isEqualTo(Check.SIGNATURE);
  }

  @Test
  void aWindowCountsAtTheTimeOfCreation() {
    Keyring.Entry over =
        Signers.entry("o", KEY, Set.of(ACME), NOW.minus(Duration.ofDays(1)), false);
    SignatureDocument old =
        document("a", 1, Map.of("created_at", NOW.minus(Duration.ofDays(2)).toString())).sign(KEY);
    assertThat(check(old, ACME, over)).isNull();
  }

  @Test
  void theSignatureComesBeforeTheSchema() {
    SignatureDocument broken = document("a", 1, Map.of("max_jsd", 0.9));
    assertThat(check(broken.sign(KEY), ACME, good())).isEqualTo(Check.SCHEMA);
    assertThat(check(broken.sign(STRANGER), ACME, good())).isEqualTo(Check.SIGNATURE);
    assertThat(check(broken, ACME, good())).isEqualTo(Check.SIGNATURE);
    SignatureDocument timeless = document("a", 1, Map.of("created_at", Signers.REMOVED));
    assertThat(check(timeless.sign(KEY), ACME, good())).isEqualTo(Check.SCHEMA);
    assertThat(check(timeless.sign(STRANGER), ACME, good())).isEqualTo(Check.SIGNATURE);
  }

  @Test
  void everyFieldIsSigned() {
    SignatureDocument signed = document("a", 1).sign(KEY);
    for (String name : signed.fields().keySet()) {
      if (!name.equals(SignatureDocument.SIGNATURE_FIELD)) {
        assertThat(check(with(signed, name, "other"), ACME, good())).as(name).isIn(Check.SIGNATURE);
      }
    }
    assertThat(check(with(signed, "unknown", 1L), ACME, good())).isEqualTo(Check.SIGNATURE);
    SignatureDocument more = document("a", 1, Map.of("unknown", List.of(1L))).sign(KEY);
    assertThat(check(more, ACME, good())).isNull();
    assertThat(check(with(more, "unknown", List.of(2L)), ACME, good())).isEqualTo(Check.SIGNATURE);
  }

  @Test
  void takesOneEncodingOfTheSignatureOnly() {
    SignatureDocument signed = document("a", 1).sign(KEY);
    String text = (String) signed.fields().get(SignatureDocument.SIGNATURE_FIELD);
    byte[] bytes = Base64.getDecoder().decode(text);
    assertThat(bytes).hasSize(64);
    for (Object other :
        List.of(
            text.substring(0, 86),
            text + "\n",
            " " + text,
            Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, 65)),
            Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, 63)),
            "",
            7L,
            List.of(text))) {
      assertThat(check(with(signed, SignatureDocument.SIGNATURE_FIELD, other), ACME, good()))
          .as("%s", other)
          .isEqualTo(Check.SIGNATURE);
    }
    // 64 bytes leave four bits of the last character unused: they must be zero.
    char last = text.charAt(85);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    String same = text.substring(0, 85) + alphabet.charAt(alphabet.indexOf(last) + 1) + "==";
    assertThat(Base64.getDecoder().decode(same)).isEqualTo(bytes);
    assertThat(check(with(signed, SignatureDocument.SIGNATURE_FIELD, same), ACME, good()))
        .isEqualTo(Check.SIGNATURE);
  }

  @Test
  void receiptsSayWhatBecameOfAPart() {
    SignatureVerifier verifier = new SignatureVerifier(new Keyring(List.of(good())));
    SignatureDocument expired =
        document("old", 3, Map.of("created_at", NOW.minus(Duration.ofDays(31)).toString()));
    List<Receipt> receipts =
        SignatureFile.read(
                Signers.file(document("a", 2).sign(KEY), expired.sign(KEY), document("b", 4)))
            .stream()
            .map(part -> verifier.receipt(part, ACME, NOW))
            .toList();
    assertThat(receipts.get(0).accepted()).isTrue();
    assertThat(receipts.get(0).version()).isEqualTo(2L);
    assertThat(receipts.get(1).check()).isEqualTo(Check.EXPIRED);
    assertThat(receipts.get(1).id()).isEqualTo("old");
    assertThat(receipts.get(2).check()).isEqualTo(Check.SIGNATURE);
    assertThat(receipts.get(2).line()).isEqualTo(3);
  }
}
