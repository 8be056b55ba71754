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
 * string values and of whole numbers never reaches it ({@link JsonScan}), so that a string that
 * nobody asked for costs one scan, and one that is wanted is decoded once, within a limit, however
 * the bytes were split. Where what is left of a whole document is the same as before, Jackson is
 * not asked again ({@link Skeletons}).
 *
 * <p>Memory: the skeleton of at most {@link JsonScan#SLICE} bytes of input, one string and one
 * captured value within their limits, and Jackson's own buffers, which see no long text. Not
 * thread-safe.
 */
public final class JsonFeed {

  private static final byte[] NEWLINE = {'\n'};

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

  private final JsonScan scan;
  private final Skeletons skeletons = new Skeletons();
  private int valueNext;
  private int bracketNext;
  private boolean numberSplit;

  private JsonParser parser;
  private ByteArrayFeeder feeder;

  private JsonSink root;
  private JsonSink[] sinks = new JsonSink[16];
  private boolean[] arrays = new boolean[16];
  private int depth;
  private int skipping;
  private JsonSink fieldSink;
  private JsonSink openString;
  private boolean openKnown;
  private boolean untouched;
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
    this.scan = new JsonScan(maxDepth);
    renew();
  }

  private void renew() {
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the factory declares it and does no I/O
    }
    feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /** Begins a document for {@code newRoot}; what was not complete of the last one is dropped. */
  public void start(JsonSink newRoot) {
    if (failed || (!untouched && !rootDone)) {
      renew();
    }
    root = newRoot;
    scan.start();
    depth = 0;
    skipping = 0;
    fieldSink = null;
    openString = null;
    openKnown = false;
    untouched = true;
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

  /** Whether anything but white space was read since {@link #start}. */
  public boolean begun() {
    return rootDone || depth > 0 || skipping > 0 || !scan.outside() || scan.closed();
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
      int end = Math.min(to, at + JsonScan.SLICE);
      slice(bytes, at, end);
      at = end;
    }
    return !failed;
  }

  /** The document's bytes are over: a number or literal at its root ends here. */
  public boolean finish() {
    // Only then can a number or literal be waiting for its end.
    if (!failed && scan.outside() && (scan.trailing() || !scan.closed())) {
      slice(NEWLINE, 0, 1);
    }
    if (rootDone && !failed && !scan.outside()) {
      fail("text behind the document");
    }
    return complete();
  }

  private void slice(byte[] bytes, int from, int to) {
    boolean first = untouched;
    untouched = false;
    valueNext = 0;
    bracketNext = 0;
    captureFrom = from;
    Skeletons.Entry last = first ? skeletons.last() : null;
    if (last != null && scan.match(last, bytes, from, to)) {
      replay(last, bytes);
      return;
    }
    scan.scan(bytes, from, to);
    numberSplit = scan.numberSplit();
    if (scan.length > 0) {
      boolean whole = first && scan.outside() && scan.closed() && !scan.trailing();
      if (whole) {
        document(bytes);
      } else {
        run(bytes);
      }
    }
    if (failed) {
      return;
    }
    if (scan.inValue()) {
      keepOpenString(bytes, scan.openFrom, to);
    }
    if (captureSink != null) {
      capture.append(bytes, captureFrom, to, maxCapture);
    }
  }

  /** A whole document in one slice: its tokens may be known. */
  private void document(byte[] bytes) {
    Skeletons.Entry known = skeletons.find(scan.skeleton, scan.length);
    if (known == null) {
      skeletons.record(scan.length);
      run(bytes);
      if (!failed && rootDone) {
        skeletons.keep(scan);
      }
      return;
    }
    replay(known, bytes);
  }

  private void replay(Skeletons.Entry known, byte[] bytes) {
    for (int i = 0; i < known.tokens.length && !failed; i++) {
      take(known.tokens[i], known.names[i], bytes);
    }
  }

  private void run(byte[] bytes) {
    try {
      feeder.feedInput(scan.skeleton, 0, scan.length);
      JsonToken token = parser.nextToken();
      while (token != JsonToken.NOT_AVAILABLE && token != null) {
        if (rootDone) {
          fail("text behind the document");
          return;
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
          number(token, bytes);
        } else {
          String name = token == JsonToken.FIELD_NAME ? parser.currentName() : null;
          skeletons.note(token, name);
          take(token, name, bytes);
        }
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
    skeletons.abandon();
  }

  /** A number that Jackson met: it stands for one that was taken out, or it was left in. */
  private void number(JsonToken token, byte[] bytes) throws IOException {
    boolean takenOut =
        token == JsonToken.VALUE_NUMBER_INT
            && !numberSplit
            && parser.getNumberType() == JsonParser.NumberType.INT
            && parser.getIntValue() == 0;
    numberSplit = false;
    if (takenOut) {
      skeletons.note(token, null);
      take(token, null, bytes);
      return;
    }
    skeletons.abandon();
    JsonSink sink = skipping > 0 ? null : sink();
    if (sink != null) {
      if (token == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        sink.number(parser.getLongValue());
      } else {
        sink.fraction(parser.getDoubleValue());
      }
    }
    rootDone |= depth == 0 && skipping == 0;
  }

  private void take(JsonToken token, String name, byte[] bytes) {
    switch (token) {
      case START_OBJECT -> open(false);
      case START_ARRAY -> open(true);
      case END_OBJECT, END_ARRAY -> close(bytes);
      case FIELD_NAME -> {
        if (skipping == 0) {
          fieldSink = sinks[depth - 1].field(name);
        }
      }
      case VALUE_STRING -> takeString(bytes);
      case VALUE_NUMBER_INT -> takeNumber(bytes);
      default -> {
        JsonSink sink = skipping > 0 ? null : sink();
        if (sink != null) {
          literal(token, sink);
        }
      }
    }
    if (depth == 0 && skipping == 0) {
      rootDone = true;
    }
  }

  private static void literal(JsonToken token, JsonSink sink) {
    if (token == JsonToken.VALUE_NULL) {
      sink.nothing();
    } else {
      sink.bool(token == JsonToken.VALUE_TRUE);
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

  private void open(boolean array) {
    int at = scan.brackets[bracketNext++];
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
    checkDepth();
  }

  private void checkDepth() {
    if (depth + skipping > maxDepth) {
      fail("nested deeper than " + maxDepth + " levels");
    }
  }

  private void close(byte[] bytes) {
    int at = scan.brackets[bracketNext++];
    if (skipping > 0) {
      skipping--;
      if (skipping == 0 && captureSink != null) {
        capture.append(bytes, captureFrom, at + 1, maxCapture);
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

  private void takeNumber(byte[] bytes) {
    int value = nextValue(true);
    JsonSink sink = skipping > 0 || value < 0 ? null : sink();
    if (sink == null) {
      return;
    }
    int at = scan.valueFrom(value);
    int to = scan.valueTo(value);
    boolean negative = bytes[at] == '-';
    long number = 0;
    for (int i = negative ? at + 1 : at; i < to; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    sink.number(negative ? -number : number);
  }

  /** The value that was taken out for the present token; -1, and a failure, if it does not fit. */
  private int nextValue(boolean number) {
    if (valueNext == scan.valueCount || scan.isNumber(valueNext) != number) {
      fail("not JSON");
      return -1;
    }
    return valueNext++;
  }

  private void takeString(byte[] bytes) {
    int value = nextValue(false);
    if (skipping > 0 || value < 0) {
      return;
    }
    JsonSink sink = sink();
    if (sink == null) {
      spill.clear();
      return;
    }
    int start = scan.valueFrom(value);
    int end = scan.valueTo(value);
    boolean escapes = scan.hasEscapes(value);
    boolean high = scan.hasHigh(value);
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
