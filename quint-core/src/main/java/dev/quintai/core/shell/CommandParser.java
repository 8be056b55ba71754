package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.List;

/** Reads lists, pipelines and simple commands; {@link CompoundParser} the compound ones. */
final class CommandParser {

  /** What ends a list besides the end of the text. */
  enum Until {
    END,
    PARENTHESIS,
    BRACE,
    THEN,
    FI,
    DO,
    DONE,
    CLAUSE
  }

  private final Cursor in;
  private final WordParser words;
  private final RedirectionParser redirections;
  private final CompoundParser compounds;

  CommandParser(Cursor in) {
    this.in = in;
    this.words = new WordParser(in);
    this.redirections = new RedirectionParser(in, words);
    this.compounds = new CompoundParser(in, this, words, redirections);
  }

  /** The whole text. */
  Script script() {
    List<Script.Statement> all = new ArrayList<>();
    while (!in.atEnd()) {
      all.addAll(list(Until.END).statements());
      if (!in.atEnd()) {
        in.error("unexpected " + in.peek());
        in.pos++;
      }
    }
    in.unfinished();
    return new Script(all);
  }

  Script list(Until until) {
    List<Script.Statement> statements = new ArrayList<>();
    while (true) {
      skipSeparators(until);
      if (in.atEnd() || ends(until)) {
        break;
      }
      int before = in.pos;
      Command command = andOr();
      in.skipBlanks();
      boolean background = in.peek() == '&' && in.peek(1) != '&';
      if (background) {
        in.pos++;
      }
      if (command != null) {
        statements.add(new Script.Statement(command, background));
      } else if (background) {
        in.error("a command is missing before &");
      }
      if (in.pos == before) {
        if (in.peek() == ')') {
          break;
        }
        in.error("unexpected " + in.peek());
        in.pos++;
      }
    }
    return new Script(statements);
  }

  /** Whether the list ends here: at what was asked for, or at what ends some list around it. */
  private boolean ends(Until until) {
    char c = in.peek();
    if (c == ')') {
      return true;
    }
    if (c == ';' && until == Until.CLAUSE) {
      return true;
    }
    return switch (until) {
      case END, PARENTHESIS -> false;
      case BRACE -> reserved("}");
      case THEN -> reserved("then") || reserved("fi");
      case FI -> reserved("fi") || reserved("else") || reserved("elif");
      case DO -> reserved("do") || reserved("done");
      case DONE -> reserved("done");
      case CLAUSE -> reserved("esac");
    };
  }

  private void skipSeparators(Until until) {
    while (!in.atEnd()) {
      in.skipBlanks();
      char c = in.peek();
      if (c == '\n') {
        in.newline();
      } else if (c == ';' && !(until == Until.CLAUSE && (in.peek(1) == ';' || in.peek(1) == '&'))) {
        in.pos++;
      } else {
        return;
      }
    }
  }

  void skipNewlines() {
    in.skipBlanks();
    while (in.peek() == '\n' && !in.atEnd()) {
      in.newline();
      in.skipBlanks();
    }
  }

  /** Whether the reserved word stands here, by itself and unquoted. */
  boolean reserved(String word) {
    if (!in.startsWith(word)) {
      return false;
    }
    int after = in.pos + word.length();
    return after >= in.end() || WordParser.endsWord(in.text.charAt(after));
  }

  boolean takeReserved(String word) {
    in.skipBlanks();
    if (reserved(word)) {
      in.pos += word.length();
      return true;
    }
    return false;
  }

  private Command andOr() {
    Command first = pipeline();
    List<Command.AndOr.Link> rest = new ArrayList<>();
    while (first != null) {
      in.skipBlanks();
      boolean and = in.startsWith("&&");
      if (!and && !in.startsWith("||")) {
        break;
      }
      in.pos += 2;
      skipNewlines();
      Command next = pipeline();
      if (next == null) {
        in.error("a command is missing after " + (and ? "&&" : "||"));
        break;
      }
      rest.add(new Command.AndOr.Link(and, next));
    }
    return rest.isEmpty() ? first : new Command.AndOr(first, rest);
  }

