package dev.quintai.parsers.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hands the values of one document to its sinks, and passes over those that nobody asked for. Both
 * readers of a {@link JsonFeed} tell it what they read, so that a document may change hands between
 * two of its tokens.
 */
final class JsonValues {

  private final int maxDepth;
  private final int maxString;
  private final int maxCapture;

  private JsonSink root;
  private JsonSink[] sinks = new JsonSink[16];
  private boolean[] arrays = new boolean[16];
  private int depth;
  private int skipping;
  private JsonSink fieldSink;
  private JsonSink openString;
  private boolean openKnown;
  private boolean rootDone;
  private String failure;
  private long truncations;

  // A string that goes on in the next piece, and a value that is captured.
  private final Spill spill = new Spill();
  private final Spill capture = new Spill();
  private JsonSink captureSink;
  private int captureFrom;
  private final JsonText text;

  // A delta whose escapes are resolved: most are short, and many have a quote or a line's end.
  private final byte[] scratch = new byte[256];
  private final JsonText resolved;

  JsonValues(int maxDepth, int maxString, int maxCapture, Names names) {
    this.text = new JsonText(names);
    this.resolved = new JsonText(names);
    this.maxDepth = maxDepth;
    this.maxString = maxString;
    this.maxCapture = maxCapture;
  }

  /** Begins a document. */
  void start(JsonSink newRoot) {
    root = newRoot;
    depth = 0;
    skipping = 0;
    fieldSink = null;
    openString = null;
    openKnown = false;
    rootDone = false;
    failure = null;
    captureSink = null;
    spill.clear();
    capture.clear();
  }

  /** The sink of the value at the root. */
  JsonSink root() {
    return root;
  }

  /** Bytes kept of one string. */
  int maxString() {
    return maxString;
  }

  /** Whether the value at the root is complete. */
  boolean rootDone() {
    return rootDone;
  }

  /** Whether the reader stands within an object or array. */
  boolean inside() {
    return depth > 0 || skipping > 0;
  }

  /** Whether the reader stands within a value that nobody asked for, or that is captured whole. */
  boolean skips() {
    return skipping > 0;
  }

  /** Whether the reader stands within a value that is captured whole. */
  boolean captures() {
    return captureSink != null;
  }

  /** Why the document is refused, or null. */
  String failure() {
    return failure;
  }

  void fail(String why) {
    failure = why;
  }

  /** Strings and captured values that were cut. */
  long truncations() {
    return truncations;
  }

  /** The next piece of the document begins at {@code from} of its array. */
  void beginPiece(int from) {
    captureFrom = from;
  }

  /** The piece ends: what is captured of it is kept. */
  void endPiece(byte[] bytes, int to) {
    if (captureSink != null) {
      capture.append(bytes, captureFrom, to, maxCapture);
    }
  }

  /** A field's name. */
  void name(String name) {
    if (skipping == 0) {
      fieldSink = sinks[depth - 1].field(name);
    }
  }

  /** The sink of the value that is about to be read; null passes over it. */
  private JsonSink sink() {
    if (openKnown) {
      openKnown = false;
      return openString;
    }
    if (depth == 0) {
      return root;
    }
    return arrays[depth - 1] ? sinks[depth - 1].element() : fieldSink;
  }

  /** An object or array begins at {@code at}. */
  void open(boolean array, int at) {
    if (skipping > 0) {
      skipping++;
    } else {
      JsonSink sink = sink();
      if (sink == null) {
        skipping = 1;
      } else if (sink.captures()) {
        skipping = 1;
        captureSink = sink;
        capture.clear();
        captureFrom = at;
      } else {
        if (depth == sinks.length) {
          sinks = Arrays.copyOf(sinks, 2 * depth);
          arrays = Arrays.copyOf(arrays, 2 * depth);
        }
        sinks[depth] = sink;
        arrays[depth++] = array;
        if (array) {
          sink.beginArray();
        } else {
          sink.beginObject();
        }
      }
    }
    if (depth + skipping > maxDepth) {
      fail("nested deeper than " + maxDepth + " levels");
    }
  }

