package dev.quintai.core.sensitive;

import java.util.Locale;

/**
 * One text form for each host. Names are lower-cased without a final dot; addresses are read in
 * every form that {@code inet_aton} and RFC 4291 allow, since a request to {@code 2852039166} or
 * {@code [::ffff:a9fe:a9fe]} goes to 169.254.169.254 all the same.
 */
final class HostNames {
  private HostNames() {}

  static String canonical(String host) {
    String text = host.trim().toLowerCase(Locale.ROOT);
    if (text.startsWith("[") && text.endsWith("]")) {
      text = text.substring(1, text.length() - 1);
    }
    if (text.indexOf(':') >= 0) {
      int zone = text.indexOf('%');
      int[] groups = ipv6(zone < 0 ? text : text.substring(0, zone));
      return groups == null ? text : format(groups);
    }
    while (text.endsWith(".")) {
      text = text.substring(0, text.length() - 1);
    }
    long v4 = endsInNumber(text) ? ipv4(text) : -1;
    return v4 < 0 ? text : dotted(v4);
  }

  /** Whether the last part begins like a number: else it is a name and no address. */
  private static boolean endsInNumber(String text) {
    int last = text.lastIndexOf('.') + 1;
    return last < text.length() && text.charAt(last) >= '0' && text.charAt(last) <= '9';
  }

  /** The address as 32 bits, or -1: one to four parts, each decimal, octal or hexadecimal. */
  static long ipv4(String text) {
    if (text.isEmpty() || text.length() > 64) {
      return -1;
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length > 4) {
      return -1;
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      long part = number(parts[i]);
      boolean last = i == parts.length - 1;
      int bits = last ? 8 * (5 - parts.length) : 8;
      if (part < 0 || part >= 1L << bits) {
        return -1;
      }
      address = (address << bits) | part;
    }
    return address;
  }

  private static long number(String part) {
    try {
      if (part.isEmpty() || part.length() > 13 || !isAsciiAlphanumeric(part)) {
        return -1;
      }
      if (part.startsWith("0x")) {
        return part.length() == 2 ? 0 : Long.parseLong(part.substring(2), 16);
      }
      return part.startsWith("0") && part.length() > 1
          ? Long.parseLong(part.substring(1), 8)
          : Long.parseLong(part);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static boolean isAsciiAlphanumeric(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))) {
        return false;
      }
    }
    return true;
  }

  /** The eight groups, or null. */
  private static int[] ipv6(String text) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::") || text.length() > 45) {
      return null;
    }
    int[] head = groups(gap < 0 ? text : text.substring(0, gap));
    int[] tail = gap < 0 ? new int[0] : groups(text.substring(gap + 2));
    if (head == null || tail == null) {
      return null;
    }
    int given = head.length + tail.length;
    if (gap < 0 ? given != 8 : given > 7) {
      return null;
    }
    int[] all = new int[8];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(tail, 0, all, 8 - tail.length, tail.length);
    return all;
  }

  private static int[] groups(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(":", -1);
    boolean mixed = parts[parts.length - 1].indexOf('.') >= 0;
    int[] groups = new int[parts.length + (mixed ? 1 : 0)];
    for (int i = 0; i < parts.length; i++) {
      if (mixed && i == parts.length - 1) {
        long v4 = ipv4(parts[i]);
        if (v4 < 0) {
          return null;
        }
        groups[i] = (int) (v4 >>> 16);
        groups[i + 1] = (int) (v4 & 0xFFFF);
      } else {
        if (parts[i].isEmpty() || parts[i].length() > 4 || !isAsciiAlphanumeric(parts[i])) {
          return null;
        }
        try {
          groups[i] = Integer.parseInt(parts[i], 16);
        } catch (NumberFormatException e) {
          return null;
        }
      }
    }
    return groups;
  }

  /** IPv4 where the address maps one, else the eight groups in full. */
  private static String format(int[] groups) {
    boolean mapped = groups[5] == 0xFFFF;
    for (int i = 0; i < 5; i++) {
      mapped &= groups[i] == 0;
    }
    if (mapped) {
      return dotted(((long) groups[6] << 16) | groups[7]);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      text.append(i == 0 ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static String dotted(long v4) {
    return ((v4 >>> 24) & 0xFF)
        + "."
        + ((v4 >>> 16) & 0xFF)
        + "."
        + ((v4 >>> 8) & 0xFF)
        + "."
        + (v4 & 0xFF);
  }
}
