package dev.quintai.core.shell;

import java.util.Objects;

/**
 * Reads command lines of POSIX shells and bash into a syntax tree. Nothing is run or looked up.
 *
 * <p>A recursive-descent parser that reads each character a bounded number of times: arithmetic
 * looks ahead for its end (once a level of nesting) and the bodies of backquotes, here-documents
 * and arithmetic are read again as texts of their own (also once a level). Malformed input gives
 * what could be read and {@link ParsedLine#errors()}; no input makes it throw. Reserved words,
 * quoting and here-documents follow POSIX.1-2017 XCU 2; arrays, process substitution, brace
 * expansion, here-strings and {@code [[} the bash 5.2 manual. Aliases are not expanded.
 */
public final class ShellParser {
  private ShellParser() {}

  /** Reads the line within {@link ShellLimits#DEFAULT}. */
  public static ParsedLine parse(String line) {
    return parse(line, ShellLimits.DEFAULT);
  }

  /** Reads the line within the limits. */
  public static ParsedLine parse(String line, ShellLimits limits) {
    Objects.requireNonNull(line, "line");
    Cursor in = Cursor.of(line, limits);
    Script script = new CommandParser(in).script();
    return new ParsedLine(script, in.errors(), in.truncated());
  }
}
