package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Walks a command line as a shell would come to its commands, without running any, and lists every
 * simple command that may run, with its words as far as they can be known.
 *
 * <p>Known are literal words, variables assigned literally before (also through {@code export},
 * loops over literal words, positional parameters), braces, {@code ~}, {@code $(pwd)}, and the
 * working directory after {@code cd}. What a branch or a loop may have changed is unknown
 * afterwards. Text handed to {@code sh -c}, {@code eval}, {@code trap}, or to a shell's standard
 * input by a here-document or {@code echo} is walked as well, and so is what wrappers ({@code
 * sudo}, {@code env}, {@code xargs}, {@code find -exec}, ...) run. Results are bounded: at most
 * {@value #MAX_COMMANDS} commands, nested {@value #MAX_DEPTH} deep.
 */
public final class ShellWalker {
  private static final int MAX_COMMANDS = 4096;
  private static final int MAX_DEPTH = 24;
  private static final int MAX_STEPS = 16_384;
  private static final int MAX_CHARACTERS = 2_000_000;

  /** Loops over more literal words than this are walked once, with the variable unknown. */
  private static final int MAX_ITEMS = 64;

  /** Where a command stands; immutable. */
  record Place(
      List<String> via,
      int pipeline,
      int stage,
      boolean last,
      boolean conditional,
      boolean background,
      boolean more) {

    Place through(String step) {
      List<String> longer = new ArrayList<>(via);
      longer.add(step);
      return new Place(longer, pipeline, stage, last, conditional, background, more);
    }

    Place maybe() {
      return conditional ? this : new Place(via, pipeline, stage, last, true, background, more);
    }

    Place behind() {
      return new Place(via, pipeline, stage, last, conditional, true, more);
    }

    Place withMore() {
      return new Place(via, pipeline, stage, last, conditional, background, true);
    }

    /** Unknown arguments go to the shell, not to the commands of its text. */
    Place withoutMore() {
      return more ? new Place(via, pipeline, stage, last, conditional, background, false) : this;
    }

    Place staged(int number, int at, boolean end) {
      return new Place(via, number, at, end, conditional, background, more);
    }
  }

  private final List<CommandUse> uses = new ArrayList<>();
  private final Expander expander = new Expander(this);
  private final CommandRunner runner = new CommandRunner(this, expander);
  private final Set<String> called = new LinkedHashSet<>();
  private final Map<String, Command.Function> defined = new LinkedHashMap<>();
  private int steps;
  private int characters;
  private int depth;
  private int pipelines;
  private boolean truncated;
  private Place place = new Place(List.of(), 0, 0, true, false, false, false);

  private ShellWalker() {}

  /** The commands of the line. */
  public static ShellCommands walk(String line, ShellContext context) {
    return walk(ShellParser.parse(line), context);
  }

  /** The commands of a line that has been read before. */
  public static ShellCommands walk(ParsedLine line, ShellContext context) {
    Objects.requireNonNull(context, "context");
    ShellWalker walker = new ShellWalker();
    Scope scope = Scope.of(context);
    walker.script(line.script(), scope);
    walker.uncalled(scope);
    return new ShellCommands(walker.uses, line, walker.truncated || line.truncated());
  }

  /** What a function does that is never called here may run all the same: it can be exported. */
  private void uncalled(Scope scope) {
    Place before = place;
    place = place.maybe().through("function");
    for (Command.Function function : List.copyOf(defined.values())) {
      if (!called.contains(function.name())) {
        Scope inner = scope.copy();
        inner.arguments = null;
        command(function.body(), inner);
      }
    }
    place = before;
  }

  boolean spent() {
    return truncated;
  }

  /** Counts characters of expanded text against the bound. */
  void charge(int count) {
    characters += count;
    if (characters > MAX_CHARACTERS) {
      truncated = true;
    }
  }

  void add(CommandUse use) {
    if (uses.size() >= MAX_COMMANDS) {
      truncated = true;
    } else {
      uses.add(use);
    }
  }

  Place place() {
    return place;
  }

  /** Runs the action with another place. */
  void at(Place other, Runnable action) {
    Place before = place;
    place = other;
    if (depth++ < MAX_DEPTH) {
      action.run();
    } else {
      truncated = true;
    }
    depth--;
    place = before;
  }

  /** Walks text that a shell is given to run. */
  void text(String text, Scope scope, String via) {
    charge(text.length());
    if (truncated) {
      return;
    }
    at(
        place.through(via).withoutMore(),
        () -> {
          ParsedLine line = ShellParser.parse(text);
          truncated |= line.truncated();
          script(line.script(), scope);
        });
  }

  void substitution(Script script, Scope scope, String via) {
    at(place.through(via), () -> script(script, scope.copy()));
  }

  private void script(Script script, Scope scope) {
    for (Script.Statement statement : script.statements()) {
      if (truncated) {
        return;
      }
      if (statement.background()) {
        at(place.behind(), () -> command(statement.command(), scope.copy()));
      } else {
        command(statement.command(), scope);
      }
    }
  }

  /** Walks a function's body with its arguments. */
  boolean call(String name, List<ResolvedWord> words, Scope scope) {
    Command body = scope.function(name);
    if (body == null) {
      return false;
    }
    called.add(name);
    List<String> before = scope.arguments;
    scope.arguments = exactTexts(words.subList(1, words.size()));
    at(place.through("function"), () -> command(body, scope));
    scope.arguments = before;
    return true;
  }

  /** The texts of the words, or null when one of them is not known. */
  static List<String> exactTexts(List<ResolvedWord> words) {
    List<String> texts = new ArrayList<>(words.size());
    for (ResolvedWord word : words) {
      if (!word.exact()) {
        return null;
      }
      texts.add(word.text());
    }
    return texts;
  }

  private void command(Command command, Scope scope) {
    if (++steps > MAX_STEPS) {
      truncated = true;
    }
    if (truncated) {
      return;
    }
    if (!(command instanceof Command.Simple)) {
      runner.redirected(command.redirections(), scope);
    }
    if (command instanceof Command.Simple simple) {
      runner.simple(simple, scope, null, false);
    } else if (command instanceof Command.Pipeline pipeline) {
      pipeline(pipeline, scope);
    } else if (command instanceof Command.AndOr list) {
      andOr(list, scope);
    } else if (command instanceof Command.Subshell subshell) {
      at(place, () -> script(subshell.body(), scope.copy()));
    } else if (command instanceof Command.Group group) {
      at(place, () -> script(group.body(), scope));
    } else if (command instanceof Command.If choice) {
      condition(choice, scope);
    } else if (command instanceof Command.For loop) {
      loopOver(loop, scope);
    } else if (command instanceof Command.Loop loop) {
      scope.forget(AssignedNames.of(loop));
      branch(loop.condition(), scope, false);
      branch(loop.body(), scope, true);
      scope.forget(AssignedNames.of(loop));
    } else if (command instanceof Command.Case choice) {
      choice(choice, scope);
    } else if (command instanceof Command.Function function) {
      scope.define(function);
      if (defined.size() < 128) {
        defined.put(function.name(), function);
      }
    } else if (command instanceof Command.Test test) {
      for (Word word : test.words()) {
        expander.visit(word, scope);
        Expander.forget(word, scope);
      }
    }
  }

  private void pipeline(Command.Pipeline pipeline, Scope scope) {
    List<Command> stages = pipeline.stages();
    if (stages.size() == 1) {
      if (pipeline.timed() && stages.get(0) instanceof Command.Simple simple) {
        runner.simple(simple, scope, null, true);
      } else {
        command(stages.get(0), scope);
      }
      return;
    }
    int number = ++pipelines;
    Command before = null;
    for (int i = 0; i < stages.size(); i++) {
      Command stage = stages.get(i);
      String piped = before == null ? null : runner.literalOutput(before, scope);
      boolean last = i == stages.size() - 1;
      at(
          place.staged(number, i, last),
          () -> {
            Scope inner = scope.copy();
            if (piped != null && stage instanceof Command.Simple simple) {
              runner.simple(simple, inner, piped, false);
            } else {
              command(stage, inner);
            }
          });
      before = stage;
    }
  }

  private void andOr(Command.AndOr list, Scope scope) {
    command(list.first(), scope);
    for (Command.AndOr.Link link : list.rest()) {
      if (link.and()) {
        at(place.maybe(), () -> command(link.command(), scope));
      } else {
        Scope other = scope.copy();
        at(place.maybe(), () -> command(link.command(), other));
      }
    }
    for (Command.AndOr.Link link : list.rest()) {
      scope.forget(AssignedNames.of(link.command()));
    }
  }

  /**
   * Walks a part that may not run; where it leaves the working directory changed, it is unknown.
   */
  private void branch(Script script, Scope scope, boolean maybe) {
    String cwd = scope.cwd;
    at(maybe ? place.maybe() : place, () -> script(script, scope));
    if (maybe && !Objects.equals(cwd, scope.cwd)) {
      scope.cwd = null;
    }
  }

  private void condition(Command.If choice, Scope scope) {
    boolean first = true;
    Set<String> assigned = AssignedNames.of(choice);
    String cwd = scope.cwd;
    boolean moved = false;
    for (Command.If.Branch branch : choice.branches()) {
      branch(branch.condition(), scope, !first);
      first = false;
      Scope inner = scope.copy();
      branch(branch.body(), inner, true);
      moved |= !Objects.equals(cwd, inner.cwd);
    }
    Scope inner = scope.copy();
    branch(choice.otherwise(), inner, true);
    moved |= !Objects.equals(cwd, inner.cwd);
    if (moved) {
      scope.cwd = null;
    }
    scope.forget(assigned);
  }

  private void loopOver(Command.For loop, Scope scope) {
    Set<String> assigned = AssignedNames.of(loop.body());
    scope.forget(assigned);
    if (loop.expression() != null) {
      expander.visit(loop.expression(), scope);
      Expander.forget(loop.expression(), scope);
    }
    List<String> items;
    if (loop.items() != null) {
      items = exactTexts(expander.expand(loop.items(), scope));
    } else {
      items = loop.expression() == null ? scope.arguments : null;
    }
    if (items == null || items.size() > MAX_ITEMS) {
      scope.set(loop.variable(), null);
      branch(loop.body(), scope, true);
    } else {
      String cwd = scope.cwd;
      boolean moved = false;
      for (String item : items) {
        scope.set(loop.variable(), item);
        branch(loop.body(), scope, true);
        moved |= !Objects.equals(cwd, scope.cwd);
        scope.forget(assigned);
      }
      if (moved) {
        scope.cwd = null;
      }
    }
    scope.forget(assigned);
  }

  private void choice(Command.Case choice, Scope scope) {
    expander.visit(choice.subject(), scope);
    Set<String> assigned = AssignedNames.of(choice);
    String cwd = scope.cwd;
    boolean moved = false;
    for (Command.Case.Clause clause : choice.clauses()) {
      Scope inner = scope.copy();
      branch(clause.body(), inner, true);
      moved |= !Objects.equals(cwd, inner.cwd);
    }
    if (moved) {
      scope.cwd = null;
    }
    scope.forget(assigned);
  }
}