  private Command pipeline() {
    boolean negated = false;
    boolean timed = false;
    in.skipBlanks();
    while (true) {
      if (reserved("!")) {
        in.pos++;
        negated = true;
      } else if (reserved("time")) {
        in.pos += 4;
        timed = true;
        in.skipBlanks();
        if (reserved("-p")) {
          in.pos += 2;
        }
      } else {
        break;
      }
      in.skipBlanks();
    }
    Command first = command();
    if (first == null) {
      return negated || timed ? new Command.Simple(List.of(), List.of(), List.of()) : null;
    }
    List<Command> stages = new ArrayList<>();
    stages.add(first);
    in.skipBlanks();
    while (in.peek() == '|' && in.peek(1) != '|' && !in.atEnd()) {
      in.pos += in.peek(1) == '&' ? 2 : 1;
      skipNewlines();
      Command next = command();
      if (next == null) {
        in.error("a command is missing after |");
        break;
      }
      stages.add(next);
      in.skipBlanks();
    }
    return stages.size() == 1 && !negated && !timed
        ? first
        : new Command.Pipeline(stages, negated, timed);
  }

  /** The next command, or null when none starts here. */
  Command command() {
    in.skipBlanks();
    if (in.atEnd()) {
      return null;
    }
    in.node();
    Command compound = compounds.compound();
    return compound != null ? compound : simple();
  }

  private Command simple() {
    List<Assignment> assignments = new ArrayList<>();
    List<Word> list = new ArrayList<>();
    List<Redirection> redirected = new ArrayList<>();
    while (true) {
      in.skipBlanks();
      if (in.atEnd()) {
        break;
      }
      Redirection redirection = redirections.redirection();
      if (redirection != null) {
        redirected.add(redirection);
        continue;
      }
      if (list.isEmpty()) {
        Assignment assignment = assignment();
        if (assignment != null) {
          assignments.add(assignment);
          continue;
        }
      }
      Word word = words.word();
      if (word == null) {
        if (list.size() == 1 && in.peek() == '(') {
          Command function = compounds.functionAfterName(list.get(0));
          if (function != null) {
            return function;
          }
        }
        if (!list.isEmpty() && in.peek() == '(') {
          arrayArgument(list);
          continue;
        }
        break;
      }
      list.add(word);
    }
    if (assignments.isEmpty() && list.isEmpty() && redirected.isEmpty()) {
      return null;
    }
    return new Command.Simple(assignments, list, redirected);
  }

  /**
   * {@code declare -a x=(a b)}, and stray parentheses: the words within are words of the command.
   */
  private void arrayArgument(List<Word> list) {
    in.pos++;
    list.addAll(elements());
  }

  private List<Word> elements() {
    List<Word> elements = new ArrayList<>();
    while (true) {
      skipNewlines();
      if (in.take(")")) {
        return elements;
      }
      if (in.atEnd()) {
        in.error("parenthesis is not closed");
        return elements;
      }
      Word word = words.word();
      if (word == null) {
        in.error("unexpected " + in.peek());
        in.pos++;
      } else {
        elements.add(word);
      }
    }
  }

  /** {@code name=value}, {@code name+=value}, {@code name[index]=value}; null when it is none. */
  private Assignment assignment() {
    int at = in.pos;
    if (!WordParser.nameStart(in.peek())) {
      return null;
    }
    while (at < in.end() && WordParser.nameChar(in.text.charAt(at))) {
      at++;
    }
    if (at < in.end() && in.text.charAt(at) == '[') {
      at = WordParser.afterIndex(in, at);
    }
    int nameEnd = at;
    boolean append = at < in.end() && in.text.charAt(at) == '+';
    if (append) {
      at++;
    }
    if (at >= in.end() || in.text.charAt(at) != '=') {
      return null;
    }
    String name = in.text.substring(in.pos, nameEnd);
    in.pos = at + 1;
    in.node();
    if (in.take("(")) {
      return new Assignment(name, append, new Word(List.of()), elements());
    }
    Word value = words.value();
    return new Assignment(name, append, value, null);
  }
}
