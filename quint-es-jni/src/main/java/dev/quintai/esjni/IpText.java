package dev.quintai.esjni;

/** Addresses in their usual text form; IPv6 as RFC 5952 writes it. */
final class IpText {

  private IpText() {}

  /**
   * @param address 4 or 16 bytes, network order; an IPv4-mapped IPv6 address is written as the IPv4
   *     address that it reaches
   */
  static String of(byte[] address) {
    return address.length == 4 ? v4(address, 0) : v6(address);
  }

  private static String v4(byte[] address, int at) {
    StringBuilder text = new StringBuilder(15);
    for (int i = 0; i < 4; i++) {
      if (i > 0) {
        text.append('.');
      }
      text.append(address[at + i] & 0xff);
    }
    return text.toString();
  }

  private static String v6(byte[] address) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
    }
    if (mapped(groups)) {
      return v4(address, 12);
    }
    int longest = 1; // a single zero group is not shortened
    int from = -1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && groups[i + run] == 0) {
        run++;
      }
      if (run > longest) {
        longest = run;
        from = i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == from) {
        text.append("::");
        i += longest - 1;
      } else {
        if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static boolean mapped(int[] groups) {
    for (int i = 0; i < 5; i++) {
      if (groups[i] != 0) {
        return false;
      }
    }
    return groups[5] == 0xffff;
  }
}
