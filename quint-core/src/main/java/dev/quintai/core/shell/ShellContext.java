package dev.quintai.core.shell;

import java.util.List;
import java.util.Map;

/**
 * What is known of the surroundings in which a command line runs.
 *
 * @param cwd the absolute working directory, or null
 * @param home the user's home directory, or null
 * @param variables environment variables whose values are known
 * @param arguments the positional parameters from {@code $1} on
 */
public record ShellContext(
    String cwd, String home, Map<String, String> variables, List<String> arguments) {

  /** Nothing is known. */
  public static final ShellContext UNKNOWN = of(null, null);

  public ShellContext {
    variables = Map.copyOf(variables);
    arguments = List.copyOf(arguments);
  }

  /** The working directory and the home are known, or null. */
  public static ShellContext of(String cwd, String home) {
    return new ShellContext(cwd, home, Map.of(), List.of());
  }
}
