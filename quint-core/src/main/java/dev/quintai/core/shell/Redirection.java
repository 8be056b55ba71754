package dev.quintai.core.shell;

import java.util.Objects;

/**
 * A redirection.
 *
 * @param fd the file descriptor it is for; -1 where none is written
 * @param op the operator
 * @param target the file, descriptor or here-string; for a here-document its body
 */
public record Redirection(int fd, Op op, Word target) {

  /** The operator. */
  public enum Op {
    /** {@code <} */
    READ,
    /** {@code >} and {@code >|} */
    WRITE,
    /** {@code >>} */
    APPEND,
    /** {@code <>} */
    READ_WRITE,
    /** {@code <&} */
    DUPLICATE_INPUT,
    /** {@code >&} */
    DUPLICATE_OUTPUT,
    /** {@code &>} */
    WRITE_BOTH,
    /** {@code &>>} */
    APPEND_BOTH,
    /** {@code <<} and {@code <<-} */
    HERE_DOCUMENT,
    /** {@code <<<} */
    HERE_STRING
  }

  public Redirection {
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(target, "target");
  }
}
