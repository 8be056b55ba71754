package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/** A command of the shell's grammar. Redirections of a compound command hold for all of it. */
public sealed interface Command {

  /** What is redirected. */
  List<Redirection> redirections();

  /**
   * A program, function or builtin with its arguments, or assignments alone.
   *
   * @param assignments before the first word
   * @param words name and arguments; may be empty
   * @param redirections anywhere in the command
   */
  record Simple(List<Assignment> assignments, List<Word> words, List<Redirection> redirections)
      implements Command {
    public Simple {
      assignments = List.copyOf(assignments);
      words = List.copyOf(words);
      redirections = List.copyOf(redirections);
    }
  }

  /**
   * {@code a | b | c}, or one command that is negated or timed.
   *
   * @param stages in order, at least one
   * @param negated {@code !} in front
   * @param timed whether its duration is asked for by the reserved word in front
   */
  record Pipeline(List<Command> stages, boolean negated, boolean timed) implements Command {
    public Pipeline {
      stages = List.copyOf(stages);
    }

    @Override
    public List<Redirection> redirections() {
      return List.of();
    }
  }

  /**
   * {@code a && b || c}.
   *
   * @param first runs always
   * @param rest run depending on what came before
   */
  record AndOr(Command first, List<Link> rest) implements Command {

    /**
     * One further command.
     *
     * @param and {@code &&}, else {@code ||}
     * @param command the command
     */
    public record Link(boolean and, Command command) {
      public Link {
        Objects.requireNonNull(command, "command");
      }
    }

    public AndOr {
      Objects.requireNonNull(first, "first");
      rest = List.copyOf(rest);
    }

    @Override
    public List<Redirection> redirections() {
      return List.of();
    }
  }

  /** {@code ( list )}: its cwd and variables end with it. */
  record Subshell(Script body, List<Redirection> redirections) implements Command {
    public Subshell {
      Objects.requireNonNull(body, "body");
      redirections = List.copyOf(redirections);
    }
  }

  /** <code>{ list; }</code>. */
  record Group(Script body, List<Redirection> redirections) implements Command {
    public Group {
      Objects.requireNonNull(body, "body");
      redirections = List.copyOf(redirections);
    }
  }

  /**
   * {@code if}.
   *
   * @param branches the {@code if} and each {@code elif}
   * @param otherwise after {@code else}; empty without one
   * @param redirections for all of it
   */
  record If(List<Branch> branches, Script otherwise, List<Redirection> redirections)
      implements Command {

    /** A condition and what runs when it holds. */
    public record Branch(Script condition, Script body) {
      public Branch {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(body, "body");
      }
    }

    public If {
      branches = List.copyOf(branches);
      Objects.requireNonNull(otherwise, "otherwise");
      redirections = List.copyOf(redirections);
    }
  }

  /**
   * {@code for} and {@code select}.
   *
   * @param variable the loop's variable; empty for the arithmetic form
   * @param items the words after {@code in}; null without {@code in} (the positional parameters, or
   *     the arithmetic form)
   * @param expression the arithmetic form's expressions, else null
   * @param body the loop
   * @param redirections for all of it
   */
  record For(
      String variable,
      List<Word> items,
      Word expression,
      Script body,
      List<Redirection> redirections)
      implements Command {
    public For {
      Objects.requireNonNull(variable, "variable");
      items = items == null ? null : List.copyOf(items);
      Objects.requireNonNull(body, "body");
      redirections = List.copyOf(redirections);
    }
  }

  /**
   * {@code while} and {@code until}.
   *
   * @param until whether it is {@code until}
   * @param condition before {@code do}
   * @param body the loop
   * @param redirections for all of it
   */
  record Loop(boolean until, Script condition, Script body, List<Redirection> redirections)
      implements Command {
    public Loop {
      Objects.requireNonNull(condition, "condition");
      Objects.requireNonNull(body, "body");
      redirections = List.copyOf(redirections);
    }
  }

  /**
   * {@code case}.
   *
   * @param subject what is matched
   * @param clauses in order
   * @param redirections for all of it
   */
  record Case(Word subject, List<Clause> clauses, List<Redirection> redirections)
      implements Command {

    /** Patterns and what runs when one matches. */
    public record Clause(List<Word> patterns, Script body) {
      public Clause {
        patterns = List.copyOf(patterns);
        Objects.requireNonNull(body, "body");
      }
    }

    public Case {
      Objects.requireNonNull(subject, "subject");
      clauses = List.copyOf(clauses);
      redirections = List.copyOf(redirections);
    }
  }

  /** The definition of a function; nothing of it runs until it is called. */
  record Function(String name, Command body) implements Command {
    public Function {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(body, "body");
    }

    @Override
    public List<Redirection> redirections() {
      return List.of();
    }
  }

  /** {@code [[ ... ]]} (its words) or {@code (( ... ))} (one word): runs no program of its own. */
  record Test(List<Word> words, List<Redirection> redirections) implements Command {
    public Test {
      words = List.copyOf(words);
      redirections = List.copyOf(redirections);
    }
  }
}
