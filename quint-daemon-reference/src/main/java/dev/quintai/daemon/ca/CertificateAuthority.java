package dev.quintai.daemon.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The certificate authority of one installation, and the certificates it signs for intercepted
 * hosts. Agents are made to trust it through their environment only; it is never added to the
 * system's trust store, and its key never leaves this machine.
 *
 * <p>Keys are ECDSA P-256: Chromium, and so every Electron agent, refuses Ed25519 leaves, and an
 * RSA key costs about 80 times the time to make. Certificates are back-dated by a day for clients
 * whose clock is behind, serials are random (RFC 5280, 20 octets at most), and leaves live less
 * than the 398 days that Apple's and Chromium's verifiers accept.
 *
 * <p>Thread-safe. Leaves are cached for a bounded number of hosts, least recently used out first;
 * concurrent requests for one host share one minting.
 */
public final class CertificateAuthority {
  /** File name of the private key inside the directory: PKCS#8 PEM, mode 0600. */
  public static final String KEY_FILE = "ca-key.pem";

  /** File name of the certificate inside the directory: PEM. */
  public static final String CERTIFICATE_FILE = "ca.pem";

  /** The most hosts whose leaf is kept in memory. */
  public static final int MAX_CACHED_LEAVES = 1024;

  static final Duration CA_VALIDITY = Duration.ofDays(5 * 365);
  static final Duration CA_RENEWAL = Duration.ofDays(60);
  static final Duration LEAF_VALIDITY = Duration.ofDays(365);
  static final Duration LEAF_RENEWAL = Duration.ofDays(7);

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, CompletableFuture<LeafCertificate>> leaves =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, CompletableFuture<LeafCertificate>> eldest) {
          return size() > MAX_CACHED_LEAVES;
        }
      };

  private CertificateAuthority(PrivateKey key, X509Certificate certificate, InstantSource clock) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
  }

  /**
   * Opens the authority kept in a directory, and makes one where there is none yet or where the
   * present one has less than 60 days left. Several processes may open one directory at once.
   *
   * @param directory where key and certificate are kept; made with mode 0700 when absent
   * @throws IOException when the files cannot be read or written, or are not a key and a
   *     certificate that belong together; the message names the file and what to do
   */
  public static CertificateAuthority open(Path directory, InstantSource clock) throws IOException {
    PrivateFiles.createDirectory(directory);
    Path keyFile = directory.resolve(KEY_FILE);
    Path certificateFile = directory.resolve(CERTIFICATE_FILE);
    Path lockFile = directory.resolve("ca.lock");
    try (FileChannel channel =
            FileChannel.open(
                lockFile,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PrivateFiles.fileMode());
        FileLock lock = lock(channel)) {
      if (!lock.isValid()) {
        throw new IOException(lockFile + ": the lock was lost");
      }
      if (Files.exists(keyFile) || Files.exists(certificateFile)) {
        CertificateAuthority present = load(keyFile, certificateFile, clock);
        Instant ends = present.certificate.getNotAfter().toInstant();
        if (clock.instant().plus(CA_RENEWAL).isBefore(ends)) {
          return present;
        }
      }
      return create(keyFile, certificateFile, clock);
    }
  }

  /** Waits for the lock, also when another thread of this JVM holds it. */
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (java.nio.channels.OverlappingFileLockException e) {
        try {
          Thread.sleep(5);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for the authority's lock", interrupted);
        }
      }
    }
  }

  private static CertificateAuthority load(Path keyFile, Path certificateFile, InstantSource clock)
      throws IOException {
    try {
      PrivateFiles.restrict(keyFile);
      PrivateKey key = Pem.readPrivateKey(Files.readString(keyFile, StandardCharsets.US_ASCII));
      X509Certificate certificate =
          Pem.readCertificates(Files.readAllBytes(certificateFile)).get(0);
      if (!KeyPairs.belongTogether(key, certificate.getPublicKey())) {
        throw new GeneralSecurityException("the key does not belong to the certificate");
      }
      return new CertificateAuthority(key, certificate, clock);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(
          "The certificate authority in "
              + keyFile.toAbsolutePath().getParent()
              + " cannot be used ("
              + e.getMessage()
              + "). Restore "
              + keyFile.getFileName()
              + " and "
              + certificateFile.getFileName()
              + ", or remove both to have a new one made.",
          e);
    }
  }

  private static CertificateAuthority create(
      Path keyFile, Path certificateFile, InstantSource clock) throws IOException {
    try {
      SecureRandom random = new SecureRandom();
      KeyPair pair = KeyPairs.generate(random);
      X509Certificate certificate = X509Minting.authority(pair, clock.instant(), random);
      // The key first: a certificate without its key would be distributed and then be of no use.
      PrivateFiles.write(keyFile, Pem.privateKey(pair.getPrivate()));
      PrivateFiles.write(certificateFile, Pem.certificates(List.of(certificate)));
      return new CertificateAuthority(pair.getPrivate(), certificate, clock);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make a certificate authority: " + e.getMessage(), e);
    }
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Returns a leaf certificate for a host, minting it when there is none in the cache that is valid
   * for another week. Takes about a millisecond when it mints.
   *
   * @param host a host name or an address literal
   * @throws IllegalArgumentException when no certificate can carry that name
   */
  public LeafCertificate leaf(String host) {
    try {
      return leaf(host, Runnable::run).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IllegalArgumentException bad) {
        throw bad;
      }
      throw e;
    }
  }

  /**
   * Like {@link #leaf(String)}, with the minting done by an executor. The stage fails with
   * IllegalArgumentException for a host that no certificate can carry.
   */
  public CompletionStage<LeafCertificate> leaf(String host, Executor executor) {
    String name = HostNames.normalize(host).orElse(null);
    if (name == null) {
      return CompletableFuture.failedStage(
          new IllegalArgumentException("not a host name: \"" + abbreviate(host) + "\""));
    }
    CompletableFuture<LeafCertificate> mine;
    synchronized (leaves) {
      CompletableFuture<LeafCertificate> present = leaves.get(name);
      if (present != null && !stale(present)) {
        return present;
      }
      mine = new CompletableFuture<>();
      leaves.put(name, mine);
    }
    executor.execute(() -> mint(name, mine));
    return mine;
  }

  private void mint(String name, CompletableFuture<LeafCertificate> result) {
    try {
      KeyPair pair = KeyPairs.generate(random);
      X509Certificate leaf =
          X509Minting.leaf(name, pair.getPublic(), key, certificate, clock.instant(), random);
      result.complete(new LeafCertificate(name, pair.getPrivate(), List.of(leaf, certificate)));
    } catch (GeneralSecurityException | RuntimeException e) {
      synchronized (leaves) {
        leaves.remove(name, result);
      }
      result.completeExceptionally(e);
    }
  }

  private boolean stale(CompletableFuture<LeafCertificate> leaf) {
    if (!leaf.isDone()) {
      return false;
    }
    return leaf.isCompletedExceptionally()
        || leaf.join().notAfter().minus(LEAF_RENEWAL).isBefore(clock.instant());
  }

  private static String abbreviate(String host) {
    return host.length() <= 80 ? host : host.substring(0, 80) + "...";
  }

  /** A positive serial of 127 random bits, well inside the 20 octets that RFC 5280 allows. */
  static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).setBit(126);
  }
}
