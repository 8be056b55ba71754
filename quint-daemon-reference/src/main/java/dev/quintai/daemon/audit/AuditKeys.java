package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The log's own signing key: {@code audit-key.pem} (PKCS#8, 0600) and {@code audit-key.pem.pub}
 * (SubjectPublicKeyInfo) in the data directory. Immutable, thread-safe.
 *
 * <p>Whoever can read the private key can rewrite the log: keep a copy of the public key and of the
 * checkpoints on another machine.
 */
public final class AuditKeys {
  static final String PRIVATE_FILE = "audit-key.pem";
  static final String PUBLIC_FILE = "audit-key.pem.pub";

  /** The DER of a version 1 PrivateKeyInfo (RFC 8410, section 7) before the 32 bytes of seed. */
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final Path directory;
  private final byte[] seed;
  private final byte[] rawPublic;
  private final Ed25519Key publicKey;

  private AuditKeys(Path directory, byte[] seed) {
    this.directory = directory;
    this.seed = seed;
    this.rawPublic = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, rawPublic, 0);
    this.publicKey = Ed25519Key.ofRaw(rawPublic);
  }

  /**
   * Loads the key of a data directory, and makes one first where there is none. Processes that do
   * so at once all get the same key.
   *
   * @throws IOException when the directory cannot be written, or the key there is unusable or
   *     readable by others
   */
  public static AuditKeys loadOrCreate(Path directory) throws IOException {
    PrivateFiles.createDirectories(directory);
    Path file = directory.resolve(PRIVATE_FILE);
    if (!Files.exists(file)) {
      Path temporary = writeTemporary(directory, newSeed());
      try {
        // Fails when another process was first: then its key is ours too.
        Files.createLink(file, temporary);
      } catch (FileAlreadyExistsException e) {
        return load(directory);
      } catch (UnsupportedOperationException e) {
        Files.move(temporary, file);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
    AuditKeys keys = load(directory);
    Path pub = directory.resolve(PUBLIC_FILE);
    if (!Files.exists(pub)) {
      replace(pub, keys.publicKey.pem());
    }
    return keys;
  }

  /**
   * Loads the key of a data directory.
   *
   * @throws NoSuchFileException when there is none
   * @throws IOException when it is unusable or readable by others
   */
  public static AuditKeys load(Path directory) throws IOException {
    Path file = directory.resolve(PRIVATE_FILE);
    PrivateFiles.requirePrivate(file);
    byte[] der;
    try {
      der = Pem.decode(Files.readString(file, StandardCharsets.ISO_8859_1), "PRIVATE KEY");
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    int prefix = PKCS8_PREFIX.length;
    if (der.length != prefix + Ed25519.SECRET_KEY_SIZE
        || !Arrays.equals(der, 0, prefix, PKCS8_PREFIX, 0, prefix)) {
      throw new IOException(file + ": not an Ed25519 private key (PKCS#8 version 1 in PEM)");
    }
    byte[] seed = Arrays.copyOfRange(der, prefix, der.length);
    Arrays.fill(der, (byte) 0);
    return new AuditKeys(directory, seed);
  }

  /**
   * Replaces the key of a data directory. Logs opened from now on sign with the new key, and open
   * ones change over at their next row. The old private key is gone; the old public key stays as
   * {@code audit-key-ID.pub}, to verify older rows with.
   */
  public static AuditKeys rotate(Path directory) throws IOException {
    AuditKeys old = load(directory);
    replace(directory.resolve("audit-key-" + old.keyId() + ".pub"), old.publicKey.pem());
    Path temporary = writeTemporary(directory, newSeed());
    Files.move(temporary, directory.resolve(PRIVATE_FILE), StandardCopyOption.REPLACE_EXISTING);
    AuditKeys keys = load(directory);
    replace(directory.resolve(PUBLIC_FILE), keys.publicKey.pem());
    return keys;
  }

  /** Reads the key of the same directory again, which another process may have rotated. */
  AuditKeys reload() throws IOException {
    return load(directory);
  }

  /** The key to hand to whoever verifies the log. */
  public Ed25519Key publicKey() {
    return publicKey;
  }

  /** See {@link Ed25519Key#keyId}. */
  public String keyId() {
    return publicKey.keyId();
  }

  /** Signs the 32 bytes of a hash: 64 bytes in base64. */
  String sign(byte[] hash) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, rawPublic, 0, hash, 0, hash.length, signature, 0);
    return Base64.getEncoder().encodeToString(signature);
  }

  @Override
  public String toString() {
    return "AuditKeys[" + keyId() + ']';
  }

  private static byte[] newSeed() {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    new SecureRandom().nextBytes(seed);
    return seed;
  }

  private static Path writeTemporary(Path directory, byte[] seed) throws IOException {
    byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
    System.arraycopy(seed, 0, der, PKCS8_PREFIX.length, seed.length);
    String pem = Pem.encode(der, "PRIVATE KEY");
    Arrays.fill(der, (byte) 0);
    Path temporary = temporary(directory.resolve(PRIVATE_FILE));
    PrivateFiles.create(temporary, pem.getBytes(StandardCharsets.US_ASCII));
    return temporary;
  }

  private static void replace(Path file, String text) throws IOException {
    Path temporary = temporary(file);
    PrivateFiles.create(temporary, text.getBytes(StandardCharsets.US_ASCII));
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }
}
