package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.StrictJson;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519SignaturesTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /** RFC 8032, section 7.1: secret key, public key, message, signature. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
            + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, -,"
            + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
            + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
            + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
            + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
            + "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
            + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
            + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
            + "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
      })
  void signsAndVerifiesTheVectorsOfTheRfc(
      String secret, String key, String message, String signature) {
    byte[] text = message == null ? new byte[0] : HEX.parseHex(message);
    String pem =
        Pem.encode("PRIVATE KEY", HEX.parseHex("302e020100300506032b657004220420" + secret));
    SigningKey signingKey = SigningKey.fromPem(pem);
    assertThat(signingKey.publicKey()).hasToString(key);
    assertThat(HEX.formatHex(signingKey.sign(text))).isEqualTo(signature);
    assertThat(signingKey.publicKey().verify(text, HEX.parseHex(signature))).isTrue();
    assertThat(signingKey.toPem()).isEqualTo(pem);
  }

  @Test
  void judgesAllWycheproofVectorsRight() throws Exception {
    Path file = dataFile("wycheproof/ed25519_test.json");
    Assumptions.assumeTrue(file != null, "the Wycheproof vectors are not here");
    Map<?, ?> suite =
        (Map<?, ?>)
            new StrictJson(new JsonLimits(1 << 22, 16, 1 << 16, 1 << 12))
                .read(Files.readString(file));
    List<String> wrong = new ArrayList<>();
    int judged = 0;
    for (Object group : (List<?>) suite.get("testGroups")) {
      byte[] key =
          HEX.parseHex((String) ((Map<?, ?>) ((Map<?, ?>) group).get("publicKey")).get("pk"));
      for (Object test : (List<?>) ((Map<?, ?>) group).get("tests")) {
        Map<?, ?> vector = (Map<?, ?>) test;
        boolean valid = vector.get("result").equals("valid");
        boolean verified =
            Ed25519Signatures.objection(key) == null
                && Ed25519Signatures.verify(
                    key,
                    HEX.parseHex((String) vector.get("msg")),
                    HEX.parseHex((String) vector.get("sig")));
        judged++;
        if (verified != valid) {
          wrong.add(vector.get("tcId") + ": " + vector.get("comment") + vector.get("flags"));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(judged).isEqualTo(151);
  }

  private static Path dataFile(String name) throws IOException {
    for (Path at = Path.of("").toRealPath(); at != null; at = at.getParent()) {
      Path file = at.resolve("shared/data").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  /** All encodings of the eight points of small order, canonical or not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"
      })
  void refusesKeysOfSmallOrderAndTheirSignatures(String key) {
    byte[] raw = HEX.parseHex(key);
    assertThatThrownBy(() -> VerifyingKey.ofRaw(raw)).isInstanceOf(IllegalArgumentException.class);
    // With a small-order key, R = identity or the key itself and S = 0 verify many messages in
    // implementations that do not look.
    for (String r : List.of(key, "01" + "00".repeat(31), "00".repeat(32))) {
      byte[] signature = HEX.parseHex(r + "00".repeat(32));
      for (int i = 0; i < 16; i++) {
        assertThat(Ed25519Signatures.verify(raw, new byte[] {(byte) i}, signature)).isFalse();
      }
    }
  }

  @Test
  void refusesKeysThatAreNotCanonicalOrNoPoint() {
    BigInteger field = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    for (int i = 2; i < 19; i++) {
      byte[] key = littleEndian(field.add(BigInteger.valueOf(i)));
      assertThatThrownBy(() -> VerifyingKey.ofRaw(key)).hasMessageContaining("canonical");
    }
    // y = 2 is on no point of the curve.
    byte[] none = littleEndian(BigInteger.TWO);
    assertThatThrownBy(() -> VerifyingKey.ofRaw(none)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VerifyingKey.ofRaw(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesKeysWithAPartOfSmallOrder() {
    // A good key plus the point of order 2: (x, y) becomes (-x, -y).
    byte[] key = HEX.parseHex(SigningKey.generate(new SecureRandom()).publicKey().toString());
    BigInteger field = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    byte[] reversed = new byte[32];
    for (int i = 0; i < 32; i++) {
      reversed[i] = key[31 - i];
    }
    boolean sign = (reversed[0] & 0x80) != 0;
    reversed[0] &= 0x7f;
    byte[] mixed = littleEndian(field.subtract(new BigInteger(1, reversed)));
    if (!sign) {
      mixed[31] |= (byte) 0x80;
    }
    assertThatThrownBy(() -> VerifyingKey.ofRaw(mixed)).hasMessageContaining("prime-order");
  }

  @Test
  void refusesEveryOtherFormOfAGoodSignature() {
    SigningKey signingKey = SigningKey.generate(new SecureRandom());
    VerifyingKey key = signingKey.publicKey();
    byte[] message = {1, 2, 3};
    byte[] good = signingKey.sign(message);
    assertThat(key.verify(message, good)).isTrue();
    for (int bit = 0; bit < 512; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(key.verify(message, flipped)).as("bit %d", bit).isFalse();
    }
    byte[] s = new byte[32];
    for (int i = 0; i < 32; i++) {
      s[i] = good[63 - i];
    }
    byte[] unreduced = good.clone();
    System.arraycopy(littleEndian(new BigInteger(1, s).add(ORDER)), 0, unreduced, 32, 32);
    assertThat(key.verify(message, unreduced)).isFalse();
    assertThat(key.verify(message, java.util.Arrays.copyOf(good, 63))).isFalse();
    assertThat(key.verify(message, java.util.Arrays.copyOf(good, 65))).isFalse();
    assertThat(key.verify(message, new byte[64])).isFalse();
    assertThat(key.verify(message, new byte[0])).isFalse();
  }

  private static byte[] littleEndian(BigInteger value) {
    byte[] bytes = new byte[32];
    byte[] big = value.toByteArray();
    for (int i = 0; i < big.length && i < 32; i++) {
      bytes[i] = big[big.length - 1 - i];
    }
    return bytes;
  }
}
