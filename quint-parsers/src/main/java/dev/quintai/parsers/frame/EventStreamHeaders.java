package dev.quintai.parsers.frame;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The headers of one event stream message; only those with string values are kept. */
final class EventStreamHeaders {

  private final Map<String, String> strings = new HashMap<>();

  /** Reads the headers in [from, to); false if they do not follow the format. */
  boolean read(byte[] bytes, int from, int to) {
    strings.clear();
    int at = from;
    while (at < to) {
      int nameLength = bytes[at++] & 0xFF;
      if (nameLength == 0 || at + nameLength + 1 > to) {
        return false;
      }
      int nameAt = at;
      at += nameLength;
      int type = bytes[at++];
      int size =
          switch (type) {
            case 0, 1 -> 0;
            case 2 -> 1;
            case 3 -> 2;
            case 4 -> 4;
            case 5, 8 -> 8;
            case 9 -> 16;
            case 6, 7 -> at + 2 > to ? -1 : (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
            default -> -1;
          };
      at += type == 6 || type == 7 ? 2 : 0;
      if (size < 0 || at + size > to) {
        return false;
      }
      if (type == 7) {
        strings.put(
            new String(bytes, nameAt, nameLength, StandardCharsets.UTF_8),
            new String(bytes, at, size, StandardCharsets.UTF_8));
      }
      at += size;
    }
    return true;
  }

  /** The value of a string header, or null. */
  String get(String name) {
    return strings.get(name);
  }
}
