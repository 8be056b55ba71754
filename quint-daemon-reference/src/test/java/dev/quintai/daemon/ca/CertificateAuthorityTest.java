package dev.quintai.daemon.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path directory;

  private CertificateAuthority open(Instant now) throws IOException {
    return CertificateAuthority.open(directory.resolve("ca"), InstantSource.fixed(now));
  }

  @Test
  void makesAnAuthorityForLeavesOnlyAndKeepsItsKeySecret() throws Exception {
    CertificateAuthority authority = open(NOW);
    X509Certificate certificate = authority.certificate();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getBasicConstraints()).isZero();
    assertThat(certificate.getKeyUsage()[5]).isTrue();
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
        .isEqualTo(256);
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofDays(1)));
    Path folder = directory.resolve("ca");
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve(CertificateAuthority.KEY_FILE))).isEqualTo("rw-------");
    assertThat(open(NOW).certificate()).isEqualTo(certificate);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void takesAwayRightsToTheKeyThatOthersWereGiven() throws Exception {
    open(NOW);
    Path key = directory.resolve("ca").resolve(CertificateAuthority.KEY_FILE);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    open(NOW);
    assertThat(mode(key)).isEqualTo("rw-------");
  }

  @Test
  void mintsLeavesThatVerifiersAccept() throws Exception {
    CertificateAuthority authority = open(NOW);
    LeafCertificate leaf = authority.leaf("API.Example.com.");
    X509Certificate certificate = leaf.chain().get(0);
    certificate.verify(authority.certificate().getPublicKey());
    assertThat(leaf.host()).isEqualTo("api.example.com");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, "api.example.com"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    Duration life =
        Duration.between(
            certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
    assertThat(life).isBetween(Duration.ofDays(300), Duration.ofDays(397));
    assertThat(certificate.getSerialNumber().bitLength()).isBetween(64, 159);
    assertThat(authority.leaf("127.0.0.1").chain().get(0).getSubjectAlternativeNames())
        .containsExactly(List.of(7, "127.0.0.1"));
    assertThat(authority.leaf("[::1]").chain().get(0).getSubjectAlternativeNames())
        .containsExactly(List.of(7, "0:0:0:0:0:0:0:1"));
    assertThat(authority.leaf("bücher.example").host()).isEqualTo("xn--bcher-kva.example");
    assertThat(authority.leaf("a".repeat(60) + ".example.com").chain()).hasSize(2);
    for (String odd : List.of("", ".", "a..b", "a b", "a/b", "a\nb", "*.example.com", "[::1")) {
      assertThatThrownBy(() -> authority.leaf(odd))
          .as(odd)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void mintsOncePerHostAlsoWhenManyAskAtOnce() throws Exception {
    CertificateAuthority authority = open(NOW);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Set<CompletableFuture<LeafCertificate>> all = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        all.add(CompletableFuture.supplyAsync(() -> authority.leaf("one.example"), threads));
      }
      Set<X509Certificate> seen = new HashSet<>();
      for (CompletableFuture<LeafCertificate> one : all) {
        seen.add(one.join().chain().get(0));
      }
      assertThat(seen).hasSize(1);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void renewsLeavesAndTheAuthorityBeforeTheyExpire() throws Exception {
    AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    CertificateAuthority authority = CertificateAuthority.open(directory.resolve("ca"), clock::get);
    LeafCertificate first = authority.leaf("one.example");
    clock.set(NOW.plus(Duration.ofDays(300)));
    assertThat(authority.leaf("one.example")).isSameAs(first);
    clock.set(NOW.plus(Duration.ofDays(360)));
    assertThat(authority.leaf("one.example").notAfter()).isAfter(first.notAfter());
    assertThat(open(NOW.plus(Duration.ofDays(4 * 365))).certificate())
        .isEqualTo(authority.certificate());
    assertThat(open(NOW.plus(Duration.ofDays(5 * 365))).certificate())
        .isNotEqualTo(authority.certificate());
  }

  @Test
  void saysWhatToDoWhenItsFilesAreBroken() throws Exception {
    open(NOW);
    Path certificate = directory.resolve("ca").resolve(CertificateAuthority.CERTIFICATE_FILE);
    Files.writeString(certificate, "not a certificate");
    assertThatThrownBy(() -> open(NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ca.pem")
        .hasMessageContaining("remove both");
    CertificateAuthority other =
        CertificateAuthority.open(directory.resolve("other"), InstantSource.fixed(NOW));
    Files.write(certificate, Pem.certificates(List.of(other.certificate())));
    assertThatThrownBy(() -> open(NOW)).hasMessageContaining("does not belong");
  }

  @Test
  void theBundleHoldsTheSystemsTheUsersAndItsOwnRootsOnce() throws Exception {
    CertificateAuthority authority = open(NOW);
    CertificateAuthority users =
        CertificateAuthority.open(directory.resolve("users"), InstantSource.fixed(NOW));
    Path preset = directory.resolve("users").resolve(CertificateAuthority.CERTIFICATE_FILE);
    Path missing = directory.resolve("missing.pem");
    Path out = directory.resolve("bundle.pem");
    assertThat(CaBundle.write(out, authority.certificate(), List.of(preset, missing, preset)))
        .containsExactly(missing);
    List<X509Certificate> all = SystemRoots.read(out);
    assertThat(all).startsWith(authority.certificate()).endsWith(users.certificate());
    assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    assertThat(mode(out)).isEqualTo("rw-------");
  }

  @Test
  void theDirectoryNamesTheAuthorityAsOpenSslDoes() throws Exception {
    CertificateAuthority authority = open(NOW);
    Path hashed = directory.resolve("certs");
    CaBundle.writeDirectory(hashed, authority.certificate());
    CaBundle.writeDirectory(hashed, authority.certificate());
    String hash = CaBundle.subjectHash(authority.certificate());
    assertThat(SystemRoots.read(hashed.resolve(hash + ".0")))
        .containsExactly(authority.certificate());
    Path leaf = directory.resolve("leaf.pem");
    Files.write(leaf, Pem.certificates(authority.leaf("one.example").chain().subList(0, 1)));
    String time = Long.toString(NOW.getEpochSecond());
    try {
      assertThat(openssl("x509", "-noout", "-hash", "-in", hashed.resolve(hash + ".0").toString()))
          .isEqualTo(hash + "\n");
      assertThat(
              openssl(
                  "verify",
                  "-attime",
                  time,
                  "-no-CAfile",
                  "-CApath",
                  hashed.toString(),
                  "-verify_hostname",
                  "one.example",
                  leaf.toString()))
          .isEqualTo(leaf + ": OK\n");
    } finally {
      try (Stream<Path> entries = Files.list(hashed)) {
        for (Path entry : entries.toList()) {
          Files.delete(entry);
        }
      }
    }
  }

  private static String openssl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return Assumptions.abort("openssl is not installed");
    }
  }
}
