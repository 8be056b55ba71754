package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Expands words as far as that is possible without running anything. Substitutions met on the way
 * are handed to the walker, since their commands run.
 */
final class Expander {
  /** Words that braces of one word may make; more are one unknown word. */
  private static final int MAX_BRACES = 256;

  /** Characters of one expanded word; what is beyond is unknown. */
  private static final int MAX_WORD = 65_536;

  private final ShellWalker walker;

  Expander(ShellWalker walker) {
    this.walker = walker;
  }

  /** The words as the command gets them. */
  List<ResolvedWord> expand(List<Word> words, Scope scope) {
    List<ResolvedWord> out = new ArrayList<>(words.size());
    for (Word word : words) {
      expand(word, scope, out);
    }
    return out;
  }

  private void expand(Word word, Scope scope, List<ResolvedWord> out) {
    String literal = word.literal();
    if (literal != null && literal.indexOf(ResolvedWord.UNKNOWN) < 0) {
      walker.charge(literal.length());
      out.add(ResolvedWord.of(literal));
      return;
    }
    List<List<WordPart>> alternatives = new ArrayList<>();
    alternatives.add(new ArrayList<>());
    for (WordPart part : word.parts()) {
      alternatives = times(alternatives, part);
      if (alternatives == null) {
        visit(word, scope);
        out.add(unknown());
        return;
      }
    }
    for (List<WordPart> parts : alternatives) {
      Fields fields = new Fields();
      for (WordPart part : parts) {
        append(part, scope, fields, true);
      }
      fields.finish(out);
    }
  }

  private static ResolvedWord unknown() {
    return new ResolvedWord(String.valueOf(ResolvedWord.UNKNOWN), true, false);
  }

  /**
   * Each alternative so far with each of the part's, or null when they are too many. A single
   * alternative grows in place, so that a long word costs time linear in its length.
   */
  private static List<List<WordPart>> times(List<List<WordPart>> sofar, WordPart part) {
    List<List<WordPart>> choices = choices(part);
    if (choices == null || (long) sofar.size() * choices.size() > MAX_BRACES) {
      return null;
    }
    if (choices.size() == 1 && sofar.size() == 1) {
      sofar.get(0).addAll(choices.get(0));
      return sofar;
    }
    List<List<WordPart>> out = new ArrayList<>(sofar.size() * choices.size());
    for (List<WordPart> left : sofar) {
      for (List<WordPart> right : choices) {
        List<WordPart> joined = new ArrayList<>(left);
        joined.addAll(right);
        out.add(joined);
      }
    }
    return out;
  }

  private static List<List<WordPart>> choices(WordPart part) {
    List<List<WordPart>> out = new ArrayList<>();
    if (part instanceof WordPart.Brace brace) {
      for (Word word : brace.alternatives()) {
        List<List<WordPart>> inner = new ArrayList<>();
        inner.add(new ArrayList<>());
        for (WordPart p : word.parts()) {
          inner = times(inner, p);
          if (inner == null) {
            return null;
          }
        }
        out.addAll(inner);
        if (out.size() > MAX_BRACES) {
          return null;
        }
      }
    } else if (part instanceof WordPart.BraceRange range) {
      boolean letters = Character.isLetter(range.from().charAt(0));
      long from = letters ? range.from().charAt(0) : Long.parseLong(range.from());
      long to = letters ? range.to().charAt(0) : Long.parseLong(range.to());
      if (Math.abs(to - from) / range.step() >= MAX_BRACES) {
        return null;
      }
      long step = from <= to ? range.step() : -range.step();
      for (long n = from; step > 0 ? n <= to : n >= to; n += step) {
        String text = letters ? String.valueOf((char) n) : String.valueOf(n);
        out.add(List.of(new WordPart.Literal(text, false)));
      }
    } else {
      out.add(List.of(part));
    }
    return out;
  }

  /** The text of a word where no splitting takes place: assignments, redirections, here-strings. */
  ResolvedWord single(Word word, Scope scope) {
    String literal = word.literal();
    if (literal != null && literal.indexOf(ResolvedWord.UNKNOWN) < 0) {
      walker.charge(literal.length());
      return ResolvedWord.of(literal);
    }
    Fields fields = new Fields();
    for (WordPart part : word.parts()) {
      append(part, scope, fields, false);
    }
    return fields.whole();
  }

  /** Lets the commands in a word's substitutions be walked without making anything of its value. */
  void visit(Word word, Scope scope) {
    single(word, scope);
  }

  private void append(WordPart part, Scope scope, Fields fields, boolean split) {
    if (part instanceof WordPart.Literal literal) {
      boolean hole = !literal.quoted() && literal.text().indexOf(ResolvedWord.UNKNOWN) >= 0;
      fields.text(literal.text());
      fields.many |= hole;
    } else if (part instanceof WordPart.Parameter parameter) {
      parameter(parameter, scope, fields, split);
    } else if (part instanceof WordPart.CommandSubstitution substitution) {
      walker.substitution(substitution.script(), scope, "$()");
      if (presentDirectory(substitution.script()) && scope.cwd != null) {
        fields.text(scope.cwd);
      } else {
        fields.unknown(!substitution.quoted() && split);
      }
    } else if (part instanceof WordPart.Arithmetic arithmetic) {
      visit(arithmetic.body(), scope);
      forget(arithmetic.body(), scope);
      fields.unknown(false);
    } else if (part instanceof WordPart.ProcessSubstitution substitution) {
      walker.substitution(substitution.script(), scope, substitution.output() ? ">()" : "<()");
      fields.unknown(false);
    } else if (part instanceof WordPart.Glob glob) {
      fields.glob(glob.pattern(), split);
    } else if (part instanceof WordPart.Tilde tilde) {
      tilde(tilde, scope, fields);
    } else if (part instanceof WordPart.Brace brace) {
      for (Word word : brace.alternatives()) {
        visit(word, scope);
      }
      fields.unknown(split);
    } else {
      fields.unknown(split);
    }
  }

