package dev.quintai.parsers.json;

import java.util.Arrays;

/**
 * Knows the next document of a stream by the last one. Streams say the same again and again: a
 * delta is like the one before it, byte by byte, but for one string and a few values that nobody
 * reads. Such a document need not be walked: its bytes are compared, and its string is handed on.
 *
 * <p>A document is like the last one if it differs only in the string that {@link Repeat} names, in
 * strings and plain whole numbers that nobody asked for, and, where {@link Repeat} allows it, in
 * other such numbers. The walk would make the same calls for both, but for these values, so that
 * nothing is decided here that the last document did not decide.
 *
 * <p>Memory: {@link #MAX_BYTES} and {@link #MAX_PLACES} places.
 */
final class JsonShape {

  /** Longest document that is remembered. */
  private static final int MAX_BYTES = 4096;

  /** Most values in it that may differ. */
  private static final int MAX_PLACES = 64;

  /** Digits of a number that surely fits a long. */
  private static final int MAX_DIGITS = 18;

  private final StringEnd stringEnd = new StringEnd();

  // The document that is remembered.
  private byte[] known = {};
  private int length;
  private JsonSink root;
  private Repeat repeat;
  private int spoken;

  // Places in it that may differ, in order: offsets, and who took what stood there.
  private int[] froms = new int[8];
  private int[] tos = new int[8];
  private JsonSink[] takers = new JsonSink[8];
  private int[] founds = new int[8];
  private boolean[] numbers = new boolean[8];
  private int places;

  // While a document is walked.
  private boolean recording;
  private int start;
  private int end;

  // The string of the document that was like it.
  private int stringFrom;
  private int stringTo;

  // ---- Remembering ----

  /** A document is walked that begins at {@code from}; the one before is forgotten. */
  void record(int from) {
    repeat = null;
    recording = true;
    start = from;
    end = -1;
    places = 0;
  }

  /** Whether a document is walked that may be remembered. */
  boolean recording() {
    return recording;
  }

  /** The document is none that can be remembered. */
  void giveUp() {
    recording = false;
  }

  /** A string between the quotes, and who took it; null for nobody. */
  void string(JsonSink taker, int from, int to) {
    place(taker, from, to, false);
  }

  /** A plain whole number, and who took it; null for nobody. */
  void number(JsonSink taker, int from, int to) {
    place(taker, from, to, true);
  }

  private void place(JsonSink taker, int from, int to, boolean number) {
    if (places == MAX_PLACES || to - start > MAX_BYTES) {
      recording = false;
      return;
    }
    if (places == froms.length) {
      froms = Arrays.copyOf(froms, 2 * places);
      tos = Arrays.copyOf(tos, 2 * places);
      takers = Arrays.copyOf(takers, 2 * places);
      founds = Arrays.copyOf(founds, 2 * places);
      numbers = Arrays.copyOf(numbers, 2 * places);
    }
    froms[places] = from - start;
    tos[places] = to - start;
    takers[places] = taker;
    numbers[places++] = number;
  }

  /** The document ends before {@code at}. */
  void end(int at) {
    end = at;
  }

  /** The piece with the document's beginning is over: remembers it, if it was whole. */
  void learn(JsonSink newRoot, byte[] bytes) {
    recording = false;
    if (end < 0 || end - start > MAX_BYTES) {
      return;
    }
    Repeat found = newRoot == null ? null : newRoot.repeat();
    if (found == null || !keepPlaces(found)) {
      return;
    }
    root = newRoot;
    length = end - start;
    if (length > known.length) {
      known = new byte[Math.min(MAX_BYTES, 2 * length)];
    }
    System.arraycopy(bytes, start, known, 0, length);
    repeat = found;
  }

  /** Keeps the places that may differ; false if the string is not just one of them. */
  private boolean keepPlaces(Repeat found) {
    int kept = 0;
    spoken = -1;
    for (int i = 0; i < places; i++) {
      if (takers[i] == found.taker() && !numbers[i]) {
        if (spoken >= 0) {
          return false;
        }
        spoken = kept;
      } else if (takers[i] != null && !(numbers[i] && found.numbers())) {
        continue;
      }
      froms[kept] = froms[i];
      tos[kept] = tos[i];
      takers[kept] = takers[i];
      numbers[kept++] = numbers[i];
    }
    places = kept;
    return spoken >= 0;
  }

  // ---- Knowing ----

  /**
   * Whether a document for {@code newRoot} that is like the last one begins at {@code from}.
   *
   * @param maxString bytes of the string that is handed on
   * @return the offset behind it, or -1
   */
  int match(JsonSink newRoot, byte[] bytes, int from, int to, int maxString) {
    if (repeat == null || newRoot != root) {
      return -1;
    }
    int at = from;
    int mine = 0;
    for (int i = 0; i < places; i++) {
      int same = froms[i] - mine;
      if (to - at <= same || !Arrays.equals(known, mine, froms[i], bytes, at, at + same)) {
        return -1;
      }
      at += same;
      mine = tos[i];
      int stop = numbers[i] ? number(bytes, at, to) : string(bytes, at, to);
      if (stop < 0) {
        return -1;
      }
      founds[i] = at;
      if (i == spoken) {
        stringFrom = at;
        stringTo = stop;
      }
      at = stop;
    }
    int same = length - mine;
    boolean like =
        to - at >= same
            && Arrays.equals(known, mine, length, bytes, at, at + same)
            && stringTo - stringFrom <= maxString;
    return like ? at + same : -1;
  }

  private int string(byte[] bytes, int from, int to) {
    int at = stringEnd.find(bytes, from, to);
    if (at == to) {
      stringEnd.reset();
      return -1;
    }
    return at;
  }

  /** The end of the plain whole number that begins at {@code from}, or -1. */
  private static int number(byte[] bytes, int from, int to) {
    int first = bytes[from] == '-' ? from + 1 : from;
    int at = first;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    int digits = at - first;
    boolean plain =
        at < to && digits > 0 && digits <= MAX_DIGITS && (digits == 1 || bytes[first] != '0');
    return plain ? at : -1;
  }

  /** Tells the numbers of the document that was like it to who took them of the last one. */
  void tellNumbers(byte[] bytes) {
    if (!repeat.numbers()) {
      return;
    }
    for (int i = 0; i < places; i++) {
      if (numbers[i] && takers[i] != null) {
        takers[i].number(value(bytes, founds[i]));
      }
    }
  }

  private static long value(byte[] bytes, int from) {
    boolean negative = bytes[from] == '-';
    long value = 0;
    for (int at = negative ? from + 1 : from; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      value = 10 * value + bytes[at] - '0';
    }
    return negative ? -value : value;
  }

  /** Who takes the string of a document that is like the last one. */
  JsonSink next() {
    return repeat.next();
  }

  /** Where that string begins. */
  int stringFrom() {
    return stringFrom;
  }

  /** Where that string ends. */
  int stringTo() {
    return stringTo;
  }
}
