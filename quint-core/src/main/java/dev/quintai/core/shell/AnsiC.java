package dev.quintai.core.shell;

/** The escapes of {@code $'...'} (bash manual, 3.1.2.4). */
final class AnsiC {
  private AnsiC() {}

  /** Reads up to and over the closing quote; the opening one has been read. */
  static String read(Cursor in) {
    StringBuilder out = new StringBuilder();
    while (!in.atEnd()) {
      char c = in.peek();
      in.pos++;
      if (c == '\'') {
        return out.toString();
      }
      if (c != '\\' || in.atEnd()) {
        out.append(c);
        continue;
      }
      char e = in.peek();
      in.pos++;
      switch (e) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'v' -> out.append('\u000b');
        case 'e', 'E' -> out.append('\u001b');
        case '\\', '\'', '"', '?' -> out.append(e);
        case 'x' -> number(in, out, 16, 2, "\\x");
        case 'u' -> number(in, out, 16, 4, "\\u");
        case 'U' -> number(in, out, 16, 8, "\\U");
        case 'c' -> {
          if (!in.atEnd()) {
            out.append((char) (in.peek() & 0x1f));
            in.pos++;
          }
        }
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          in.pos--;
          number(in, out, 8, 3, "");
        }
        default -> out.append('\\').append(e);
      }
    }
    in.error("single quote is not closed");
    return out.toString();
  }

  private static void number(Cursor in, StringBuilder out, int base, int digits, String prefix) {
    int value = 0;
    int read = 0;
    while (read < digits && !in.atEnd() && Character.digit(in.peek(), base) >= 0) {
      value = value * base + Character.digit(in.peek(), base);
      in.pos++;
      read++;
    }
    if (read == 0) {
      out.append(prefix);
    } else if (Character.isValidCodePoint(value)) {
      out.appendCodePoint(value);
    }
  }
}
