package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/**
 * The simple commands of a command line.
 *
 * @param commands in the order in which a shell would come to them
 * @param parsed the line as it was read
 * @param truncated whether a bound cut the list or the reading
 */
public record ShellCommands(List<CommandUse> commands, ParsedLine parsed, boolean truncated) {
  public ShellCommands {
    commands = List.copyOf(commands);
    Objects.requireNonNull(parsed, "parsed");
  }

  /** Whether everything that runs is known: nothing is cut, malformed or opaque. */
  public boolean complete() {
    return !truncated
        && parsed.errors().isEmpty()
        && commands.stream().noneMatch(CommandUse::opaque);
  }
}
