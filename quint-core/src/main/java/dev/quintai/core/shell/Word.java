package dev.quintai.core.shell;

import java.util.List;
import java.util.Objects;

/**
 * A word before expansion: literal text and expansions, side by side.
 *
 * @param parts in order; empty for {@code ''}. The list does not change once the parser has
 *     returned.
 */
public record Word(List<WordPart> parts) {

  public Word {
    Objects.requireNonNull(parts, "parts");
  }

  /** The text if the word is literal throughout, quotes removed, else null. */
  public String literal() {
    if (parts.size() == 1 && parts.get(0) instanceof WordPart.Literal only) {
      return only.text();
    }
    StringBuilder text = new StringBuilder();
    for (WordPart part : parts) {
      if (!(part instanceof WordPart.Literal literal)) {
        return null;
      }
      text.append(literal.text());
    }
    return text.toString();
  }

  /** Whether nothing of the word is quoted and all of it is literal, as reserved words are. */
  boolean plain() {
    for (WordPart part : parts) {
      if (!(part instanceof WordPart.Literal literal) || literal.quoted()) {
        return false;
      }
    }
    return !parts.isEmpty();
  }
}
