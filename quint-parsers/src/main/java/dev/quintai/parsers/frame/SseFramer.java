package dev.quintai.parsers.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Server-sent events, as the WHATWG HTML standard describes them (section 9.2, "Server-sent
 * events"): lines end with LF, CR or CRLF, a blank line ends an event, {@code data} lines are
 * joined by a line feed, comments and unknown fields are ignored.
 *
 * <p>One difference: an event that the end of the body cuts before its blank line is handed on,
 * since agents' libraries do so too; whether its data is whole, the JSON in it says.
 */
public final class SseFramer extends TextFramer {

  private static final int MAX_NAME = 64;
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] LINE_FEED = {'\n'};
  private static final long EVENT_MASK = 0x0000_FFFF_FFFF_FFFFL;
  private static final long EVENT = 0x3A74_6E65_7665L; // "event:"
  private static final long DATA_MASK = 0x0000_00FF_FFFF_FFFFL;
  private static final long DATA_COLON = 0x3A_6174_6164L; // "data:"
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LINE_FEEDS = ONES * '\n';
  private static final long RETURNS = ONES * '\r';

  // Looking for the boundary.
  private boolean lineEmpty = true;
  private boolean sawCr;
  private boolean crEndsFrame;

  // The line that was met last, in the array where it was met.
  private byte[] lineBytes;
  private int lineFrom;
  private int lineTo;

  // Reading the lines of a frame.
  private final byte[] field = new byte[6];
  private int fieldLength;
  private Part part = Part.FIELD;
  private final byte[] name = new byte[MAX_NAME];
  private int nameLength;
  private byte[] lastNameBytes = {};
  private String lastName = "";
  private boolean begun;
  private boolean dataLine;
  private boolean skipLf;

  private enum Part {
    FIELD,
    SPACE,
    DATA,
    NAME,
    IGNORED
  }

  /** A framer that hands its events to {@code sink}. */
  public SseFramer(FrameSink sink, int maxFrame) {
    super(sink, maxFrame);
  }

  @Override
  int boundary(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = bytes[at];
      if (sawCr) {
        sawCr = false;
        boolean ends = crEndsFrame;
        crEndsFrame = false;
        if (b == '\n') {
          at++;
          if (ends) {
            return at;
          }
          continue;
        }
        if (ends) {
          return at;
        }
      }
      if (b == '\n' || b == '\r') {
        boolean ends = lineEmpty;
        lineEmpty = true;
        at++;
        if (b == '\r') {
          // Whether an LF belongs to it is known with the next byte only.
          sawCr = true;
          crEndsFrame = ends;
        } else if (ends) {
          return at;
        }
        continue;
      }
      lineEmpty = false;
      lineBytes = bytes;
      lineFrom = at;
      at = lineEnd(bytes, at, to);
      lineTo = at;
    }
    lineBytes = null;
    return -1;
  }

  /** The offset of the first CR or LF in [from, to), or {@code to}. */
  private static int lineEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at + 8 <= to) {
      long word = (long) LONGS.get(bytes, at);
      long lf = word ^ LINE_FEEDS;
      long cr = word ^ RETURNS;
      long hit = (((lf - ONES) & ~lf) | ((cr - ONES) & ~cr)) & HIGHS;
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      at += 8;
    }
    while (at < to && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  /** An optional line with the name, one line of data and a blank line, all ended by LF. */
  @Override
  int simple(byte[] bytes, int from, int to, long start, long shift) {
    int at = from;
    int nameFrom = 0;
    int nameTo = 0;
    if (at + 8 <= to && ((long) LONGS.get(bytes, at) & EVENT_MASK) == EVENT) {
      nameFrom = at + (bytes[at + 6] == ' ' ? 7 : 6);
      nameTo = lineEnd(bytes, nameFrom, to);
      if (nameTo == to || bytes[nameTo] != '\n' || nameTo - nameFrom > MAX_NAME) {
        return -1;
      }
      at = nameTo + 1;
    }
    if (at + 8 > to || ((long) LONGS.get(bytes, at) & DATA_MASK) != DATA_COLON) {
      return -1;
    }
    int dataFrom = at + (bytes[at + 5] == ' ' ? 6 : 5);
    int dataTo = lineEnd(bytes, dataFrom, to);
    boolean whole = dataTo + 1 < to && bytes[dataTo] == '\n' && bytes[dataTo + 1] == '\n';
    if (!whole || dataTo == dataFrom) {
      return -1;
    }
    int end = dataTo + 2;
    sink.begin(start, shift + end);
    if (nameTo > nameFrom) {
      sink.name(eventName(bytes, nameFrom, nameTo), false);
    }
    sink.data(bytes, dataFrom, dataTo);
    sink.end();
    return end;
  }

  @Override
  void piece(byte[] bytes, int from, int to, long start, long end, boolean last) {
    int at = from;
    if (start == 0
        && !begun
        && fieldLength == 0
        && part == Part.FIELD
        && startsWithBom(bytes, from, to)) {
      at += 3;
    }
    while (at < to) {
      byte b = bytes[at];
      if (skipLf) {
        skipLf = false;
        if (b == '\n') {
          at++;
          continue;
        }
      }
      if (b == '\n' || b == '\r') {
        endLine(start, end);
        skipLf = b == '\r';
        at++;
        continue;
      }
      switch (part) {
        case FIELD -> {
          if (fieldLength == 0 && b == 'd' && isDataColon(bytes, at, to)) {
            at += 5;
            fieldLength = 4;
            System.arraycopy(DATA, 0, field, 0, 4);
            startValue(start, end);
            continue;
          }
          at++;
          if (b == ':') {
            startValue(start, end);
          } else if (fieldLength < field.length) {
            field[fieldLength++] = b;
          }
        }
        case SPACE -> {
          part = isData() ? Part.DATA : Part.NAME;
          at += b == ' ' ? 1 : 0;
        }
        default -> {
          // Mostly the line that was last seen when the boundary was looked for.
          boolean known = bytes == lineBytes && at >= lineFrom && at <= lineTo && lineTo < to;
          int stop = known ? lineTo : lineEnd(bytes, at, to);
          if (part == Part.DATA) {
            sink.data(bytes, at, stop);
          } else if (part == Part.NAME) {
            int kept = Math.min(stop - at, MAX_NAME - nameLength);
            System.arraycopy(bytes, at, name, nameLength, kept);
            nameLength += kept;
          }
          at = stop;
        }
      }
    }
    if (last) {
      endLine(start, end);
      if (begun) {
        sink.end();
      }
      begun = false;
      dataLine = false;
      nameLength = 0;
      skipLf = false;
      lineBytes = null;
    }
  }

  private static boolean startsWithBom(byte[] bytes, int from, int to) {
    return to - from >= 3
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }

  private static boolean isDataColon(byte[] bytes, int at, int to) {
    return at + 5 <= to
        && bytes[at + 1] == 'a'
        && bytes[at + 2] == 't'
        && bytes[at + 3] == 'a'
        && bytes[at + 4] == ':';
  }

  private boolean isData() {
    return fieldLength == 4
        && field[0] == 'd'
        && field[1] == 'a'
        && field[2] == 't'
        && field[3] == 'a';
  }

  private boolean isEvent() {
    return fieldLength == 5
        && field[0] == 'e'
        && field[1] == 'v'
        && field[2] == 'e'
        && field[3] == 'n'
        && field[4] == 't';
  }

  private void startValue(long start, long end) {
    if (isData()) {
      if (!begun) {
        begun = true;
        sink.begin(start, end);
        if (nameLength > 0) {
          sink.name(eventName(name, 0, nameLength), false);
        }
      }
      if (dataLine) {
        sink.data(LINE_FEED, 0, 1);
      }
      dataLine = true;
      part = Part.SPACE;
    } else if (isEvent()) {
      nameLength = 0;
      part = Part.SPACE;
    } else {
      part = Part.IGNORED;
    }
  }

  /** The event's name; the same string while it stays the same. */
  private String eventName(byte[] bytes, int from, int to) {
    if (!Arrays.equals(lastNameBytes, 0, lastNameBytes.length, bytes, from, to)) {
      lastNameBytes = Arrays.copyOfRange(bytes, from, to);
      lastName = new String(lastNameBytes, StandardCharsets.UTF_8);
    }
    return lastName;
  }

  private void endLine(long start, long end) {
    if (part == Part.FIELD && fieldLength > 0) {
      startValue(start, end); // a line without a colon is a field with an empty value
    }
    part = Part.FIELD;
    fieldLength = 0;
  }
}
