package dev.quintai.core.shell;

import java.util.Objects;

/**
 * Something in a command line that a shell would refuse. What could be read stands in the tree all
 * the same.
 *
 * @param offset where, in characters from the start of the text that holds it (the text of a
 *     backquoted command or here-document counts for itself)
 * @param message what is wrong
 */
public record ShellError(int offset, String message) {
  public ShellError {
    Objects.requireNonNull(message, "message");
  }
}
