package dev.quintai.parsers.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Walks plain JSON, eight bytes at a time where there is nothing but text: the objects and arrays,
 * strings, names of plain ASCII, numbers and literals that nearly all traffic consists of.
 *
 * <p>It decides nothing that is doubtful. Where a token is not plain (a name with escapes or beyond
 * ASCII, a number beyond long, a token that is no JSON, a value at the root that is no container)
 * the walk stops before it, and Jackson reads on from there ({@link #prefix}). What it reads by
 * itself is held against Jackson by the differential tests of {@link JsonFeed}.
 *
 * <p>Memory: two bits a level of nesting and the bytes of one short token that the end of a piece
 * cut.
 */
final class JsonWalk {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';

  /** Longest name that is walked. */
  private static final int MAX_NAME = 256;

  /** Longest number or literal that is walked. */
  private static final int MAX_SCALAR = 64;

  /** Digits of a number that surely fits a long. */
  private static final int MAX_DIGITS = 18;

  // What may come next.
  private static final int ROOT = 0;
  private static final int FIRST_NAME = 1;
  private static final int NAME = 2;
  private static final int COLON = 3;
  private static final int VALUE = 4;
  private static final int FIRST_ELEMENT = 5;
  private static final int NEXT = 6;
  private static final int DONE = 7;
  // Within a token that the end of a piece cut.
  private static final int IN_NAME = 8;
  private static final int IN_STRING = 9;
  private static final int IN_SCALAR = 10;

  private final JsonValues values;
  private final Names names;
  private final JsonShape shape;
  private final StringEnd stringEnd = new StringEnd();
  private final long[] objects;

  private int state;
  private int depth;
  private boolean inObject;
  private boolean unusual;

  // A name with its opening quote, or a number or literal, of which the rest is still to come.
  private final byte[] token = new byte[MAX_NAME + 2];
  private int tokenLength;
  private int tokenState;

  JsonWalk(JsonValues values, int maxDepth, Names names, JsonShape shape) {
    this.names = names;
    this.shape = shape;
    this.values = values;
    this.objects = new long[(maxDepth >> 6) + 1];
  }

  /** Begins a document. */
  void start() {
    state = ROOT;
    depth = 0;
    inObject = false;
    unusual = false;
    stringEnd.reset();
    tokenLength = 0;
  }

  /** A whole document was read by somebody else. */
  void passDocument() {
    state = DONE;
  }

  /** Whether anything but white space was read. */
  boolean begun() {
    return state != ROOT;
  }

  /**
   * Reads on.
   *
   * @return {@code to}, or, when {@link #unusual()} is set or the values failed, where it stopped
   */
  int walk(byte[] bytes, int from, int to) {
    int at = from;
    if (state >= IN_NAME) {
      at = goOn(bytes, at, to);
    }
    while (at < to && !unusual) {
      byte b = bytes[at];
      if (b <= ' ' && isBlank(b)) {
        at++;
        continue;
      }
      // Mostly a comma, a name, a colon and a value follow each other without a blank.
      if (state == NEXT) {
        if (b != ',') {
          at = end(bytes, at, inObject ? '}' : ']');
          continue;
        }
        state = inObject ? NAME : VALUE;
        if (++at == to || (b = bytes[at]) <= ' ') {
          continue;
        }
      }
      if (state == NAME || state == FIRST_NAME) {
        if (b != '"') {
          at = state == FIRST_NAME ? end(bytes, at, '}') : doubt(at);
          continue;
        }
        at = name(bytes, at, to);
        if (state != COLON || at == to || (b = bytes[at]) <= ' ') {
          continue;
        }
      }
      if (state == COLON) {
        if (b != ':') {
          at = doubt(at);
          continue;
        }
        state = VALUE;
        if (++at == to || (b = bytes[at]) <= ' ') {
          continue;
        }
      }
      at = value(bytes, at, to);
      if (values.failure() != null) {
        break;
      }
    }
    return at;
  }

  /** A value, or what else stands at {@code at} where one may begin. */
  private int value(byte[] bytes, int at, int to) {
    byte b = bytes[at];
    if (state == DONE) {
      return doubt(at); // text behind the document
    }
    if (b == '{' || b == '[') {
      open(b == '{', at);
      return at + 1;
    }
    if (state == ROOT) {
      return doubt(at);
    }
    if (b == '"') {
      return string(bytes, at + 1, to);
    }
    if (b == ']' && state == FIRST_ELEMENT) {
      return end(bytes, at, ']');
    }
    return scalar(bytes, at, to);
  }

  private int end(byte[] bytes, int at, char bracket) {
    if (bytes[at] != bracket) {
      return doubt(at);
    }
    close(bytes, at);
    return at + 1;
  }

  private int doubt(int at) {
    unusual = true;
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private void open(boolean object, int at) {
    values.open(!object, at);
    if (values.failure() != null) {
      return;
    }
    depth++;
    long bit = 1L << depth;
    if (object) {
      objects[depth >> 6] |= bit;
    } else {
      objects[depth >> 6] &= ~bit;
    }
    inObject = object;
    state = object ? FIRST_NAME : FIRST_ELEMENT;
  }

  private void close(byte[] bytes, int at) {
    depth--;
    state = depth == 0 ? DONE : NEXT;
    inObject = isObject(depth);
    values.close(bytes, at);
    if (depth == 0) {
      shape.end(at + 1);
    }
  }

  private boolean isObject(int level) {
    return (objects[level >> 6] >>> level & 1) != 0;
  }

  // ---- Strings ----

  private int string(byte[] bytes, int from, int to) {
    int at = stringEnd.find(bytes, from, to);
    if (at == to) {
      values.keepOpenString(bytes, from, to);
      state = IN_STRING;
      return at;
    }
    state = NEXT;
    JsonSink taker = values.string(bytes, from, at);
    if (shape.recording() && !values.captures()) {
      shape.string(taker, from, at);
    }
    return at + 1;
  }

  // ---- Names ----

  /** A name whose opening quote stands at {@code from}. */
  private int name(byte[] bytes, int from, int to) {
    int at = from + 1;
    long hash = 0;
    while (at + 8 <= to) {
      long word = (long) LONGS.get(bytes, at);
      long hit = endOrDoubt(word);
      if (hit != 0) {
        int before = Long.numberOfTrailingZeros(hit) >>> 3;
        hash = hash * 31 + (before == 0 ? 0 : word << (64 - 8 * before));
        return named(bytes, from, at + before, hash);
      }
      hash = hash * 31 + word;
      at += 8;
    }
    return nameTail(bytes, from, at, to, hash);
  }

  /** The last few bytes before the end of the piece, one at a time, to the same hash. */
  private int nameTail(byte[] bytes, int from, int start, int to, long hashBefore) {
    long word = 0;
    int count = 0;
    for (int at = start; at < to; at++) {
      byte b = bytes[at];
      if (b == '"' || b == '\\' || b < ' ') {
        return named(
            bytes, from, at, hashBefore * 31 + (count == 0 ? 0 : word << (64 - 8 * count)));
      }
      word |= (long) b << (8 * count++);
    }
    keepToken(bytes, from, to, IN_NAME);
    return unusual ? from : to;
  }

  /** The bytes that end a name or make it unusual: quote, backslash, control, beyond ASCII. */
  private static long endOrDoubt(long word) {
    long quote = word ^ QUOTES;
    long slash = word ^ BACKSLASHES;
    return (((quote - ONES) & ~quote)
            | ((slash - ONES) & ~slash)
            | ((word - SPACES) & ~word)
            | word)
        & HIGHS;
  }

  private int named(byte[] bytes, int from, int end, long hash) {
    if (bytes[end] != '"' || end - from > MAX_NAME) {
      unusual = true;
      return from;
    }
    if (!values.skips()) {
      values.name(names.get(bytes, from + 1, end, hash));
    }
    state = COLON;
    return end + 1;
  }

  // ---- Numbers and literals ----

  private int scalar(byte[] bytes, int from, int to) {
    boolean negative = bytes[from] == '-';
    int first = negative ? from + 1 : from;
    int at = first;
    long number = 0;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      number = 10 * number + bytes[at++] - '0';
    }
    int digits = at - first;
    if (at < to
        && digits > 0
        && digits <= MAX_DIGITS
        && (digits == 1 || bytes[first] != '0')
        && endsScalar(bytes[at])) {
      state = NEXT;
      JsonSink taker = values.number(negative ? -number : number);
      if (shape.recording() && !values.captures()) {
        shape.number(taker, from, at);
      }
      return at;
    }
    while (at < to && !endsScalar(bytes[at])) {
      at++;
    }
    if (at == to) {
      keepToken(bytes, from, to, IN_SCALAR);
      return unusual ? from : to;
    }
    return other(bytes, from, at) ? at : from;
  }

  /** What is no plain whole number. False, and unusual, if it is nothing that is known here. */
  private boolean other(byte[] bytes, int from, int to) {
    switch (bytes[from]) {
      case 't', 'f' -> {
        boolean yes = is(bytes, from, to, "true");
        if (yes || is(bytes, from, to, "false")) {
          state = NEXT;
          values.bool(yes);
          return true;
        }
      }
      case 'n' -> {
        if (is(bytes, from, to, "null")) {
          state = NEXT;
          values.nothing();
          return true;
        }
      }
      default -> {
        if (to - from <= MAX_SCALAR && isFraction(bytes, from, to)) {
          state = NEXT;
          if (!values.skips()) {
            values.fraction(Double.parseDouble(ascii(bytes, from, to)));
          }
          return true;
        }
      }
    }
    unusual = true;
    return false;
  }

  private static boolean is(byte[] bytes, int from, int to, String literal) {
    if (to - from != literal.length()) {
      return false;
    }
    for (int i = 0; i < literal.length(); i++) {
      if (bytes[from + i] != literal.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("deprecation") // the constructor that takes low bytes as they are
  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, 0, from, to - from);
  }

  /** Whether a number with a fraction or an exponent stands in [from, to) (RFC 8259, section 6). */
  private static boolean isFraction(byte[] bytes, int from, int to) {
    int at = bytes[from] == '-' ? from + 1 : from;
    int whole = digits(bytes, at, to);
    if (whole == at || (bytes[at] == '0' && whole > at + 1) || whole == to) {
      return false;
    }
    at = whole;
    if (bytes[at] == '.') {
      int end = digits(bytes, at + 1, to);
      if (end == at + 1) {
        return false;
      }
      at = end;
    }
    if (at < to && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      int end = digits(bytes, at, to);
      if (end == at) {
        return false;
      }
      at = end;
    }
    return at == to;
  }

  private static int digits(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  private static boolean endsScalar(byte b) {
    return b == ',' || b == '}' || b == ']' || isBlank(b);
  }

  // ---- Tokens that the end of a piece cut ----

  private void keepToken(byte[] bytes, int from, int to, int kind) {
    if (to - from > (kind == IN_NAME ? MAX_NAME : MAX_SCALAR)) {
      unusual = true;
      return;
    }
    System.arraycopy(bytes, from, token, 0, to - from);
    tokenLength = to - from;
    tokenState = state;
    state = kind;
  }

  private int goOn(byte[] bytes, int from, int to) {
    if (state == IN_STRING) {
      return string(bytes, from, to);
    }
    int limit = state == IN_NAME ? MAX_NAME : MAX_SCALAR;
    int at = from;
    while (at < to && tokenLength <= limit) {
      byte b = bytes[at];
      if (state == IN_SCALAR && endsScalar(b)) {
        return endToken(at);
      }
      token[tokenLength++] = b;
      at++;
      if (state == IN_NAME && (b == '"' || b == '\\' || b < ' ')) {
        return endToken(at);
      }
    }
    if (tokenLength > limit) {
      state = tokenState;
      unusual = true;
    }
    return at;
  }

  /** The token is whole, or it is known that it is unusual; {@code at} is behind its bytes. */
  private int endToken(int at) {
    int length = tokenLength;
    state = tokenState;
    if (token[0] == '"') {
      name(token, 0, length);
    } else {
      token[length] = ' ';
      scalar(token, 0, length + 1);
    }
    if (!unusual) {
      tokenLength = 0;
    }
    return at;
  }

  // ---- Handing over ----

  /** The document is over: whether a number or literal in it was cut is for Jackson to say. */
  void finish() {
    if (state == IN_SCALAR) {
      state = tokenState;
      unusual = true;
    }
  }

  /** Whether the walk has stopped before something that it does not know. */
  boolean unusual() {
    return unusual;
  }

  /** The bytes of a cut token that were taken and not understood. */
  byte[] held() {
    return Arrays.copyOf(token, tokenLength);
  }

  /** A beginning of a document that leads its reader to where the walk stopped. */
  byte[] prefix() {
    if (state == ROOT) {
      return new byte[0];
    }
    if (state == DONE) {
      return new byte[] {'{', '}', ' '};
    }
    StringBuilder text = new StringBuilder(8 * depth + 8);
    for (int level = 1; level < depth; level++) {
      text.append(isObject(level) ? "{\"\":" : "[");
    }
    text.append(inObject ? '{' : '[');
    switch (state) {
      case NAME -> text.append("\"\":\"\",");
      case COLON -> text.append("\"\"");
      case VALUE -> text.append(inObject ? "\"\":" : "\"\",");
      case NEXT -> text.append(inObject ? "\"\":\"\"" : "\"\"");
      default -> {} // nothing stands in the container yet
    }
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) text.charAt(i);
    }
    return bytes;
  }
}
