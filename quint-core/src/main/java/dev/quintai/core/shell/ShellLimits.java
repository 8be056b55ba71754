package dev.quintai.core.shell;

/**
 * Bounds on what is read of one command line. At a bound reading stops and the result says that it
 * is truncated.
 *
 * @param maxLength characters read of the line
 * @param maxDepth how deep substitutions, quotes and compound commands may nest
 * @param maxNodes words, word parts and commands together
 */
public record ShellLimits(int maxLength, int maxDepth, int maxNodes) {

  /** 128 Ki characters, 64 levels, 32 Ki nodes. */
  public static final ShellLimits DEFAULT = new ShellLimits(131_072, 64, 32_768);

  public ShellLimits {
    if (maxLength < 1 || maxDepth < 1 || maxDepth > 256 || maxNodes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive and the depth at most 256: "
              + maxLength
              + ", "
              + maxDepth
              + ", "
              + maxNodes);
    }
  }
}
