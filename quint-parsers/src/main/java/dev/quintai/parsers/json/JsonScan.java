package dev.quintai.parsers.json;

import java.util.Arrays;

/**
 * Takes the content of string values and whole numbers out of a slice of JSON and leaves {@code ""}
 * and {@code 0} in their place: what remains is the document's skeleton, short enough for Jackson
 * to read quickly.
 *
 * <p>A byte at a time, with two facts to tell a name from a value: whether the innermost container
 * is an object, and whether a name may come next. On text that is no JSON these may be wrong, but
 * then Jackson refuses the skeleton before it matters.
 */
final class JsonScan {

  /** Bytes of input that are scanned at a time. */
  static final int SLICE = 4096;

  /** Entries of {@link #values} a value has. */
  private static final int WIDTH = 3;

  /**
   * Stands in the skeleton before a bracket that closes behind a comma or colon, and behind a
   * number that something else than the next token follows. How Jackson's non-blocking parser takes
   * these depends on where its input is split.
   */
  private static final byte REFUSED = '!';

  /** Digits of a number that surely fits a long. */
  private static final int MAX_DIGITS = 18;

  private final int maxDepth;

  /** The skeleton of the slice, with room for {@link #REFUSED}. */
  final byte[] skeleton = new byte[2 * SLICE + 2];

  /** Where the skeleton ends. */
  int length;

  /** Offsets in the input of the brackets and braces of the slice, in order. */
  int[] brackets = new int[64];

  int bracketCount;

  /** What was taken out: start and end in the input, and 1 for a number. */
  private int[] values = new int[64 * WIDTH];

  int valueCount;

  /** Where in the input the string begins that is open at the slice's end. */
  int openFrom;

  private boolean[] inObject = new boolean[16];
  private int depth;
  private boolean nameNext;
  private boolean afterMark;
  private boolean closed;
  private boolean trailing;
  private Within within = Within.NOTHING;
  private boolean numberPending;
  private boolean numberSplit;

  /** The last byte of the number that the slice's end has split. */
  private byte numberEnd;

  private final StringEnd stringEnd = new StringEnd();

  private enum Within {
    NOTHING,
    NAME,
    VALUE
  }

