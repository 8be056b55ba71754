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

  /** Offsets in a skeleton of what was taken out, whether that is a number, and of brackets. */
  static final class Places {
    final int[] values;
    final boolean[] numbers;
    final int[] brackets;

    Places(int[] values, boolean[] numbers, int[] brackets) {
      this.values = values;
      this.numbers = numbers;
      this.brackets = brackets;
    }
  }

  /** The tokens of one skeleton. */
  static final class Entry {
    final byte[] bytes;
    final Places places;
    final JsonToken[] tokens;
    final String[] names;

    Entry(byte[] bytes, Places places, JsonToken[] tokens, String[] names) {
      this.bytes = bytes;
      this.places = places;
      this.tokens = tokens;
      this.names = names;
    }
  }

  private final Entry[] entries = new Entry[KEPT];
  private int next;
  private Entry last;

  private JsonToken[] tokens;
  private String[] names;
  private int count;
  private boolean recording;

  /** The entry that was met last, or null. */
  Entry last() {
    return last;
  }

  /** The entry of a skeleton, or null. */
  Entry find(byte[] bytes, int length) {
    for (Entry entry : entries) {
      if (entry != null
          && entry.bytes.length == length
          && Arrays.equals(entry.bytes, 0, length, bytes, 0, length)) {
        last = entry;
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

  /** Keeps what was noted for the skeleton of {@code scan}. */
  void keep(JsonScan scan) {
    if (recording) {
      recording = false;
      last =
          new Entry(
              Arrays.copyOf(scan.skeleton, scan.length),
              scan.places(),
              Arrays.copyOf(tokens, count),
              Arrays.copyOf(names, count));
      entries[next] = last;
      next = (next + 1) % KEPT;
    }
  }
}
