package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/**
 * {@code name=value} before a command.
 *
 * @param name the variable, with its {@code [index]} where there is one
 * @param append whether it was {@code +=}
 * @param value the value; for an array the empty word
 * @param elements the elements of {@code name=(...)}, or null when it is no array
 */
public record Assignment(String name, boolean append, Word value, List<Word> elements) {
  public Assignment {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    elements = elements == null ? null : List.copyOf(elements);
  }
}
