package dev.quintai.daemon.llm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The beginning of a body, for the record. Bounded: the rest is counted. Not thread-safe. */
final class BodyCopy {

  private final int capacity;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
  private long left;

  BodyCopy(int capacity) {
    this.capacity = capacity;
  }

  void add(byte[] bytes, int offset, int length) {
    int room = Math.min(length, capacity - kept.size());
    kept.write(bytes, offset, room);
    left += length - room;
  }

  /** The text that was kept, with a mark of what was not. */
  String text() {
    String text = kept.toString(StandardCharsets.UTF_8);
    return left == 0 ? text : text + "… (" + left + " more bytes)";
  }

  boolean isEmpty() {
    return kept.size() == 0;
  }
}
