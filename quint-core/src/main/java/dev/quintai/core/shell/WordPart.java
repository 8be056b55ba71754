package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/** A piece of a word. {@code quoted} means that its value is neither split nor globbed. */
public sealed interface WordPart {

  /**
   * Text that stands for itself.
   *
   * @param text quotes and escapes removed
   * @param quoted whether it was quoted or escaped
   */
  record Literal(String text, boolean quoted) implements WordPart {
    public Literal {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * {@code $name} or <code>${name...}</code>.
   *
   * @param name a variable, a positional number or a special parameter, with its {@code [index]}
   * @param operator what follows the name in braces, for example {@code :-} or {@code %%}; {@code
   *     #} before the name is operator {@code length}, {@code !} is {@code indirect}; empty without
   * @param operand the operator's word, or null
   * @param quoted inside double quotes
   */
  record Parameter(String name, String operator, Word operand, boolean quoted) implements WordPart {
    public Parameter {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(operator, "operator");
    }
  }

  /**
   * {@code $(...)} or backquotes.
   *
   * @param script the commands
   * @param quoted inside double quotes
   */
  record CommandSubstitution(Script script, boolean quoted) implements WordPart {
    public CommandSubstitution {
      Objects.requireNonNull(script, "script");
    }
  }

  /**
   * {@code $((...))}.
   *
   * @param body the expression; its expansions are parts of it
   * @param quoted inside double quotes
   */
  record Arithmetic(Word body, boolean quoted) implements WordPart {
    public Arithmetic {
      Objects.requireNonNull(body, "body");
    }
  }

  /**
   * {@code <(...)} or {@code >(...)}: the name of a pipe to or from the commands.
   *
   * @param script the commands
   * @param output whether the commands read what is written ({@code >(...)})
   */
  record ProcessSubstitution(Script script, boolean output) implements WordPart {
    public ProcessSubstitution {
      Objects.requireNonNull(script, "script");
    }
  }

  /**
   * An unquoted pattern: {@code *}, {@code ?}, {@code [...]}, or an extended one.
   *
   * @param pattern as written
   */
  record Glob(String pattern) implements WordPart {
    public Glob {
      Objects.requireNonNull(pattern, "pattern");
    }
  }

  /**
   * A home directory.
   *
   * @param user whose, empty for one's own; {@code +} and {@code -} are the present and the former
   *     working directory
   */
  record Tilde(String user) implements WordPart {
    public Tilde {
      Objects.requireNonNull(user, "user");
    }
  }

  /**
   * <code>{a,b}</code>: the word once for each alternative.
   *
   * @param alternatives at least two
   */
  record Brace(List<Word> alternatives) implements WordPart {
    public Brace {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * <code>{1..9..2}</code>.
   *
   * @param from a number or a letter
   * @param to a number or a letter
   * @param step the step, 1 without one
   */
  record BraceRange(String from, String to, int step) implements WordPart {
    public BraceRange {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
    }
  }
}
