package dev.quintai.core.shell;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a shell knows at one point of a line: variables, functions, working directory. */
final class Scope {
  private static final int MAX_VARIABLES = 512;
  private static final int MAX_VALUE = 8192;
  private static final int MAX_FUNCTIONS = 128;

  /** A value of null means that the variable was set to something that cannot be known. */
  private final Map<String, String> variables;

  private final Set<String> exported;
  private final Map<String, Command> functions;
  private final Deque<String> directories;
  private final String home;
  String cwd;
  private String formerCwd;

  /** The positional parameters from 1 on, or null when they cannot be known. */
  List<String> arguments;

  private Scope(
      Map<String, String> variables,
      Set<String> exported,
      Map<String, Command> functions,
      Deque<String> directories,
      String home) {
    this.variables = variables;
    this.exported = exported;
    this.functions = functions;
    this.directories = directories;
    this.home = home;
  }

  static Scope of(ShellContext context) {
    Scope scope =
        new Scope(
            new HashMap<>(context.variables()),
            new HashSet<>(context.variables().keySet()),
            new HashMap<>(),
            new ArrayDeque<>(),
            context.home());
    scope.cwd = context.cwd();
    scope.arguments = context.arguments();
    return scope;
  }

  /** A copy for a subshell. */
  Scope copy() {
    Scope copy =
        new Scope(
            new HashMap<>(variables),
            new HashSet<>(exported),
            new HashMap<>(functions),
            new ArrayDeque<>(),
            home);
    copy.cwd = cwd;
    copy.formerCwd = formerCwd;
    copy.arguments = arguments;
    return copy;
  }

  /** What a child process gets: exported variables, no functions, its own parameters. */
  Scope child(Map<String, String> assigned, List<String> parameters) {
    Map<String, String> environment = new HashMap<>();
    for (String name : exported) {
      environment.put(name, variables.get(name));
    }
    environment.putAll(assigned);
    Scope child =
        new Scope(
            environment,
            new HashSet<>(environment.keySet()),
            new HashMap<>(),
            new ArrayDeque<>(),
            home);
    child.cwd = cwd;
    child.arguments = parameters;
    return child;
  }

  /** The variable's value, or null when it cannot be known. */
  String value(String name) {
    if (variables.containsKey(name)) {
      return variables.get(name);
    }
    return switch (name) {
      case "HOME" -> home;
      case "PWD" -> cwd;
      case "OLDPWD" -> formerCwd;
      default -> null;
    };
  }

  void set(String name, String value) {
    if (variables.size() < MAX_VARIABLES || variables.containsKey(name)) {
      variables.put(name, value == null || value.length() > MAX_VALUE ? null : value);
    }
  }

  void forget(Set<String> names) {
    for (String name : names) {
      set(name, null);
    }
  }

  void export(String name) {
    if (exported.size() < MAX_VARIABLES) {
      exported.add(name);
    }
  }

  void define(Command.Function function) {
    if (functions.size() < MAX_FUNCTIONS) {
      functions.put(function.name(), function.body());
    }
  }

  Command function(String name) {
    return functions.get(name);
  }

  String home() {
    return home;
  }

  /** {@code cd}: to null when the target cannot be known. */
  void changeDirectory(String target) {
    String before = cwd;
    if (target == null) {
      cwd = null;
    } else if (target.equals("-")) {
      cwd = formerCwd;
    } else {
      cwd = Paths.resolve(cwd, target);
    }
    formerCwd = before;
  }

  void pushDirectory(String target) {
    if (directories.size() < 64) {
      directories.push(cwd == null ? "" : cwd);
    }
    changeDirectory(target);
  }

  void popDirectory() {
    String former = directories.poll();
    formerCwd = cwd;
    cwd = former == null || former.isEmpty() ? null : former;
  }
}
