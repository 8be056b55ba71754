package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.List;

/** Reads words: quotes, escapes, expansions, patterns. */
final class WordParser {
  /** Bracket expressions and extended patterns longer than this are taken for plain text. */
  private static final int MAX_PATTERN = 256;

  /** How far ahead the end of an arithmetic expression is looked for. */
  private static final int MAX_ARITHMETIC = 4096;

  private static final String EXTGLOB = "?*+@!";

  /** Where the text of a word ends. */
  private enum Stop {
    /** At a blank or an operator. */
    WORD,
    /** At a double quote. */
    QUOTE,
    /** At a closing brace of a parameter expansion outside quotes. */
    BRACE,
    /** At a closing brace of a parameter expansion inside double quotes. */
    QUOTED_BRACE,
    /** At the end of the text, as in a here-document. */
    END
  }

  private final Cursor in;

  WordParser(Cursor in) {
    this.in = in;
  }

  static boolean endsWord(char c) {
    return switch (c) {
      case ' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')' -> true;
      default -> false;
    };
  }

  static boolean nameStart(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean nameChar(char c) {
    return nameStart(c) || (c >= '0' && c <= '9');
  }

  /** The word that starts here, or null when none does. */
  Word word() {
    if (!atWord()) {
      return null;
    }
    in.node();
    return new Word(List.copyOf(parts(Stop.WORD, false)));
  }

  /** The value of an assignment, empty when nothing follows. */
  Word value() {
    in.node();
    return new Word(List.copyOf(parts(Stop.WORD, true)));
  }

  private boolean atWord() {
    if (in.atEnd()) {
      return false;
    }
    return !endsWord(in.peek()) || atProcessSubstitution();
  }

  private boolean atProcessSubstitution() {
    return (in.peek() == '<' || in.peek() == '>') && in.peek(1) == '(';
  }

  /** The whole text as in double quotes, for a here-document or an arithmetic expression. */
  Word text() {
    in.node();
    return new Word(List.copyOf(parts(Stop.END, false)));
  }

  private List<WordPart> parts(Stop stop, boolean value) {
    Parts out = new Parts();
    boolean quoted = stop != Stop.WORD && stop != Stop.BRACE;
    boolean start = true;
    while (!in.atEnd()) {
      char c = in.peek();
      if (stops(stop, c)) {
        break;
      }
      int before = in.pos;
      if (c == '\\') {
        escape(stop, out);
      } else if (c == '$') {
        dollar(quoted, out);
      } else if (c == '`') {
        backquote(quoted, out);
      } else if (c == '"' && stop != Stop.END) {
        doubleQuotes(out);
      } else if (quoted) {
        out.literal(c, true);
        in.pos++;
      } else {
        unquoted(c, start, stop, out);
      }
      start = value && c == ':';
      if (in.pos == before) {
        in.pos++; // cannot happen; a loop that stands still would be worse
      }
    }
    return out.finish(stop == Stop.WORD, in);
  }

  private boolean stops(Stop stop, char c) {
    return switch (stop) {
      case WORD -> endsWord(c) && !atProcessSubstitution();
      case QUOTE -> c == '"';
      case BRACE, QUOTED_BRACE -> c == '}';
      case END -> false;
    };
  }

  private void escape(Stop stop, Parts out) {
    char next = in.peek(1);
    if (in.pos + 1 >= in.end()) {
      out.literal('\\', true);
      in.pos++;
      return;
    }
    in.pos += 2;
    if (next == '\n') {
      return;
    }
    boolean special = next == '$' || next == '`' || next == '\\';
    boolean escapes =
        switch (stop) {
          case WORD, BRACE -> true;
          case QUOTE -> special || next == '"';
          case QUOTED_BRACE -> special || next == '"' || next == '}';
          case END -> special;
        };
    if (!escapes) {
      out.literal('\\', true);
    }
    out.literal(next, true);
  }

  private void unquoted(char c, boolean start, Stop stop, Parts out) {
    if (c == '\'') {
      singleQuotes(out);
    } else if ((c == '<' || c == '>') && stop == Stop.WORD) {
      in.pos += 2;
      out.add(new WordPart.ProcessSubstitution(substitution(), c == '>'));
    } else if (EXTGLOB.indexOf(c) >= 0 && in.peek(1) == '(' && extendedPattern(out)) {
      return;
    } else if (c == '*' || c == '?') {
      in.pos++;
      out.add(new WordPart.Glob(String.valueOf(c)));
    } else if (c == '[' && bracket(out)) {
      return;
    } else if (c == '~' && start) {
      tilde(out);
    } else if (stop == Stop.WORD && (c == '{' || c == ',' || c == '}')) {
      in.pos++;
      out.brace(c);
    } else {
      out.literal(c, false);
      in.pos++;
    }
  }

  private void singleQuotes(Parts out) {
    in.pos++;
    int close = in.text.indexOf('\'', in.pos);
    if (close < 0 || close >= in.end()) {
      in.error("single quote is not closed");
      close = in.end();
    }
    out.literal(in.text.substring(in.pos, close), true);
    in.pos = Math.min(close + 1, in.end());
  }

  private void doubleQuotes(Parts out) {
    in.pos++;
    if (!in.enter()) {
      return;
    }
    out.literal("", true);
    out.addAll(parts(Stop.QUOTE, false));
    if (!in.take("\"")) {
      in.error("double quote is not closed");
    }
    in.leave();
  }

  /** A bracket expression; false when it is none. */
  private boolean bracket(Parts out) {
    int limit = Math.min(in.end(), in.pos + MAX_PATTERN);
    int at = in.pos + 1;
    if (at < limit && (in.text.charAt(at) == '!' || in.text.charAt(at) == '^')) {
      at++;
    }
    if (at < limit && in.text.charAt(at) == ']') {
      at++;
    }
    for (; at < limit; at++) {
      char c = in.text.charAt(at);
      if (c == ']') {
        out.add(new WordPart.Glob(in.text.substring(in.pos, at + 1)));
        in.pos = at + 1;
        return true;
      }
      if (endsWord(c) || c == '$' || c == '`' || c == '"' || c == '\'' || c == '\\') {
        return false;
      }
    }
    return false;
  }

  /** {@code @(a|b)} and its kin; false when it is not closed nearby. */
  private boolean extendedPattern(Parts out) {
    int limit = Math.min(in.end(), in.pos + MAX_PATTERN);
    int open = 0;
    for (int at = in.pos + 1; at < limit; at++) {
      char c = in.text.charAt(at);
      if (c == '(') {
        open++;
      } else if (c == ')' && --open == 0) {
        out.add(new WordPart.Glob(in.text.substring(in.pos, at + 1)));
        in.pos = at + 1;
        return true;
      } else if (c == '$' || c == '`' || c == '"' || c == '\'' || c == '\n' || c == ';') {
        return false;
      }
    }
    return false;
  }

  private void tilde(Parts out) {
    int at = in.pos + 1;
    while (at < in.end()) {
      char c = in.text.charAt(at);
      if (!nameChar(c) && c != '-' && c != '+' && c != '.') {
        break;
      }
      at++;
    }
    char next = at < in.end() ? in.text.charAt(at) : '\0';
    if (next == '/' || next == ':' || next == '\0' || endsWord(next)) {
      out.add(new WordPart.Tilde(in.text.substring(in.pos + 1, at)));
    } else {
      out.literal(in.text.substring(in.pos, at), false);
    }
    in.pos = at;
  }

  private void backquote(boolean quoted, Parts out) {
    in.pos++;
    StringBuilder body = new StringBuilder();
    boolean closed = false;
    while (!in.atEnd() && !closed) {
      char c = in.peek();
      if (c == '`') {
        closed = true;
      } else if (c == '\\' && in.pos + 1 < in.end()) {
        char next = in.peek(1);
        if (next != '`' && next != '\\' && next != '$' && !(quoted && next == '"')) {
          body.append(c);
        }
        body.append(next);
        in.pos++;
      } else {
        body.append(c);
      }
      in.pos++;
    }
    if (!closed) {
      in.error("backquote is not closed");
    }
    if (in.enter()) {
      Script script = new CommandParser(in.inner(body.toString())).script();
      out.add(new WordPart.CommandSubstitution(script, quoted));
      in.leave();
    }
  }

  /** The list up to a closing parenthesis; the opening one has been read. */
  Script substitution() {
    if (!in.enter()) {
      return Script.EMPTY;
    }
    Script script = new CommandParser(in).list(CommandParser.Until.PARENTHESIS);
    if (!in.take(")")) {
      in.error("parenthesis is not closed");
    }
    in.leave();
    return script;
  }

  private void dollar(boolean quoted, Parts out) {
    char next = in.peek(1);
    if (next == '(') {
      if (in.peek(2) == '(') {
        Word expression = arithmetic(3);
        if (expression != null) {
          out.add(new WordPart.Arithmetic(expression, quoted));
          return;
        }
      }
      in.pos += 2;
      out.add(new WordPart.CommandSubstitution(substitution(), quoted));
    } else if (next == '{') {
      in.pos += 2;
      parameterInBraces(quoted, out);
    } else if (next == '\'' && !quoted) {
      in.pos += 2;
      out.literal(AnsiC.read(in), true);
    } else if (next == '"' && !quoted) {
      in.pos++;
      doubleQuotes(out);
    } else if (nameStart(next)) {
      int from = ++in.pos;
      while (!in.atEnd() && nameChar(in.peek())) {
        in.pos++;
      }
      out.add(new WordPart.Parameter(in.text.substring(from, in.pos), "", null, quoted));
    } else if ("0123456789@*#?$!-".indexOf(next) >= 0 && next != '\0') {
      in.pos += 2;
      out.add(new WordPart.Parameter(String.valueOf(next), "", null, quoted));
    } else {
      in.pos++;
      out.literal('$', quoted);
    }
  }

  /**
   * The expression between two pairs of parentheses, the first of which ends {@code skip}
   * characters ahead; null when they do not close as a pair, so that it is a subshell in a
   * subshell.
   */
  Word arithmetic(int skip) {
    int open = 0;
    int from = in.pos + skip;
    int limit = Math.min(in.end(), from + MAX_ARITHMETIC);
    for (int at = from; at < limit; at++) {
      char c = in.text.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '(') {
        open++;
      } else if (c == ')') {
        if (open > 0) {
          open--;
        } else if (at + 1 < in.end() && in.text.charAt(at + 1) == ')') {
          if (!in.enter()) {
            return null;
          }
          Word body = new WordParser(in.inner(in.text.substring(from, at))).text();
          in.leave();
          in.pos = at + 2;
          return body;
        } else {
          return null;
        }
      }
    }
    return null;
  }

  private void parameterInBraces(boolean quoted, Parts out) {
    if (!in.enter()) {
      return;
    }
    String prefix = "";
    char first = in.peek();
    char second = in.peek(1);
    if ((first == '#' || first == '!') && (nameChar(second) || second == '@' || second == '*')) {
      prefix = first == '#' ? "length" : "indirect";
      in.pos++;
    }
    String name = parameterName();
    String operator = prefix.isEmpty() ? operator() : prefix;
    Word operand = null;
    if (!in.atEnd() && in.peek() != '}') {
      in.node();
      operand = new Word(List.copyOf(parts(quoted ? Stop.QUOTED_BRACE : Stop.BRACE, false)));
    }
    if (!in.take("}")) {
      in.error("brace of a parameter expansion is not closed");
    }
    in.leave();
    out.add(new WordPart.Parameter(name, operator, operand, quoted));
  }

  private String parameterName() {
    int from = in.pos;
    if (nameChar(in.peek())) {
      while (!in.atEnd() && nameChar(in.peek())) {
        in.pos++;
      }
      if (in.peek() == '[') {
        in.pos = afterIndex(in, in.pos);
      }
    } else if (!in.atEnd() && "@*#?$!-".indexOf(in.peek()) >= 0) {
      in.pos++;
    }
    return in.text.substring(from, in.pos);
  }

  /** The place after the {@code [index]} that starts at {@code from}; {@code from} if none does. */
  static int afterIndex(Cursor in, int from) {
    int limit = Math.min(in.end(), from + MAX_PATTERN);
    for (int at = from + 1; at < limit; at++) {
      if (in.text.charAt(at) == ']') {
        return at + 1;
      }
    }
    return from;
  }

  private String operator() {
    for (String op :
        new String[] {
          ":-", ":=", ":+", ":?", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "+", "?", "#",
          "%", "/", "^", ",", "@", ":"
        }) {
      if (in.take(op)) {
        return op;
      }
    }
    return "";
  }

  /** Collects parts, joining neighbouring text, and folds braces when the word has ended. */
  static final class Parts {
    private final List<WordPart> parts = new ArrayList<>(2);
    private final StringBuilder text = new StringBuilder();
    private boolean textQuoted;
    private boolean open;
    private List<Integer> braces = List.of();

    void literal(char c, boolean quoted) {
      begin(quoted);
      text.append(c);
    }

    void literal(String s, boolean quoted) {
      begin(quoted);
      text.append(s);
    }

    private void begin(boolean quoted) {
      if (open && textQuoted != quoted) {
        flush();
      }
      open = true;
      textQuoted = quoted;
    }

    private void flush() {
      if (open) {
        if (text.length() > 0 || textQuoted) {
          parts.add(new WordPart.Literal(text.toString(), textQuoted));
        }
        text.setLength(0);
        open = false;
      }
    }

    void add(WordPart part) {
      flush();
      parts.add(part);
    }

    void addAll(List<WordPart> more) {
      for (WordPart part : more) {
        if (part instanceof WordPart.Literal literal) {
          literal(literal.text(), literal.quoted());
        } else {
          add(part);
        }
      }
    }

    /** A brace or comma that may belong to a brace expansion. */
    void brace(char c) {
      flush();
      if (braces.isEmpty()) {
        braces = new ArrayList<>();
      }
      braces.add(parts.size());
      parts.add(new WordPart.Literal(String.valueOf(c), false));
    }

    List<WordPart> finish(boolean foldBraces, Cursor in) {
      flush();
      for (int i = 0; i < parts.size(); i++) {
        in.node();
      }
      if (!foldBraces || braces.isEmpty()) {
        return parts;
      }
      return BraceFolder.fold(parts, braces);
    }
  }
}
