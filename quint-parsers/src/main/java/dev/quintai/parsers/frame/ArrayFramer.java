package dev.quintai.parsers.frame;

/**
 * The elements of one JSON array, as Gemini streams them without {@code alt=sse}. A frame reaches
 * from behind the last element to the end of its own, so it holds the comma before it.
 */
public final class ArrayFramer extends TextFramer {

  private boolean opened;
  private boolean closed;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean element;

  private boolean begun;
  private boolean bracketPassed;

  /** A framer that hands the elements to {@code sink}. */
  public ArrayFramer(FrameSink sink, int maxFrame) {
    super(sink, maxFrame);
  }

  @Override
  int boundary(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (inString) {
        if (escaped) {
          escaped = false;
        } else if (b == '\\') {
          escaped = true;
        } else if (b == '"') {
          inString = false;
        }
        continue;
      }
      switch (b) {
        case '"' -> {
          inString = true;
          element = true;
        }
        case '{', '[' -> {
          if (!opened) {
            opened = true;
          } else {
            depth++;
            element = true;
          }
        }
        case '}', ']' -> {
          if (depth > 0) {
            depth--;
            if (depth == 0) {
              element = false;
              return at + 1;
            }
          } else if (element) {
            element = false;
            closed = true;
            return at;
          } else {
            closed = true;
          }
        }
        case ',' -> {
          if (depth == 0 && element) {
            element = false;
            return at;
          }
        }
        case ' ', '\t', '\r', '\n' -> {}
        default -> element = true;
      }
    }
    return -1;
  }

  @Override
  boolean endsAtEndOfBody() {
    return !closed;
  }

  @Override
  void piece(byte[] bytes, int from, int to, long start, long end, boolean last) {
    int at = from;
    while (!begun && at < to && isBetween(bytes[at])) {
      at++;
    }
    if (at < to) {
      if (!begun) {
        begun = true;
        sink.begin(start, end);
      }
      sink.data(bytes, at, to);
    }
    if (last && begun) {
      begun = false;
      sink.end();
    }
  }

  /** White space, commas, and the bracket that opens the array. */
  private boolean isBetween(byte b) {
    if (b == '[' && !bracketPassed) {
      bracketPassed = true;
      return true;
    }
    return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == ',';
  }
}