  /** The innermost object or array ends at {@code at}. */
  void close(byte[] bytes, int at) {
    if (skipping > 0) {
      skipping--;
      if (skipping == 0) {
        if (captureSink != null) {
          endCapture(bytes, at + 1);
        }
        rootDone = depth == 0;
      }
      return;
    }
    depth--;
    JsonSink sink = sinks[depth];
    sinks[depth] = null;
    rootDone = depth == 0;
    if (arrays[depth]) {
      sink.endArray();
    } else {
      sink.endObject();
    }
  }

  private void endCapture(byte[] bytes, int to) {
    capture.append(bytes, captureFrom, to, maxCapture);
    JsonSink sink = captureSink;
    captureSink = null;
    truncations += capture.cut ? 1 : 0;
    sink.raw(new String(capture.bytes, 0, capture.length, StandardCharsets.UTF_8), capture.cut);
    capture.clear();
  }

  /**
   * A whole number.
   *
   * @return who took it, or null
   */
  JsonSink number(long value) {
    JsonSink sink = scalar();
    if (sink != null) {
      sink.number(value);
    }
    return sink;
  }

  /** A number with a fraction, or beyond the range of long. */
  void fraction(double value) {
    JsonSink sink = scalar();
    if (sink != null) {
      sink.fraction(value);
    }
  }

  /** True or false. */
  void bool(boolean value) {
    JsonSink sink = scalar();
    if (sink != null) {
      sink.bool(value);
    }
  }

  /** Null. */
  void nothing() {
    JsonSink sink = scalar();
    if (sink != null) {
      sink.nothing();
    }
  }

  private JsonSink scalar() {
    if (skipping > 0) {
      return null;
    }
    rootDone |= depth == 0;
    return sink();
  }

  /**
   * A string whose last bytes are [from, to); the bytes before them were kept.
   *
   * @return who took it, or null
   */
  JsonSink string(byte[] bytes, int from, int to) {
    JsonSink sink = scalar();
    if (sink == null) {
      spill.clear();
      return null;
    }
    if (sink.inPieces()) {
      sink.piece(bytes, from, to, true);
      return sink;
    }
    if (spill.length == 0 && !spill.cut) {
      boolean cut = to - from > maxString;
      int kept = cut ? JsonStrings.cutPoint(bytes, from, from + maxString) : to;
      text.set(bytes, from, kept, cut);
    } else {
      spill.append(bytes, from, to, maxString);
      int kept = spill.cut ? JsonStrings.cutPoint(spill.bytes, 0, spill.length) : spill.length;
      text.set(spill.bytes, 0, kept, spill.cut);
    }
    truncations += text.cut() ? 1 : 0;
    sink.string(text);
    spill.clear();
    return sink;
  }

  /** A whole document of which only the string [from, to) matters. */
  void repeat(JsonSink next, byte[] bytes, int from, int to) {
    rootDone = true;
    text.set(bytes, from, to, false);
    if (text.escaped() && text.size() <= scratch.length) {
      text.copyTo(scratch, resolved);
      next.string(resolved);
    } else {
      next.string(text);
    }
  }

  /** A string goes on in the next piece: keeps what is wanted of it. */
  void keepOpenString(byte[] bytes, int from, int to) {
    if (skipping > 0) {
      return;
    }
    if (!openKnown) {
      openString = sink();
      openKnown = true;
    }
    if (openString == null) {
      return;
    }
    if (openString.inPieces()) {
      openString.piece(bytes, from, to, false);
    } else {
      spill.append(bytes, from, to, maxString);
    }
  }

  /** Bytes kept from piece to piece, up to a limit. */
  private static final class Spill {
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int length;
    private boolean cut;

    void append(byte[] source, int from, int to, int limit) {
      int count = Math.min(to - from, limit - length);
      cut |= count < to - from;
      if (count <= 0) {
        return;
      }
      if (length + count > bytes.length) {
        int grown = (int) Math.min(limit, Math.max(256L, 2L * (length + count)));
        bytes = Arrays.copyOf(bytes, grown);
      }
      System.arraycopy(source, from, bytes, length, count);
      length += count;
    }

    void clear() {
      if (length == 0 && !cut) {
        return;
      }
      length = 0;
      cut = false;
      if (bytes.length > 1 << 16) {
        bytes = NONE;
      }
    }
  }
}
