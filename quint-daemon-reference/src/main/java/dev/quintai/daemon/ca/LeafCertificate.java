package dev.quintai.daemon.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A server certificate for one host, with its private key and the chain to present.
 *
 * @param host the host name or address literal it is for, in lower case
 * @param key the private key (ECDSA P-256), held in memory only
 * @param chain the leaf first, then the authority that signed it
 */
public record LeafCertificate(String host, PrivateKey key, List<X509Certificate> chain) {
  /** Copies the chain. */
  public LeafCertificate {
    chain = List.copyOf(chain);
  }

  /** Returns the last instant at which a client accepts the certificate. */
  public Instant notAfter() {
    return chain.get(0).getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "LeafCertificate[" + host + "]";
  }
}
