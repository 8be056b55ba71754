package dev.quintai.core.shell;

import java.util.HashSet;
import java.util.Set;

/**
 * The variables that a piece of script may assign. After a branch or in a loop their values cannot
 * be known from one reading of it.
 */
final class AssignedNames {
  private final Set<String> names = new HashSet<>();

  private AssignedNames() {}

  static Set<String> of(Script script) {
    AssignedNames collector = new AssignedNames();
    collector.visit(script);
    return collector.names;
  }

  static Set<String> of(Command command) {
    AssignedNames collector = new AssignedNames();
    collector.visit(command);
    return collector.names;
  }

  private void visit(Script script) {
    for (Script.Statement statement : script.statements()) {
      visit(statement.command());
    }
  }

  private void visit(Command command) {
    if (command instanceof Command.Simple simple) {
      visit(simple);
    } else if (command instanceof Command.Pipeline pipeline) {
      pipeline.stages().forEach(this::visit);
    } else if (command instanceof Command.AndOr list) {
      visit(list.first());
      list.rest().forEach(link -> visit(link.command()));
    } else if (command instanceof Command.Group group) {
      visit(group.body());
    } else if (command instanceof Command.If choice) {
      for (Command.If.Branch branch : choice.branches()) {
        visit(branch.condition());
        visit(branch.body());
      }
      visit(choice.otherwise());
    } else if (command instanceof Command.For loop) {
      names.add(loop.variable());
      visit(loop.body());
    } else if (command instanceof Command.Loop loop) {
      visit(loop.condition());
      visit(loop.body());
    } else if (command instanceof Command.Case choice) {
      choice.clauses().forEach(clause -> visit(clause.body()));
    } else if (command instanceof Command.Test test) {
      test.words().forEach(this::identifiers);
    }
  }

  private void visit(Command.Simple simple) {
    for (Assignment assignment : simple.assignments()) {
      names.add(plainName(assignment.name()));
    }
    String name = simple.words().isEmpty() ? null : simple.words().get(0).literal();
    if (name == null) {
      return;
    }
    switch (name) {
      case "read",
          "mapfile",
          "readarray",
          "export",
          "declare",
          "typeset",
          "local",
          "readonly",
          "unset",
          "printf",
          "getopts",
          "let" -> {
        for (Word word : simple.words().subList(1, simple.words().size())) {
          String text = word.literal();
          if (text == null
              && !word.parts().isEmpty()
              && word.parts().get(0) instanceof WordPart.Literal first) {
            text = first.text();
          }
          if (text != null && !text.isEmpty() && WordParser.nameStart(text.charAt(0))) {
            int end = 0;
            while (end < text.length() && WordParser.nameChar(text.charAt(end))) {
              end++;
            }
            names.add(text.substring(0, end));
          }
        }
      }
      default -> {}
    }
  }

  /** The identifiers of an arithmetic expression, each of which it may change. */
  private void identifiers(Word word) {
    for (WordPart part : word.parts()) {
      if (part instanceof WordPart.Literal literal) {
        identifiers(literal.text(), names);
      }
    }
  }

  static void identifiers(String text, Set<String> into) {
    int at = 0;
    while (at < text.length()) {
      if (!WordParser.nameStart(text.charAt(at))) {
        at++;
        continue;
      }
      int from = at;
      while (at < text.length() && WordParser.nameChar(text.charAt(at))) {
        at++;
      }
      into.add(text.substring(from, at));
    }
  }

  static String plainName(String name) {
    int bracket = name.indexOf('[');
    return bracket < 0 ? name : name.substring(0, bracket);
  }
}
