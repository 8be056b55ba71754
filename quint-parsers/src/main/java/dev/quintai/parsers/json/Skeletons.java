package dev.quintai.parsers.json;

import com.fasterxml.jackson.core.JsonToken;
import java.util.Arrays;

/**
 * Remembers the tokens of the last few skeletons of whole documents. The tokens of a skeleton
 * follow from its bytes alone, so a skeleton that comes again needs no parser: the events of a
 * stream differ in their strings and numbers, which no skeleton holds.
 */
final class Skeletons {

  private static final int KEPT = 8;
  private static final int MAX_LENGTH = 768;
  private static final int MAX_TOKENS = 96;

  /** The tokens of one skeleton. */
  static final class Entry {
    private final byte[] bytes;
    final JsonToken[] tokens;
    final String[] names;

    Entry(byte[] bytes, JsonToken[] tokens, String[] names) {
      this.bytes = bytes;
      this.tokens = tokens;
      this.names = names;
    }
  }

  private final Entry[] entries = new Entry[KEPT];
  private int next;

  private JsonToken[] tokens;
  private String[] names;
  private int count;
  private boolean recording;

  /** The entry of a skeleton, or null. */
  Entry find(byte[] bytes, int length) {
    for (Entry entry : entries) {
      if (entry != null
          && entry.bytes.length == length
          && Arrays.equals(entry.bytes, 0, length, bytes, 0, length)) {
        return entry;
      }
    }
    return null;
  }

  /** Begins to note the tokens of a skeleton. */
  void record(int length) {
    recording = length <= MAX_LENGTH;
    count = 0;
    if (recording && tokens == null) {
      tokens = new JsonToken[MAX_TOKENS];
      names = new String[MAX_TOKENS];
    }
  }

  /** Notes a token. */
  void note(JsonToken token, String name) {
    if (!recording) {
      return;
    }
    if (count == MAX_TOKENS || token == JsonToken.VALUE_NUMBER_FLOAT) {
      recording = false;
      return;
    }
    tokens[count] = token;
    names[count++] = name;
  }

  /** A number stood in the skeleton itself: it cannot come again without the parser. */
  void abandon() {
    recording = false;
  }

  /** Keeps what was noted for these bytes. */
  void keep(byte[] bytes, int length) {
    if (recording) {
      recording = false;
      entries[next] =
          new Entry(
              Arrays.copyOf(bytes, length),
              Arrays.copyOf(tokens, count),
              Arrays.copyOf(names, count));
      next = (next + 1) % KEPT;
    }
  }
}