  JsonScan(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  /** Begins a document. */
  void start() {
    depth = 0;
    nameNext = false;
    afterMark = false;
    closed = false;
    trailing = false;
    within = Within.NOTHING;
    stringEnd.reset();
    numberPending = false;
  }

  /** Whether a string value goes on behind the slice. */
  boolean inValue() {
    return within == Within.VALUE;
  }

  /** Whether the scanner stands between tokens, outside all containers. */
  boolean outside() {
    return within == Within.NOTHING && depth == 0;
  }

  /** Whether the container at the root was closed. */
  boolean closed() {
    return closed;
  }

  /** Whether anything but white space stands behind the container at the root. */
  boolean trailing() {
    return trailing;
  }

  /** Whether the slice's first number began in the slice before it and was not taken out. */
  boolean numberSplit() {
    return numberSplit;
  }

  int valueFrom(int index) {
    return values[index * WIDTH];
  }

  int valueTo(int index) {
    return values[index * WIDTH + 1];
  }

  boolean isNumber(int index) {
    return values[index * WIDTH + 2] != 0;
  }

  /** Scans at most {@link #SLICE} bytes. */
  void scan(byte[] bytes, int from, int to) {
    length = 0;
    bracketCount = 0;
    valueCount = 0;
    numberSplit = numberPending;
    numberPending = false;
    int at = from;
    if (within == Within.NAME) {
      at = name(bytes, at, to);
    } else if (within == Within.VALUE) {
      at = value(bytes, at, to);
    } else if (numberSplit) {
      at = digits(bytes, at, to, true);
    }
    while (at < to) {
      byte b = bytes[at];
      if (b == '"') {
        at = string(bytes, at + 1, to);
      } else if (b <= '9' && b >= '-' && (b >= '0' || b == '-') && !nameNext) {
        at = number(bytes, at, to);
      } else {
        if (b > ' ' || b < 0) {
          if (afterMark && (b == '}' || b == ']')) {
            skeleton[length++] = REFUSED;
          }
          afterMark = b == ',' || b == ':';
          structure(b, at);
        }
        skeleton[length++] = b;
        at++;
      }
    }
  }

  private int string(byte[] bytes, int from, int to) {
    afterMark = false;
    skeleton[length++] = '"';
    trailing |= closed;
    if (nameNext) {
      within = Within.NAME;
      return name(bytes, from, to);
    }
    within = Within.VALUE;
    return value(bytes, from, to);
  }

  private void structure(byte b, int at) {
    switch (b) {
      case '{', '[' -> {
        bracket(at);
        trailing |= closed;
        push(b == '{');
      }
      case '}', ']' -> {
        bracket(at);
        trailing |= closed;
        depth = Math.max(0, depth - 1);
        closed |= depth == 0;
        nameNext = false;
      }
      case ',' -> {
        trailing |= closed;
        nameNext = depth > 0 && inObject[Math.min(depth, inObject.length) - 1];
      }
      case ':' -> {
        trailing |= closed;
        nameNext = false;
      }
      default -> trailing |= closed;
    }
  }

  private void bracket(int at) {
    if (bracketCount == brackets.length) {
      brackets = Arrays.copyOf(brackets, 2 * bracketCount);
    }
    brackets[bracketCount++] = at;
  }

  private void push(boolean object) {
    // Beyond the limit the reader fails first; the flags there do not matter.
    if (depth == inObject.length && depth <= maxDepth) {
      inObject = Arrays.copyOf(inObject, 2 * depth);
    }
    if (depth < inObject.length) {
      inObject[depth] = object;
    }
    depth++;
    nameNext = object;
  }

  /** Copies a name up to its closing quote, or the slice; the quote is included. */
  private int name(byte[] bytes, int from, int to) {
    int at = stringEnd.find(bytes, from, to);
    if (at < to) {
      within = Within.NOTHING;
      nameNext = false;
      at++;
    }
    copy(bytes, from, at);
    return at;
  }

  /** Passes a string value, and notes it when it ends in this slice. */
  private int value(byte[] bytes, int from, int to) {
    int at = stringEnd.find(bytes, from, to);
    if (at == to) {
      openFrom = from;
      return at;
    }
    within = Within.NOTHING;
    note(from, at, false);
    skeleton[length++] = '"';
    return at + 1;
  }

  private void note(int from, int to, boolean number) {
    int entry = valueCount++ * WIDTH;
    if (entry == values.length) {
      values = Arrays.copyOf(values, 2 * entry);
    }
    values[entry] = from;
    values[entry + 1] = to;
    values[entry + 2] = number ? 1 : 0;
  }

  /**
   * Takes out a whole number that surely ends in this slice, fits a long and has no needless zero;
   * any other stays in the skeleton.
   */
  private int number(byte[] bytes, int from, int to) {
    afterMark = false;
    trailing |= closed;
    int at = plainNumber(bytes, from, to);
    if (at >= 0) {
      note(from, at, true);
      skeleton[length++] = '0';
      refuseBehindNumber(bytes[at]);
      return at;
    }
    return digits(bytes, from, to, false);
  }

  /** The end of a number that can be taken out, or -1. */
  private static int plainNumber(byte[] bytes, int from, int to) {
    int at = from < to && bytes[from] == '-' ? from + 1 : from;
    int first = at;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    int digits = at - first;
    boolean plain =
        at < to
            && digits > 0
            && digits <= MAX_DIGITS
            && (digits == 1 || bytes[first] != '0')
            && (isSign(bytes[at]) || !isNumeric(bytes[at]));
    return plain ? at : -1;
  }

  /** Copies the bytes of a number that is not taken out, or the rest of one that was split. */
  private int digits(byte[] bytes, int from, int to, boolean goesOn) {
    int at = from;
    byte before = goesOn ? numberEnd : 0;
    while (at < to && isNumeric(bytes[at]) && (!isSign(bytes[at]) || takesSign(before))) {
      before = bytes[at++];
    }
    copy(bytes, from, at);
    numberPending = at == to;
    numberEnd = before;
    if (at < to) {
      refuseBehindNumber(bytes[at]);
    }
    return at;
  }

  private void refuseBehindNumber(byte b) {
    if (!endsNumber(b)) {
      skeleton[length++] = ' ';
      skeleton[length++] = REFUSED;
    }
  }

  private static boolean endsNumber(byte b) {
    return b == ',' || b == '}' || b == ']' || b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean isSign(byte b) {
    return b == '+' || b == '-';
  }

  /** Whether a sign may follow this byte of a number; 0 stands for its beginning. */
  private static boolean takesSign(byte before) {
    return before == 0 || before == 'e' || before == 'E';
  }

  private static boolean isNumeric(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
  }

  private void copy(byte[] bytes, int from, int to) {
    System.arraycopy(bytes, from, skeleton, length, to - from);
    length += to - from;
  }
}