  private static void tilde(WordPart.Tilde tilde, Scope scope, Fields fields) {
    String value =
        switch (tilde.user()) {
          case "" -> scope.value("HOME");
          case "+" -> scope.cwd;
          case "-" -> scope.value("OLDPWD");
          default -> null;
        };
    if (value == null) {
      fields.unknown(false);
    } else {
      fields.text(value);
    }
  }

  private static boolean presentDirectory(Script script) {
    return script.statements().size() == 1
        && script.statements().get(0).command() instanceof Command.Simple simple
        && simple.words().size() == 1
        && "pwd".equals(simple.words().get(0).literal());
  }

  /** An expression may assign each variable that it names. */
  static void forget(Word expression, Scope scope) {
    Set<String> names = new HashSet<>();
    for (WordPart part : expression.parts()) {
      if (part instanceof WordPart.Literal literal
          && literal.text().matches("(?s).*(=|\\+\\+|--).*")) {
        AssignedNames.identifiers(literal.text(), names);
      }
    }
    scope.forget(names);
  }

  private void parameter(WordPart.Parameter parameter, Scope scope, Fields fields, boolean split) {
    String name = parameter.name();
    boolean splits = split && !parameter.quoted();
    if ((name.equals("@") || name.equals("*")) && parameter.operator().isEmpty()) {
      if (scope.arguments == null) {
        fields.unknown(split);
      } else if (name.equals("@") && split) {
        fields.words(scope.arguments);
      } else {
        fields.value(String.join(" ", scope.arguments), splits);
      }
      return;
    }
    String value = value(name, scope);
    String operator = parameter.operator();
    ResolvedWord operand =
        parameter.operand() == null ? ResolvedWord.of("") : single(parameter.operand(), scope);
    if (value != null && !operator.isEmpty()) {
      walker.charge(value.length() * (1 + Math.min(64, operand.text().length())));
    }
    String result = ParameterOperators.apply(operator, value, operand);
    if (operator.equals(":=") || operator.equals("=")) {
      scope.set(AssignedNames.plainName(name), result);
    }
    if (result == null) {
      fields.unknown(splits);
    } else {
      fields.value(result, splits);
    }
  }

  private static String value(String name, Scope scope) {
    if (name.equals("#")) {
      return scope.arguments == null ? null : String.valueOf(scope.arguments.size());
    }
    if (!name.isEmpty() && Character.digit(name.charAt(0), 10) >= 0) {
      if (scope.arguments == null || name.length() > 3) {
        return null;
      }
      int at = Integer.parseInt(name);
      return at == 0 ? null : at <= scope.arguments.size() ? scope.arguments.get(at - 1) : "";
    }
    return scope.value(name);
  }

  /** The words that one word becomes, being built. */
  private static final class Fields {
    private final List<ResolvedWord> done = new ArrayList<>(0);
    private final StringBuilder text = new StringBuilder();
    private boolean any;
    private boolean glob;
    boolean many;

    void text(String s) {
      any = true;
      if (text.length() + s.length() > MAX_WORD) {
        unknown(false);
      } else {
        text.append(s);
      }
    }

    void unknown(boolean splits) {
      any = true;
      many |= splits;
      if (text.length() == 0 || text.charAt(text.length() - 1) != ResolvedWord.UNKNOWN) {
        text.append(ResolvedWord.UNKNOWN);
      }
    }

    void glob(String pattern, boolean active) {
      // A URL names no files, whatever wildcards its query holds.
      if (active && text.indexOf("://") < 0) {
        glob = true;
        unknown(true);
      } else {
        text(pattern);
      }
    }

    void value(String value, boolean splits) {
      if (!splits) {
        text(value);
        return;
      }
      int from = 0;
      for (int i = 0; i <= value.length(); i++) {
        if (i == value.length() || " \t\n".indexOf(value.charAt(i)) >= 0) {
          if (i > from) {
            text(value.substring(from, i));
          }
          if (i < value.length()) {
            cut();
          }
          from = i + 1;
        }
      }
    }

    void words(List<String> values) {
      for (int i = 0; i < values.size(); i++) {
        if (i > 0) {
          cut();
        }
        text(values.get(i));
      }
    }

    private void cut() {
      if (any) {
        done.add(new ResolvedWord(text.toString(), many, glob));
      }
      text.setLength(0);
      any = false;
      many = false;
      glob = false;
    }

    void finish(List<ResolvedWord> out) {
      cut();
      out.addAll(done);
    }

    ResolvedWord whole() {
      return new ResolvedWord(text.toString(), false, false);
    }
  }
}
