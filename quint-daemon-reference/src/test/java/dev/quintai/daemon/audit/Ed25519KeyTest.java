package dev.quintai.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519KeyTest {
  private static final HexFormat HEX = HexFormat.of();

  @TempDir Path directory;

  /** A key file as any tool writes it, from the seed of a test vector. */
  private AuditKeys keys(String seed) throws IOException {
    byte[] der = HEX.parseHex("302e020100300506032b657004220420" + seed);
    Path file = directory.resolve(AuditKeys.PRIVATE_FILE);
    Files.writeString(file, Pem.encode(der, "PRIVATE KEY"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return AuditKeys.load(directory);
  }

  /** RFC 8032, section 7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e397"
        + "01cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f361"
        + "3d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76"
        + "0984dc6594a7c15e9716ed28dc027beceea1ec40a",
  })
  void signsAndVerifiesTheVectors(String seed, String raw, String message, String signature)
      throws IOException {
    AuditKeys keys = keys(seed);
    byte[] bytes = HEX.parseHex(message);
    String expected = Base64.getEncoder().encodeToString(HEX.parseHex(signature));
    assertThat(keys.sign(bytes)).isEqualTo(expected);
    assertThat(keys.publicKey()).isEqualTo(Ed25519Key.ofRaw(HEX.parseHex(raw)));
    assertThat(keys.publicKey().verifies(bytes, expected)).isTrue();
  }

  @Test
  void refusesEveryOtherSpellingOfASignature() throws IOException {
    AuditKeys keys = AuditKeys.loadOrCreate(directory);
    byte[] message = {1, 2, 3};
    String good = keys.sign(message);
    Ed25519Key key = keys.publicKey();
    assertThat(key.verifies(message, good)).isTrue();
    assertThat(key.verifies(new byte[] {1, 2, 4}, good)).isFalse();

    // The last character before the padding has four bits that mean nothing.
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int last = alphabet.indexOf(good.charAt(85));
    String otherBits = good.substring(0, 85) + alphabet.charAt(last | 1) + "==";
    assertThat(otherBits).isNotEqualTo(good);
    assertThat(key.verifies(message, otherBits)).isFalse();
    assertThat(key.verifies(message, good.substring(0, 86))).isFalse();
    assertThat(key.verifies(message, good + "\n")).isFalse();
    assertThat(key.verifies(message, "")).isFalse();
    assertThat(key.verifies(message, "\u20ac".repeat(88))).isFalse();

    // S and S + L sign the same by the equation; only S < L is a signature (RFC 8032, 5.1.7).
    byte[] bytes = Base64.getDecoder().decode(good);
    BigInteger order =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    byte[] s = new byte[32];
    for (int i = 0; i < 32; i++) {
      s[i] = bytes[63 - i];
    }
    byte[] sum = new BigInteger(1, s).add(order).toByteArray();
    for (int i = 0; i < 32; i++) {
      bytes[32 + i] = i < sum.length ? sum[sum.length - 1 - i] : 0;
    }
    assertThat(key.verifies(message, Base64.getEncoder().encodeToString(bytes))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The identity, the point of order two, one of order eight, and no point at all.
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "0200000000000000000000000000000000000000000000000000000000000000",
      })
  void refusesKeysThatVerifyTooMuch(String raw) {
    assertThatThrownBy(() -> Ed25519Key.ofRaw(HEX.parseHex(raw)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsItsOwnPemAndNothingElse() throws IOException {
    Ed25519Key key = AuditKeys.loadOrCreate(directory).publicKey();
    assertThat(Ed25519Key.ofPem(key.pem())).isEqualTo(key);
    assertThat(Ed25519Key.ofPem("a note\r\n" + key.pem().replace("\n", "\r\n"))).isEqualTo(key);
    for (String bad :
        new String[] {
          "",
          "-----BEGIN PUBLIC KEY-----",
          "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----",
          Pem.encode(new byte[44], "PUBLIC KEY"),
          key.pem() + key.pem(),
        }) {
      assertThatThrownBy(() -> Ed25519Key.ofPem(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
