package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.List;

/** Reads compound commands: groups, conditions, loops, cases, functions, tests. */
final class CompoundParser {
  private final Cursor in;
  private final CommandParser commands;
  private final WordParser words;
  private final RedirectionParser redirections;

  CompoundParser(
      Cursor in, CommandParser commands, WordParser words, RedirectionParser redirections) {
    this.in = in;
    this.commands = commands;
    this.words = words;
    this.redirections = redirections;
  }

  /** The compound command that starts here, or null. */
  Command compound() {
    char c = in.peek();
    if (c != '(' && c != '{' && c != '[' && (c < 'a' || c > 'z')) {
      return null;
    }
    if (!in.enter()) {
      return null;
    }
    try {
      return read(c);
    } finally {
      in.leave();
    }
  }

  private Command read(char c) {
    if (c == '(') {
      return parenthesis();
    }
    if (c == '{') {
      return commands.takeReserved("{") ? group() : null;
    }
    if (commands.takeReserved("[[")) {
      return test();
    }
    if (commands.takeReserved("if")) {
      return condition();
    }
    if (commands.takeReserved("for") || commands.takeReserved("select")) {
      return loopOver();
    }
    if (commands.takeReserved("while")) {
      return loop(false);
    }
    if (commands.takeReserved("until")) {
      return loop(true);
    }
    if (commands.takeReserved("case")) {
      return choice();
    }
    if (commands.takeReserved("function")) {
      in.skipBlanks();
      Word name = words.word();
      in.skipBlanks();
      if (in.take("(")) {
        in.skipBlanks();
        in.take(")");
      }
      return function(name);
    }
    if (commands.takeReserved("coproc")) {
      return commands.command();
    }
    return null;
  }

  private List<Redirection> redirected() {
    List<Redirection> list = new ArrayList<>();
    in.skipBlanks();
    Redirection redirection;
    while (!in.atEnd() && (redirection = redirections.redirection()) != null) {
      list.add(redirection);
      in.skipBlanks();
    }
    return list;
  }

  private void expect(String reserved) {
    if (!commands.takeReserved(reserved)) {
      in.error(reserved + " is missing");
    }
  }

  private Command parenthesis() {
    if (in.peek(1) == '(') {
      Word expression = words.arithmetic(2);
      if (expression != null) {
        return new Command.Test(List.of(expression), redirected());
      }
    }
    in.pos++;
    Script body = words.substitution();
    return new Command.Subshell(body, redirected());
  }

  private Command group() {
    Script body = commands.list(CommandParser.Until.BRACE);
    expect("}");
    return new Command.Group(body, redirected());
  }

  private Command test() {
    List<Word> list = new ArrayList<>();
    while (!in.atEnd()) {
      commands.skipNewlines();
      if (commands.takeReserved("]]")) {
        return new Command.Test(list, redirected());
      }
      Word word = words.word();
      if (word == null) {
        in.pos++; // an operator of the expression
      } else {
        list.add(word);
      }
    }
    in.error("]] is missing");
    return new Command.Test(list, List.of());
  }

  private Command condition() {
    List<Command.If.Branch> branches = new ArrayList<>();
    Script otherwise = Script.EMPTY;
    do {
      Script condition = commands.list(CommandParser.Until.THEN);
      expect("then");
      Script body = commands.list(CommandParser.Until.FI);
      branches.add(new Command.If.Branch(condition, body));
    } while (!in.atEnd() && commands.takeReserved("elif"));
    if (commands.takeReserved("else")) {
      otherwise = commands.list(CommandParser.Until.FI);
    }
    expect("fi");
    return new Command.If(branches, otherwise, redirected());
  }

  private Command loop(boolean until) {
    Script condition = commands.list(CommandParser.Until.DO);
    expect("do");
    Script body = commands.list(CommandParser.Until.DONE);
    expect("done");
    return new Command.Loop(until, condition, body, redirected());
  }

  private Command loopOver() {
    in.skipBlanks();
    String variable = "";
    List<Word> items = null;
    Word expression = null;
    if (in.startsWith("((")) {
      expression = words.arithmetic(2);
    } else {
      Word name = words.word();
      String literal = name == null ? null : name.literal();
      if (literal == null) {
        in.error("the loop has no variable");
      } else {
        variable = literal;
      }
      commands.skipNewlines();
      if (commands.takeReserved("in")) {
        items = new ArrayList<>();
        while (true) {
          in.skipBlanks();
          Word word = words.word();
          if (word == null) {
            break;
          }
          items.add(word);
        }
      }
    }
    in.skipBlanks();
    in.take(";");
    commands.skipNewlines();
    Script body;
    if (commands.takeReserved("{")) {
      body = commands.list(CommandParser.Until.BRACE);
      expect("}");
    } else {
      expect("do");
      body = commands.list(CommandParser.Until.DONE);
      expect("done");
    }
    return new Command.For(variable, items, expression, body, redirected());
  }

  private Command choice() {
    in.skipBlanks();
    Word subject = words.word();
    if (subject == null) {
      in.error("case has no word");
      subject = new Word(List.of());
    }
    commands.skipNewlines();
    expect("in");
    List<Command.Case.Clause> clauses = new ArrayList<>();
    while (true) {
      commands.skipNewlines();
      if (in.atEnd()) {
        in.error("esac is missing");
        break;
      }
      if (commands.takeReserved("esac")) {
        break;
      }
      int before = in.pos;
      List<Word> patterns = patterns();
      Script body = commands.list(CommandParser.Until.CLAUSE);
      if (!in.take(";;&") && !in.take(";;")) {
        in.take(";&");
      }
      clauses.add(new Command.Case.Clause(patterns, body));
      if (in.pos == before) {
        in.error("unexpected " + in.peek());
        in.pos++;
      }
    }
    return new Command.Case(subject, clauses, redirected());
  }

  private List<Word> patterns() {
    List<Word> patterns = new ArrayList<>();
    in.take("(");
    while (!in.atEnd()) {
      in.skipBlanks();
      Word word = words.word();
      if (word != null) {
        patterns.add(word);
        in.skipBlanks();
      }
      if (in.take("|")) {
        continue;
      }
      if (!in.take(")")) {
        in.error("a pattern does not end with a parenthesis");
      }
      break;
    }
    return patterns;
  }

  /** The function whose name has just been read, if an empty pair of parentheses stands here. */
  Command functionAfterName(Word name) {
    int at = in.pos + 1;
    while (at < in.end() && (in.text.charAt(at) == ' ' || in.text.charAt(at) == '\t')) {
      at++;
    }
    if (at >= in.end() || in.text.charAt(at) != ')') {
      return null;
    }
    in.pos = at + 1;
    if (!in.enter()) {
      return null;
    }
    Command function = function(name);
    in.leave();
    return function;
  }

  private Command function(Word name) {
    commands.skipNewlines();
    String literal = name == null ? null : name.literal();
    if (literal == null) {
      in.error("the function has no name");
      literal = "";
    }
    Command body = commands.command();
    if (body == null) {
      in.error("the function has no body");
      body = new Command.Group(Script.EMPTY, List.of());
    }
    return new Command.Function(literal, body);
  }
}
