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

/**
 * Reads any JSON with Jackson's non-blocking parser. The content of string values and of whole
 * numbers never reaches it ({@link JsonScan}), so that a string is decoded once, within a limit,
 * and only where it is wanted, however the bytes were split.
 */
final class JsonTokens {

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

  private final JsonValues values;
  private final JsonScan scan;
  private int valueNext;
  private int bracketNext;
  private boolean numberSplit;
  private boolean leading;

  private JsonParser parser;
  private ByteArrayFeeder feeder;
  private boolean untouched = true;
  private boolean used;

  JsonTokens(JsonValues values, int maxDepth) {
    this.values = values;
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
    used = false;
  }

  /** Begins a document. */
  void start() {
    if (!untouched && (values.failure() != null || !values.rootDone())) {
      renew();
    }
    untouched = true;
    scan.start();
  }

  /**
   * Begins within a document whose beginning was read by somebody else; {@code prefix} is like it.
   */
  void startBehind(byte[] prefix) {
    if (prefix.length == 0 && used) {
      renew(); // only a new parser knows a byte order mark
    }
    leading = true;
    feed(prefix, 0, prefix.length);
    leading = false;
  }

  /** Whether anything but white space was read. */
  boolean begun() {
    return !scan.outside() || scan.closed();
  }

  /** Takes the next bytes, up to a failure. */
  void feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && values.failure() == null) {
      int end = Math.min(to, at + JsonScan.SLICE);
      slice(bytes, at, end);
      at = end;
    }
  }

  /** The document's bytes are over: a number or literal at its root ends here. */
  void finish() {
    // Only then can a number or literal be waiting for its end.
    if (values.failure() == null && scan.outside() && (scan.trailing() || !scan.closed())) {
      feed(NEWLINE, 0, 1);
    }
    if (values.rootDone() && values.failure() == null && !scan.outside()) {
      values.fail("text behind the document");
    }
  }

  private void slice(byte[] bytes, int from, int to) {
    untouched = false;
    used = true;
    valueNext = 0;
    bracketNext = 0;
    scan.scan(bytes, from, to);
    numberSplit = scan.numberSplit();
    if (scan.length > 0) {
      run(bytes);
    }
    if (values.failure() == null && scan.inValue()) {
      values.keepOpenString(bytes, scan.openFrom, to);
    }
  }

  private void run(byte[] bytes) {
    try {
      feeder.feedInput(scan.skeleton, 0, scan.length);
      JsonToken token = parser.nextToken();
      while (token != JsonToken.NOT_AVAILABLE && token != null) {
        if (!leading) {
          if (values.rootDone()) {
            values.fail("text behind the document");
          } else {
            take(token, bytes);
          }
          if (values.failure() != null) {
            return;
          }
        }
        token = parser.nextToken();
      }
    } catch (StreamConstraintsException e) {
      values.fail("over a limit of JSON");
    } catch (JsonParseException e) {
      values.fail("not JSON");
    } catch (IOException e) {
      values.fail("not readable");
    }
  }

  private void take(JsonToken token, byte[] bytes) throws IOException {
    switch (token) {
      case START_OBJECT -> values.open(false, scan.brackets[bracketNext++]);
      case START_ARRAY -> values.open(true, scan.brackets[bracketNext++]);
      case END_OBJECT, END_ARRAY -> values.close(bytes, scan.brackets[bracketNext++]);
      case FIELD_NAME -> values.name(parser.currentName());
      case VALUE_STRING -> takeString(bytes);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(token, bytes);
      case VALUE_NULL -> values.nothing();
      default -> values.bool(token == JsonToken.VALUE_TRUE);
    }
  }

  /** A number that Jackson met: it stands for one that was taken out, or it was left in. */
  private void number(JsonToken token, byte[] bytes) throws IOException {
    boolean whole = token == JsonToken.VALUE_NUMBER_INT;
    boolean takenOut =
        whole
            && !numberSplit
            && parser.getNumberType() == JsonParser.NumberType.INT
            && parser.getIntValue() == 0;
    numberSplit = false;
    if (takenOut) {
      takeNumber(bytes);
    } else if (whole && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      values.number(parser.getLongValue());
    } else {
      values.fraction(parser.getDoubleValue());
    }
  }

  private void takeNumber(byte[] bytes) {
    int value = nextValue(true);
    if (value < 0) {
      return;
    }
    int at = scan.valueFrom(value);
    int to = scan.valueTo(value);
    boolean negative = bytes[at] == '-';
    long number = 0;
    for (int i = negative ? at + 1 : at; i < to; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    values.number(negative ? -number : number);
  }

  private void takeString(byte[] bytes) {
    int value = nextValue(false);
    if (value >= 0) {
      values.string(bytes, scan.valueFrom(value), scan.valueTo(value));
    }
  }

  /** The value that was taken out for the present token; -1, and a failure, if it does not fit. */
  private int nextValue(boolean number) {
    if (valueNext == scan.valueCount || scan.isNumber(valueNext) != number) {
      values.fail("not JSON");
      return -1;
    }
    return valueNext++;
  }
}
