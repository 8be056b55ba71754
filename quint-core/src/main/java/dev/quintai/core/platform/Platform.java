package dev.quintai.core.platform;

import java.util.Locale;
import java.util.Objects;

/**
 * A program recognised as an agent.
 *
 * @param id the platform id, for example {@code claude-code}
 * @param category how the agent comes
 * @param layer what gave it away
 */
public record Platform(String id, Category category, Layer layer) {

  /** How an agent comes. */
  public enum Category {
    /** A program of its own, in a terminal or without one. */
    CLI,
    /** A desktop application or editor with an agent built in. */
    ELECTRON,
    /** A part of an editor that others have made. */
    EXTENSION_HOSTED;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** Its name in files: lower case. */
    public String id() {
      return id;
    }
  }

  /** What gave an agent away, strongest evidence first. */
  public enum Layer {
    /** Team and identifier of a code signature that the operating system has verified. */
    CODE_SIGNING,
    /** The name of the program, exact but for case. */
    PROCESS_NAME,
    /** Where the program lies, or the script that an interpreter runs. */
    PATH
  }

  public Platform {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(layer, "layer");
  }
}
