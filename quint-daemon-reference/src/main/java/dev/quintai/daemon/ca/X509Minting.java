package dev.quintai.daemon.ca;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds and signs the two kinds of certificate (RFC 5280 profile). */
final class X509Minting {
  private static final Duration BACK_DATED = Duration.ofDays(1);

  /** The upper bound of a common name (X.520 ub-common-name). */
  private static final int MAX_COMMON_NAME = 64;

  private X509Minting() {}

  static X509Certificate authority(KeyPair pair, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    // The random part keeps the names of two authorities apart: verifiers look issuers up by name.
    byte[] tag = new byte[4];
    random.nextBytes(tag);
    X500Name name =
        name("Quint local CA " + HexFormat.of().formatHex(tag), "Quint, made on this machine");
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            CertificateAuthority.serial(random),
            Date.from(now.minus(BACK_DATED)),
            Date.from(now.plus(CertificateAuthority.CA_VALIDITY)),
            name,
            pair.getPublic());
    try {
      // A path length of 0: this authority signs leaves and no further authority.
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    } catch (CertIOException e) {
      throw new GeneralSecurityException(e);
    }
    return sign(builder, pair.getPrivate());
  }

  static X509Certificate leaf(
      String host,
      PublicKey subject,
      PrivateKey issuerKey,
      X509Certificate issuer,
      Instant now,
      SecureRandom random)
      throws GeneralSecurityException {
    Instant ends = now.plus(CertificateAuthority.LEAF_VALIDITY);
    Instant issuerEnds = issuer.getNotAfter().toInstant();
    X500Name issuerName = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuerName,
            CertificateAuthority.serial(random),
            Date.from(now.minus(BACK_DATED)),
            Date.from(ends.isBefore(issuerEnds) ? ends : issuerEnds),
            name(host.length() <= MAX_COMMON_NAME ? host : "Quint intercepted host", null),
            subject);
    int kind = HostNames.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName;
    JcaX509ExtensionUtils utilities = new JcaX509ExtensionUtils();
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, host)));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, utilities.createSubjectKeyIdentifier(subject));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          utilities.createAuthorityKeyIdentifier(issuer.getPublicKey()));
    } catch (CertIOException e) {
      throw new GeneralSecurityException(e);
    }
    return sign(builder, issuerKey);
  }

  private static X500Name name(String commonName, String organization) {
    X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
    if (organization != null) {
      builder.addRDN(BCStyle.O, organization);
    }
    return builder.addRDN(BCStyle.CN, commonName).build();
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(KeyPairs.SIGNATURE_ALGORITHM).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
