package dev.quintai.signatures;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes a file or bundle of signatures apart: one object, an array of objects, or JSON Lines. What
 * is wrong with one signature does not reach the others: each part is cut out by its brackets first
 * and read strictly afterwards. Parts come in the order of the file.
 */
public final class SignatureFile {

  /** The largest file, in bytes. */
  public static final int MAX_BYTES = 64 << 20;

  /** The most signatures of a file; what follows is refused in one piece. */
  public static final int MAX_PARTS = 100_000;

  /**
   * One signature of a file.
   *
   * @param line the line on which it starts, from 1
   * @param document what was read, or null
   * @param rejection why nothing could be read, or null
   */
  public record Part(int line, SignatureDocument document, SignatureRejectedException rejection) {}

  /** What JSON takes for white space. */
  private static final String BLANK = " \t\r\n";

  private final String text;
  private final Consumer<Part> parts;
  private int line = 1;
  private int counted;
  private int delivered;

  private SignatureFile(String text, Consumer<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /** The parts of a file; none only of an empty array. */
  public static List<Part> read(byte[] bytes) {
    List<Part> parts = new ArrayList<>();
    read(bytes, parts::add);
    return parts;
  }

  /** Delivers the parts of a file one by one, so that only one of them is held in memory. */
  public static void read(byte[] bytes, Consumer<Part> parts) {
    if (bytes.length > MAX_BYTES) {
      parts.accept(
          rejected(
              1, Check.LIMITS, "the file has " + bytes.length + " bytes, at most " + MAX_BYTES));
      return;
    }
    String text = decode(bytes, 0, bytes.length);
    if (text == null) {
      readDamaged(bytes, parts);
    } else {
      new SignatureFile(text, parts).read();
    }
  }

  /** A file that is not all UTF-8: as JSON Lines the good lines are still good. */
  private static void readDamaged(byte[] bytes, Consumer<Part> parts) {
    boolean lines = bytes.length > 0 && bytes[0] == '{' && startsSecondObject(bytes);
    if (!lines) {
      parts.accept(rejected(1, Check.PARSE, "the file is not UTF-8"));
      return;
    }
    int line = 1;
    for (int start = 0; start < bytes.length; line++) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      String text = decode(bytes, start, end - start);
      if (line > MAX_PARTS) {
        parts.accept(tooMany(line));
        return;
      } else if (text == null) {
        parts.accept(rejected(line, Check.PARSE, "not UTF-8"));
      } else if (!trim(text).isEmpty()) {
        parts.accept(part(trim(text), line));
      }
      start = end + 1;
    }
  }

  /** Whether some later line starts an object. */
  private static boolean startsSecondObject(byte[] bytes) {
    for (int i = 1; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '{') {
        return true;
      }
    }
    return false;
  }

  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && BLANK.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && BLANK.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(start, end);
  }

  private static Part tooMany(int line) {
    return rejected(line, Check.LIMITS, "more than " + MAX_PARTS + " signatures in one file");
  }

  private static String decode(byte[] bytes, int start, int length) {
    if (isAscii(bytes, start, length)) {
      // Most are; this way the text is made at once, without a buffer twice its size.
      return new String(bytes, start, length, StandardCharsets.US_ASCII);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isAscii(byte[] bytes, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private void read() {
    int start = skipBlank(0);
    if (start == text.length()) {
      add(start, Check.PARSE, "the file is empty");
    } else if (text.charAt(start) == '\ufeff') {
      add(start, Check.PARSE, "the file begins with a byte order mark");
    } else if (text.charAt(start) == '[') {
      readArray(start);
    } else if (isLines(start)) {
      readLines();
    } else {
      add(start, trim(text.substring(start)));
    }
  }

  /** Whether the text is JSON Lines rather than one value, whole or damaged. */
  private boolean isLines(int start) {
    int end = endOfValue(start, text.length());
    if (end >= 0 && skipBlank(end) == text.length()) {
      return false;
    }
    int lineEnd = lineEnd(start);
    if (end >= 0 && end <= lineEnd && trim(text.substring(end, lineEnd)).isEmpty()) {
      return true;
    }
    // The first line may be the damaged one: another that starts an object at its very beginning
    // shows what was meant, since an object written over several lines indents what it holds.
    for (int at = lineEnd + 1; at < text.length(); at = lineEnd(at) + 1) {
      if (text.charAt(at) == '{') {
        return true;
      }
    }
    return false;
  }

  private void readLines() {
    for (int at = 0; at < text.length(); ) {
      int end = lineEnd(at);
      String content = trim(text.substring(at, end));
      if (!content.isEmpty() && !add(at, content)) {
        return;
      }
      at = end + 1;
    }
  }

  private void readArray(int start) {
    int at = skipBlank(start + 1);
    if (at < text.length() && text.charAt(at) == ']') {
      endArray(at);
      return;
    }
    while (true) {
      int end = endOfElement(at);
      if (end == text.length()) {
        endTornArray(at);
        return;
      }
      if (!add(at, trim(text.substring(at, end)))) {
        return;
      }
      if (text.charAt(end) == ']') {
        endArray(end);
        return;
      }
      at = skipBlank(end + 1);
    }
  }

  /** The file ends before its array does; what came whole before still counts. */
  private void endTornArray(int at) {
    int whole = at < text.length() ? endOfValue(at, text.length()) : -1;
    if (whole >= 0 && skipBlank(whole) == text.length()) {
      add(at, trim(text.substring(at)));
    }
    add(at, Check.PARSE, "the file ends before its array does");
  }

  private void endArray(int bracket) {
    int rest = skipBlank(bracket + 1);
    if (rest < text.length()) {
      add(rest, Check.PARSE, "text after the array");
    }
  }

  /** The place of the comma or bracket after an array's element, or the end of the text. */
  private int endOfElement(int start) {
    int depth = 0;
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (depth == 0 && (c == ',' || c == ']')) {
        return i;
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return text.length();
  }

  /** The place after an object's last bracket, or -1 when it does not end before {@code limit}. */
  private int endOfValue(int start, int limit) {
    if (text.charAt(start) != '{') {
      return -1;
    }
    int depth = 0;
    boolean quoted = false;
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }

  private int skipBlank(int at) {
    int i = at;
    while (i < text.length() && BLANK.indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  private int lineEnd(int at) {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private int lineOf(int at) {
    for (; counted < at; counted++) {
      if (text.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }

  /** Delivers a part, or the refusal of all that follow; whether there may be more. */
  private boolean add(int at, String content) {
    if (delivered == MAX_PARTS) {
      parts.accept(tooMany(lineOf(at)));
      return false;
    }
    delivered++;
    parts.accept(part(content, lineOf(at)));
    return true;
  }

  private void add(int at, Check check, String reason) {
    parts.accept(rejected(lineOf(at), check, reason));
  }

  private static Part part(String content, int line) {
    try {
      return new Part(line, SignatureDocument.parse(content), null);
    } catch (SignatureRejectedException e) {
      return rejected(line, e.check(), e.getMessage());
    }
  }

  private static Part rejected(int line, Check check, String reason) {
    return new Part(line, null, new SignatureRejectedException(check, reason));
  }
}
