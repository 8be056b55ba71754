package dev.quintai.daemon.ca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The roots that this machine trusts: the Java runtime's and the operating system's bundle, which
 * differ where a site has added its own root to one of them.
 */
public final class SystemRoots {
  /** Where Debian, Fedora, openSUSE, Alpine, macOS and FreeBSD keep a PEM bundle. */
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"),
          Path.of("/usr/local/share/certs/ca-root-nss.crt"));

  private SystemRoots() {}

  /**
   * Returns the system's roots as PEM text: the operating system's bundle, or the Java runtime's
   * roots where it has none.
   *
   * @throws IOException when neither can be read
   */
  public static String pem() throws IOException {
    for (Path bundle : BUNDLES) {
      if (Files.isReadable(bundle)) {
        String text = Files.readString(bundle, StandardCharsets.ISO_8859_1);
        if (!Pem.blocks(text).isEmpty()) {
          return text.endsWith("\n") ? text : text + "\n";
        }
      }
    }
    try {
      return new String(Pem.certificates(javaRoots()), StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IOException("the Java runtime's roots cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Returns a trust manager factory for servers that the system trusts, or that a root of the given
   * PEM files signed. Reading some 150 roots takes tens of milliseconds: not for an event loop.
   *
   * @param more further PEM files; each must be readable and hold a certificate
   * @throws IOException naming the file that cannot be used
   */
  public static TrustManagerFactory trust(List<Path> more) throws IOException {
    Set<X509Certificate> roots = new LinkedHashSet<>();
    try {
      roots.addAll(javaRoots());
      for (Path bundle : BUNDLES) {
        if (Files.isReadable(bundle)) {
          addReadable(roots, bundle);
          break;
        }
      }
      for (Path file : more) {
        roots.addAll(read(file));
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (X509Certificate root : roots) {
        store.setCertificateEntry("root-" + number++, root);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IOException("the trusted roots cannot be set up: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the certificates of a PEM file.
   *
   * @throws IOException naming the file, when it cannot be read or holds none
   */
  public static List<X509Certificate> read(Path file) throws IOException {
    try {
      return Pem.readCertificates(Files.readAllBytes(file));
    } catch (CertificateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The system's own file may hold one certificate that Java cannot read; the others count. */
  private static void addReadable(Set<X509Certificate> roots, Path bundle) throws IOException {
    for (String block : Pem.blocks(Files.readString(bundle, StandardCharsets.ISO_8859_1))) {
      try {
        roots.addAll(Pem.readCertificates(block.getBytes(StandardCharsets.ISO_8859_1)));
      } catch (CertificateException e) {
        // What Java cannot parse it could not trust either.
      }
    }
  }

  private static List<X509Certificate> javaRoots() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return Arrays.asList(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }
}
