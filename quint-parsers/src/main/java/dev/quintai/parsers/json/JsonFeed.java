package dev.quintai.parsers.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Drives a tree of {@link JsonSink}s from bytes that come in pieces.
 *
 * <p>Jackson's non-blocking parser reads structure, names, numbers and literals. The content of
 * string values never reaches it: a scanner takes it out on the way and leaves {@code ""} in its
 * place, so that a string that nobody asked for costs one scan, and one that is wanted is decoded
 * once, within a limit, however the bytes were split. The scanner keeps the only two facts that it
 * needs to tell a name from a value: whether the innermost container is an object, and whether a
 * name may come next.
 *
 * <p>Memory: a compact copy of at most {@link #SLICE} bytes of input, one string and one captured
 * value within their limits, and Jackson's own buffers, which see no long text. Not thread-safe.
 */
public final class JsonFeed {

  /** Bytes that are handed to Jackson at a time. */
  static final int SLICE = 8192;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1001)
                  .maxDocumentLength(-1)
                  .maxTokenCount(-1)
                  .build())
          .build();

  private final int maxDepth;
  private final int maxString;
  private final int maxCapture;

  // The scanner.
  private final byte[] compact = new byte[2 * SLICE];
  private int[] ranges = new int[3 * 64];
  private int rangeCount;
  private int rangeNext;
  private boolean[] inObject = new boolean[32];
  private int scanDepth;
  private boolean nameNext;
  private boolean rootClosed;
  private boolean trailing;
  private Within within = Within.NOTHING;
  private boolean escapePending;
  private boolean hasEscapes;
  private boolean hasHigh;

  /** What the scanner stands in between two slices. */
  private enum Within {
    NOTHING,
    NAME,
    VALUE
  }

  // Jackson.
  private JsonParser parser;
  private ByteArrayFeeder feeder;
  private long compactFed;

  // The sinks.
  private JsonSink root;
  private JsonSink[] sinks = new JsonSink[32];
  private boolean[] arrays = new boolean[32];
  private int depth;
  private int skipping;
  private JsonSink fieldSink;
  private JsonSink openString;
  private boolean openKnown;
  private boolean rootDone;
  private boolean failed;
  private String failure;
  private long truncations;

  // A string that goes on in the next slice, and a value that is captured.
  private final Spill spill = new Spill();
  private final Spill capture = new Spill();
  private JsonSink captureSink;
  private int captureFrom;
  private final JsonText text = new JsonText();

  /**
   * A feed with no document begun.
   *
   * @param maxDepth levels of nesting; deeper is malformed
   * @param maxString bytes kept of one string
   * @param maxCapture bytes kept of one captured value
   */
  public JsonFeed(int maxDepth, int maxString, int maxCapture) {
    this.maxDepth = maxDepth;
    this.maxString = maxString;
    this.maxCapture = maxCapture;
    renew();
  }

  private void renew() {
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the factory declares it and does no I/O
    }
    feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    compactFed = 0;
  }

  /** Begins a document for {@code newRoot}; what was not complete of the last one is dropped. */
  public void start(JsonSink newRoot) {
    if (failed || (root != null && !rootDone)) {
      renew();
    }
    root = newRoot;
    scanDepth = 0;
    nameNext = false;
    rootClosed = false;
    trailing = false;
    within = Within.NOTHING;
    escapePending = false;
    depth = 0;
    skipping = 0;
    fieldSink = null;
    openString = null;
    openKnown = false;
    rootDone = false;
    failed = false;
    failure = null;
    captureSink = null;
    spill.clear();
    capture.clear();
  }

  /** Whether the document is complete. */
  public boolean complete() {
    return rootDone && !failed;
  }

  /** Whether any token was read since {@link #start}. */
  public boolean begun() {
    return rootDone || depth > 0 || skipping > 0 || scanDepth > 0 || within != Within.NOTHING;
  }

  /** What is wrong with the document, or null. */
  public String failure() {
    return failure;
  }

  /** How many strings and captured values were cut since the feed was made. */
  public long truncations() {
    return truncations;
  }

  /**
   * Takes the next bytes.
   *
   * @return false when the document is malformed; the rest of it is not read then
   */
  public boolean feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && !failed) {
      int end = Math.min(to, at + SLICE);
      slice(bytes, at, end);
      at = end;
    }
    return !failed;
  }

  /** The document's bytes are over: a number or literal at its root ends here. */
  public boolean finish() {
    // Only then can a number or literal be waiting for its end.
    if (!failed && within == Within.NOTHING && scanDepth == 0 && (trailing || !rootClosed)) {
      slice(new byte[] {'\n'}, 0, 1);
    }
    if (rootDone && !failed && (within != Within.NOTHING || scanDepth > 0)) {
      fail("text behind the document");
    }
    return complete();
  }

  private void slice(byte[] bytes, int from, int to) {
    rangeCount = 0;
    rangeNext = 0;
    captureFrom = from;
    int length = scan(bytes, from, to);
    if (length > 0) {
      run(bytes, from, length);
    }
    if (failed) {
      return;
    }
    if (within == Within.VALUE) {
      keepOpenString(bytes, openStart(from), to);
    }
    if (captureSink != null) {
      capture.append(bytes, captureFrom, to, maxCapture);
    }
  }

  // ---- The scanner ----

  /** Start of the string that is open at the end of the slice. */
  private int openStart;

  private int openStart(int from) {
    return Math.max(openStart, from);
  }

  /** Copies all but the content of string values; returns the length of the copy. */
  private int scan(byte[] bytes, int from, int to) {
    int out = 0;
    int at = from;
    if (within == Within.NAME) {
      int end = stringEnd(bytes, at, to);
      out = copy(bytes, at, end, out);
      at = end;
    } else if (within == Within.VALUE) {
      openStart = from;
      at = valueEnd(bytes, at, to, out);
      if (within == Within.NOTHING) {
        compact[out++] = '"';
        at++;
      }
    }
    while (at < to) {
      byte b = bytes[at];
      if (b != '"') {
        compact[out++] = b;
        at++;
        structure(b);
        continue;
      }
      compact[out++] = '"';
      at++;
      trailing |= rootClosed;
      if (nameNext && scanDepth > 0) {
        within = Within.NAME;
        int end = stringEnd(bytes, at, to);
        out = copy(bytes, at, end, out);
        at = end;
      } else {
        within = Within.VALUE;
        hasEscapes = false;
        hasHigh = false;
        openStart = at;
        at = valueEnd(bytes, at, to, out);
        if (within == Within.NOTHING) {
          compact[out++] = '"';
          at++;
        }
      }
    }
    return out;
  }

  private void structure(byte b) {
    switch (b) {
      case '{' -> push(true);
      case '[' -> push(false);
      case '}', ']' -> {
        trailing |= rootClosed;
        if (scanDepth > 0) {
          scanDepth--;
        }
        rootClosed = scanDepth == 0;
        nameNext = false;
      }
      case ',' -> nameNext = scanDepth > 0 && inObject[Math.min(scanDepth, inObject.length) - 1];
      case ':' -> nameNext = false;
      default -> trailing |= rootClosed && b > ' ';
    }
  }

  private void push(boolean object) {
    trailing |= rootClosed;
    // Beyond the limit Jackson's side fails first; the flags there do not matter.
    if (scanDepth == inObject.length && scanDepth <= maxDepth) {
      inObject = Arrays.copyOf(inObject, 2 * scanDepth);
    }
    if (scanDepth < inObject.length) {
      inObject[scanDepth] = object;
    }
    scanDepth++;
    nameNext = object;
  }

  /** Passes a string up to its closing quote, or the slice; the quote is included. */
  private int stringEnd(byte[] bytes, int from, int to) {
    int at = closing(bytes, from, to);
    if (at < to) {
      within = Within.NOTHING;
      nameNext = false;
      at++;
    }
    return at;
  }

  /** Passes a string value and notes its range when it ends in this slice. */
  private int valueEnd(byte[] bytes, int from, int to, int out) {
    int at = closing(bytes, from, to);
    if (at < to) {
      within = Within.NOTHING;
      if (3 * rangeCount == ranges.length) {
        ranges = Arrays.copyOf(ranges, 2 * ranges.length);
      }
      int range = 3 * rangeCount++;
      ranges[range] = from;
      ranges[range + 1] = at;
      ranges[range + 2] = out << 2 | (hasEscapes ? 1 : 0) | (hasHigh ? 2 : 0);
    }
    return at;
  }

  /** The offset of the closing quote, or {@code to}. */
  private int closing(byte[] bytes, int from, int to) {
    int at = from;
    if (escapePending && at < to) {
      escapePending = false;
      hasHigh |= bytes[at] < 0;
      at++;
    }
    while (at < to) {
      int found = JsonStrings.scan(bytes, at, to);
      hasHigh |= found < 0;
      at = found & Integer.MAX_VALUE;
      if (at == to || bytes[at] == '"') {
        return at;
      }
      hasEscapes = true;
      at++;
      if (at == to) {
        escapePending = true;
        return at;
      }
      hasHigh |= bytes[at] < 0;
      at++;
    }
    return at;
  }

  private int copy(byte[] bytes, int from, int to, int out) {
    System.arraycopy(bytes, from, compact, out, to - from);
    return out + to - from;
  }

  // ---- Tokens ----

  private void run(byte[] bytes, int from, int length) {
    try {
      feeder.feedInput(compact, 0, length);
      compactFed += length;
      JsonToken token = parser.nextToken();
      while (token != JsonToken.NOT_AVAILABLE && token != null) {
        if (rootDone) {
          fail("text behind the document");
          return;
        }
        take(token, bytes, from, length);
        if (failed) {
          return;
        }
        token = parser.nextToken();
      }
    } catch (StreamConstraintsException e) {
      fail("over a limit of JSON");
    } catch (JsonParseException e) {
      fail("not JSON");
    } catch (IOException e) {
      fail("not readable");
    }
  }

  private void fail(String why) {
    failed = true;
    failure = why;
  }

  private void take(JsonToken token, byte[] bytes, int from, int length) throws IOException {
    switch (token) {
      case START_OBJECT -> open(false, from, length);
      case START_ARRAY -> open(true, from, length);
      case END_OBJECT, END_ARRAY -> close(bytes, from, length);
      case FIELD_NAME -> {
        if (skipping == 0) {
          fieldSink =
              sinks[depth - 1] == null ? null : sinks[depth - 1].field(parser.currentName());
        }
      }
      case VALUE_STRING -> takeString(bytes);
      default -> {
        if (skipping == 0) {
          JsonSink sink = sink();
          if (sink != null) {
            scalar(token, sink);
          }
        }
      }
    }
    if (depth == 0 && skipping == 0) {
      rootDone = true;
    }
  }

  private void scalar(JsonToken token, JsonSink sink) throws IOException {
    switch (token) {
      case VALUE_TRUE -> sink.bool(true);
      case VALUE_FALSE -> sink.bool(false);
      case VALUE_NULL -> sink.nothing();
      case VALUE_NUMBER_INT -> {
        JsonParser.NumberType type = parser.getNumberType();
        if (type == JsonParser.NumberType.BIG_INTEGER) {
          sink.fraction(parser.getDoubleValue());
        } else {
          sink.number(parser.getLongValue());
        }
      }
      case VALUE_NUMBER_FLOAT -> sink.fraction(parser.getDoubleValue());
      default -> {}
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
    JsonSink parent = sinks[depth - 1];
    return arrays[depth - 1] ? parent.element() : fieldSink;
  }

  private void open(boolean array, int from, int length) {
    if (skipping > 0) {
      skipping++;
      checkDepth();
      return;
    }
    JsonSink sink = sink();
    if (sink == null) {
      skipping = 1;
    } else if (sink.captures()) {
      skipping = 1;
      captureSink = sink;
      capture.clear();
      captureFrom = original(from, length) - 1;
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
    checkDepth();
  }

  private void checkDepth() {
    if (depth + skipping > maxDepth) {
      fail("nested deeper than " + maxDepth + " levels");
    }
  }

  private void close(byte[] bytes, int from, int length) {
    if (skipping > 0) {
      skipping--;
      if (skipping == 0 && captureSink != null) {
        capture.append(bytes, captureFrom, original(from, length), maxCapture);
        JsonSink sink = captureSink;
        captureSink = null;
        truncations += capture.cut ? 1 : 0;
        sink.raw(new String(capture.bytes, 0, capture.length, StandardCharsets.UTF_8), capture.cut);
        capture.clear();
      }
      return;
    }
    depth--;
    JsonSink sink = sinks[depth];
    sinks[depth] = null;
    if (arrays[depth]) {
      sink.endArray();
    } else {
      sink.endObject();
    }
  }

  /** Where in the input the token that was just read ends. */
  private int original(int from, int length) {
    long behind = compactFed - parser.currentLocation().getByteOffset();
    int inCompact = length - (int) behind;
    if (rangeNext == 0) {
      // Nothing was taken out before it in this slice, but perhaps the end of a long string.
      return from + inCompact;
    }
    int range = 3 * (rangeNext - 1);
    return ranges[range + 1] + inCompact - (ranges[range + 2] >> 2);
  }

  private void takeString(byte[] bytes) {
    if (rangeNext == rangeCount) {
      fail("not JSON");
      return;
    }
    int range = 3 * rangeNext++;
    if (skipping > 0) {
      return;
    }
    JsonSink sink = sink();
    if (sink == null) {
      spill.clear();
      return;
    }
    int start = ranges[range];
    int end = ranges[range + 1];
    boolean escapes = (ranges[range + 2] & 1) != 0;
    boolean high = (ranges[range + 2] & 2) != 0;
    if (spill.length == 0 && !spill.cut) {
      boolean cut = end - start > maxString;
      int kept = cut ? JsonStrings.cutPoint(bytes, start, start + maxString) : end;
      text.set(bytes, start, kept, escapes, high, cut);
    } else {
      spill.append(bytes, start, end, maxString);
      int kept = spill.cut ? JsonStrings.cutPoint(spill.bytes, 0, spill.length) : spill.length;
      text.set(spill.bytes, 0, kept, escapes, high, spill.cut);
    }
    truncations += text.cut() ? 1 : 0;
    sink.string(text);
    spill.clear();
  }

  /** A string value goes on in the next slice: keeps what is wanted of it. */
  private void keepOpenString(byte[] bytes, int from, int to) {
    if (skipping > 0) {
      return;
    }
    if (!openKnown) {
      openString = sink();
      openKnown = true;
    }
    if (openString != null) {
      spill.append(bytes, from, to, maxString);
    }
  }

  /** Bytes kept from slice to slice, up to a limit. */
  private static final class Spill {
    private byte[] bytes = new byte[0];
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
      length = 0;
      cut = false;
      if (bytes.length > 1 << 16) {
        bytes = new byte[0];
      }
    }
  }
}
