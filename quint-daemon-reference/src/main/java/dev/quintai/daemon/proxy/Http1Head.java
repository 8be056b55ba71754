package dev.quintai.daemon.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The head of an HTTP/1 message (RFC 9112) with the bytes it came in, so that it can be forwarded
 * as it is, or with single header lines changed and every other line untouched.
 */
final class Http1Head {
  private record Line(String name, String value, int from, int to) {}

  private final byte[] bytes;
  private final int startLineEnd;
  private final String first;
  private final String second;
  private final String third;
  private final List<Line> lines;

  private Http1Head(
      byte[] bytes, int startLineEnd, String first, String second, String third, List<Line> lines) {
    this.bytes = bytes;
    this.startLineEnd = startLineEnd;
    this.first = first;
    this.second = second;
    this.third = third;
    this.lines = lines;
  }

  /** Parses a request's head, from its first byte to the empty line's end. */
  static Http1Head request(byte[] bytes) throws Http1Exception {
    int end = lineEnd(bytes, 0);
    String line = text(bytes, 0, contentEnd(bytes, 0, end, true));
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !isToken(parts[0]) || parts[1].isEmpty()) {
      throw new Http1Exception("the request line is not \"METHOD TARGET HTTP/1.1\"");
    }
    checkVersion(parts[2]);
    return new Http1Head(bytes, end, parts[0], parts[1], parts[2], lines(bytes, end, true));
  }

  /** Parses a response's head, from its first byte to the empty line's end. */
  static Http1Head response(byte[] bytes) throws Http1Exception {
    int end = lineEnd(bytes, 0);
    String line = text(bytes, 0, contentEnd(bytes, 0, end, false));
    String[] parts = line.split(" ", 3);
    if (parts.length < 2
        || parts[1].length() != 3
        || !parts[1].chars().allMatch(Http1Head::digit)) {
      throw new Http1Exception("the status line is not \"HTTP/1.1 STATUS REASON\"");
    }
    checkVersion(parts[0]);
    if (parts[1].charAt(0) == '0') {
      throw new Http1Exception("the status code is below 100");
    }
    return new Http1Head(
        bytes,
        end,
        parts[0],
        parts[1],
        parts.length == 3 ? parts[2] : "",
        lines(bytes, end, false));
  }

  /** A request's method. */
  String method() {
    return first;
  }

  /** A request's target. */
  String target() {
    return second;
  }

  /** A request's version. */
  String requestVersion() {
    return third;
  }

  /** A response's status. */
  int status() {
    return Integer.parseInt(second);
  }

  /** A response's version. */
  String responseVersion() {
    return first;
  }

  /** The bytes as they came; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** The value of the first header of that name, or null. */
  String header(String name) {
    for (Line line : lines) {
      if (line.name.equalsIgnoreCase(name)) {
        return line.value;
      }
    }
    return null;
  }

  /** The values of all headers of that name joined with commas, or null. */
  String joined(String name) {
    StringBuilder joined = null;
    for (Line line : lines) {
      if (line.name.equalsIgnoreCase(name)) {
        joined = joined == null ? new StringBuilder() : joined.append(", ");
        joined.append(line.value);
      }
    }
    return joined == null ? null : joined.toString();
  }

  /** Whether a comma-separated header has this element, compared without case. */
  boolean lists(String name, String element) {
    String joined = joined(name);
    if (joined != null) {
      for (String one : joined.split(",")) {
        if (one.strip().equalsIgnoreCase(element)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Returns the head with another start line, without some headers, and with others at its end;
   * every line that stays keeps its bytes.
   *
   * @param startLine the new start line without its end, or null for the present one
   * @param drop names to leave out, in lower case
   * @param add headers to add
   */
  byte[] with(String startLine, Set<String> drop, Map<String, String> add) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
    if (startLine == null) {
      out.write(bytes, 0, startLineEnd);
    } else {
      out.writeBytes((startLine + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    for (Line line : lines) {
      if (!drop.contains(line.name.toLowerCase(Locale.ROOT))) {
        out.write(bytes, line.from, line.to - line.from);
      }
    }
    add.forEach(
        (name, value) ->
            out.writeBytes((name + ": " + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
    out.write('\r');
    out.write('\n');
    return out.toByteArray();
  }

  /** The announced length, or -1 where there is none. Several equal ones count as one. */
  long contentLength() throws Http1Exception {
    long length = -1;
    for (Line line : lines) {
      if (line.name.equalsIgnoreCase("content-length")) {
        String value = line.value;
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(Http1Head::digit)) {
          throw new Http1Exception("the content length is not a number");
        }
        long one = Long.parseLong(value);
        if (length >= 0 && one != length) {
          throw new Http1Exception("two different content lengths");
        }
        length = one;
      }
    }
    return length;
  }

  /** Whether a name is a token (RFC 9110, section 5.6.2). */
  static boolean isToken(String name) {
    if (name.isEmpty()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean fits =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || digit(c)
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Whether a value holds no character that could end its line. */
  static boolean isFieldValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0 || c > 0xff) {
        return false;
      }
    }
    return true;
  }

  private static List<Line> lines(byte[] bytes, int from, boolean strict) throws Http1Exception {
    List<Line> lines = new ArrayList<>();
    int at = from;
    while (true) {
      int end = lineEnd(bytes, at);
      int contentEnd = contentEnd(bytes, at, end, strict);
      if (contentEnd == at) {
        return lines;
      }
      if (bytes[at] == ' ' || bytes[at] == '\t') {
        throw new Http1Exception("a header line is folded");
      }
      int colon = at;
      while (colon < contentEnd && bytes[colon] != ':') {
        colon++;
      }
      String name = text(bytes, at, colon);
      if (colon == contentEnd || !isToken(name)) {
        throw new Http1Exception("a header line is not \"name: value\"");
      }
      String value = text(bytes, colon + 1, contentEnd);
      if (!isFieldValue(value)) {
        throw new Http1Exception("a header value holds a control character");
      }
      lines.add(new Line(name, trim(value), at, end));
      at = end;
    }
  }

  private static int lineEnd(byte[] bytes, int from) throws Http1Exception {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    throw new Http1Exception("the head ends inside a line");
  }

  /** Where a line's text ends: at CR LF, or for a lenient reader at LF alone. */
  private static int contentEnd(byte[] bytes, int from, int lineEnd, boolean strict)
      throws Http1Exception {
    int end = lineEnd - 1;
    if (end > from && bytes[end - 1] == '\r') {
      return end - 1;
    }
    if (strict) {
      throw new Http1Exception("a line ends without CR");
    }
    return end;
  }

  private static void checkVersion(String version) throws Http1Exception {
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw new Http1Exception("the version is neither HTTP/1.1 nor HTTP/1.0");
    }
  }

  private static String trim(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
      from++;
    }
    while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
