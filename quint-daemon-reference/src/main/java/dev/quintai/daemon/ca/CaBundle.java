package dev.quintai.daemon.ca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * What an agent is given to trust: the system's roots, the roots its user had set before, and the
 * installation's own authority, as one PEM file and as a directory in OpenSSL's form. Programs that
 * the agent starts (git, curl, package managers) inherit it, so it must not take anything away.
 */
public final class CaBundle {
  private static final Pattern HASHED = Pattern.compile("[0-9a-f]{8}\\.[0-9]+");
  private static final Path SYSTEM_DIRECTORY = Path.of("/etc/ssl/certs");

  private CaBundle() {}

  /**
   * Writes the PEM bundle (mode 0600), the authority first.
   *
   * @param extra the user's own bundles; those that cannot be read, or hold no certificate, are
   *     left out and returned
   * @return the extra files that were left out
   * @throws IOException when the bundle cannot be written or the system has no roots
   */
  public static List<Path> write(Path out, X509Certificate authority, List<Path> extra)
      throws IOException {
    Set<String> seen = new HashSet<>();
    StringBuilder bundle = new StringBuilder(256 * 1024);
    append(bundle, seen, new String(encode(authority), StandardCharsets.US_ASCII));
    append(bundle, seen, SystemRoots.pem());
    List<Path> leftOut = new ArrayList<>();
    for (Path file : extra) {
      String text = read(file);
      if (Pem.blocks(text).isEmpty()) {
        leftOut.add(file);
      } else {
        append(bundle, seen, text);
      }
    }
    PrivateFiles.write(out, bundle.toString().getBytes(StandardCharsets.ISO_8859_1));
    return leftOut;
  }

  /**
   * Writes a directory for {@code SSL_CERT_DIR}: the authority under its OpenSSL subject hash, and
   * links to the hashed entries of {@code /etc/ssl/certs}. It is one directory because not every
   * reader of that variable splits a list.
   */
  public static void writeDirectory(Path directory, X509Certificate authority) throws IOException {
    PrivateFiles.createDirectory(directory);
    Map<String, Path> links = systemEntries();
    String hash = subjectHash(authority);
    int number = 0;
    while (links.containsKey(hash + "." + number)) {
      number++;
    }
    String own = hash + "." + number;
    // An agent that was started before may be reading: what is right stays in place.
    try (Stream<Path> present = Files.list(directory)) {
      for (Path entry : present.toList()) {
        String name = entry.getFileName().toString();
        Path target = links.get(name);
        boolean right =
            target != null
                && Files.isSymbolicLink(entry)
                && Files.readSymbolicLink(entry).equals(target);
        if (right) {
          links.remove(name);
        } else if (!name.equals(own)) {
          Files.deleteIfExists(entry);
        }
      }
    }
    for (Map.Entry<String, Path> link : links.entrySet()) {
      try {
        Files.createSymbolicLink(directory.resolve(link.getKey()), link.getValue());
      } catch (FileAlreadyExistsException e) {
        // Another process of ours made it meanwhile.
      }
    }
    PrivateFiles.write(directory.resolve(own), encode(authority));
  }

  private static Map<String, Path> systemEntries() throws IOException {
    Map<String, Path> entries = new HashMap<>();
    if (Files.isDirectory(SYSTEM_DIRECTORY)) {
      try (Stream<Path> all = Files.list(SYSTEM_DIRECTORY)) {
        for (Path entry : all.toList()) {
          String name = entry.getFileName().toString();
          if (HASHED.matcher(name).matches()) {
            entries.put(name, entry);
          }
        }
      }
    }
    return entries;
  }

  /**
   * OpenSSL's hash of a subject ({@code X509_NAME_hash}, since 1.0): the first four bytes, little
   * end first, of the SHA-1 of the name's relative names with each string as UTF-8, in lower case
   * and with single spaces.
   */
  static String subjectHash(X509Certificate certificate) {
    try {
      X500Name name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      for (RDN rdn : name.getRDNs()) {
        AttributeTypeAndValue[] pairs = rdn.getTypesAndValues();
        DERSequence[] canonical = new DERSequence[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
          String value = ((ASN1String) pairs[i].getValue()).getString();
          String folded = value.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
          canonical[i] = new DERSequence(pairs[i].getType(), new DERUTF8String(folded));
        }
        sha1.update(new DERSet(canonical).getEncoded(ASN1Encoding.DER));
      }
      byte[] digest = sha1.digest();
      int hash =
          (digest[0] & 0xff)
              | (digest[1] & 0xff) << 8
              | (digest[2] & 0xff) << 16
              | (digest[3] & 0xff) << 24;
      return String.format(Locale.ROOT, "%08x", hash);
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException("the subject's hash cannot be computed", e);
    }
  }

  private static void append(StringBuilder bundle, Set<String> seen, String pem) {
    for (String block : Pem.blocks(pem)) {
      if (seen.add(block)) {
        bundle.append(block).append('\n');
      }
    }
  }

  private static byte[] encode(X509Certificate certificate) throws IOException {
    try {
      return Pem.certificates(List.of(certificate));
    } catch (CertificateException e) {
      throw new IOException("the authority's certificate cannot be encoded", e);
    }
  }

  /** Reads a PEM file, or all files of a directory of them; what cannot be read is empty. */
  private static String read(Path file) {
    try {
      if (!Files.isDirectory(file)) {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
      }
      StringBuilder all = new StringBuilder();
      try (Stream<Path> entries = Files.list(file)) {
        for (Path entry : entries.sorted().limit(2048).toList()) {
          if (Files.isRegularFile(entry) && Files.size(entry) < (1 << 20)) {
            all.append(Files.readString(entry, StandardCharsets.ISO_8859_1)).append('\n');
          }
        }
      }
      return all.toString();
    } catch (IOException e) {
      return "";
    }
  }
}
