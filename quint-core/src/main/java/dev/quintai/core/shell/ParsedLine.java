package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/**
 * A command line that was read.
 *
 * @param script its commands; partial when there are errors
 * @param errors what a shell would refuse, at most 32
 * @param truncated whether reading stopped at one of the {@link ShellLimits}
 */
public record ParsedLine(Script script, List<ShellError> errors, boolean truncated) {
  public ParsedLine {
    Objects.requireNonNull(script, "script");
    errors = List.copyOf(errors);
  }
}
