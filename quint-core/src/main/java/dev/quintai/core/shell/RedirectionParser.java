package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads redirections. */
final class RedirectionParser {

  private final Cursor in;
  private final WordParser words;

  RedirectionParser(Cursor in, WordParser words) {
    this.in = in;
    this.words = words;
  }

  /** The redirection that starts here, or null. */
  Redirection redirection() {
    int at = in.pos;
    int fd = -1;
    if (in.peek() == '{') {
      int close = in.pos + 1;
      while (close < in.end() && WordParser.nameChar(in.text.charAt(close))) {
        close++;
      }
      if (close + 1 >= in.end()
          || in.text.charAt(close) != '}'
          || (in.text.charAt(close + 1) != '<' && in.text.charAt(close + 1) != '>')) {
        return null;
      }
      at = close + 1;
    } else {
      while (at < in.end() && at - in.pos < 9 && Character.digit(in.text.charAt(at), 10) >= 0) {
        at++;
      }
      if (at > in.pos) {
        if (at >= in.end() || (in.text.charAt(at) != '<' && in.text.charAt(at) != '>')) {
          return null;
        }
        fd = Integer.parseInt(in.text, in.pos, at, 10);
      }
    }
    char c = at < in.end() ? in.text.charAt(at) : '\0';
    boolean both = c == '&' && at + 1 < in.end() && in.text.charAt(at + 1) == '>';
    if (c != '<' && c != '>' && !both) {
      return null;
    }
    if (!both && at == in.pos && at + 1 < in.end() && in.text.charAt(at + 1) == '(') {
      return null; // a process substitution
    }
    in.pos = at;
    return redirection(fd);
  }

  private Redirection redirection(int fd) {
    in.node();
    if (in.take("<<<")) {
      return new Redirection(fd, Redirection.Op.HERE_STRING, target());
    }
    if (in.take("<<")) {
      return hereDocument(fd);
    }
    Redirection.Op op;
    if (in.take("&>>")) {
      op = Redirection.Op.APPEND_BOTH;
    } else if (in.take("&>")) {
      op = Redirection.Op.WRITE_BOTH;
    } else if (in.take("<&")) {
      op = Redirection.Op.DUPLICATE_INPUT;
    } else if (in.take("<>")) {
      op = Redirection.Op.READ_WRITE;
    } else if (in.take("<")) {
      op = Redirection.Op.READ;
    } else if (in.take(">>")) {
      op = Redirection.Op.APPEND;
    } else if (in.take(">&")) {
      op = Redirection.Op.DUPLICATE_OUTPUT;
    } else {
      if (!in.take(">|")) {
        in.take(">");
      }
      op = Redirection.Op.WRITE;
    }
    Word target = target();
    if (op == Redirection.Op.DUPLICATE_OUTPUT && fd < 0) {
      String text = target.literal();
      if (text == null || !(text.equals("-") || text.chars().allMatch(Character::isDigit))) {
        op = Redirection.Op.WRITE_BOTH; // >&file, the old form of &>file
      }
    }
    return new Redirection(fd, op, target);
  }

  private Word target() {
    in.skipBlanks();
    Word word = words.word();
    if (word == null) {
      in.error("a redirection has no target");
      return new Word(List.of());
    }
    return word;
  }

  private Redirection hereDocument(int fd) {
    boolean strip = in.take("-");
    in.skipBlanks();
    Word word = words.word();
    List<WordPart> body = new ArrayList<>();
    if (word == null) {
      in.error("a here-document has no delimiter");
    } else {
      boolean quoted = false;
      StringBuilder delimiter = new StringBuilder();
      for (WordPart part : word.parts()) {
        if (part instanceof WordPart.Literal literal) {
          quoted |= literal.quoted();
          delimiter.append(literal.text());
        } else if (part instanceof WordPart.Parameter parameter) {
          delimiter.append('$').append(parameter.name());
        } else if (part instanceof WordPart.Glob glob) {
          delimiter.append(glob.pattern());
        }
      }
      in.expect(new HereDocument(delimiter.toString(), !quoted, strip, body));
    }
    return new Redirection(
        fd, Redirection.Op.HERE_DOCUMENT, new Word(Collections.unmodifiableList(body)));
  }
}
