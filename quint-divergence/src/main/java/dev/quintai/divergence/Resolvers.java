package dev.quintai.divergence;

import java.util.Set;

/** Name servers that everybody uses. */
final class Resolvers {
  private static final Set<String> PUBLIC =
      Set.of(
          "8.8.8.8",
          "8.8.4.4",
          "1.1.1.1",
          "1.0.0.1",
          "9.9.9.9",
          "149.112.112.112",
          "208.67.222.222",
          "208.67.220.220",
          "2001:4860:4860::8888",
          "2001:4860:4860::8844",
          "2606:4700:4700::1111",
          "2606:4700:4700::1001");

  private Resolvers() {}

  /** Whether it is one of the large public name servers. */
  static boolean known(String address) {
    return PUBLIC.contains(address);
  }

  /** Whether a contact is a question to a name server of the network or a large public one. */
  static boolean query(String address, int port) {
    return (port == 53 || port == 853)
        && (!HostIdentity.external(address) || known(address))
        && !address.equals("169.254.169.254");
  }
}
