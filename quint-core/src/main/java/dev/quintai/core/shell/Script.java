package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/**
 * A list of commands, as between {@code ;} or newlines.
 *
 * @param statements in order
 */
public record Script(List<Statement> statements) {

  /** No command. */
  public static final Script EMPTY = new Script(List.of());

  /**
   * One command of a list.
   *
   * @param command the command
   * @param background whether it ends with {@code &}
   */
  public record Statement(Command command, boolean background) {
    public Statement {
      Objects.requireNonNull(command, "command");
    }
  }

  public Script {
    statements = List.copyOf(statements);
  }
}
