package dev.quintai.divergence;

import java.util.List;
import java.util.Set;

/** Argument vectors of shells: the text they run, and how a vector is written as a line. */
final class ShellInvocation {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "zsh", "dash", "ksh", "mksh", "ash", "fish", "rbash");

  private ShellInvocation() {}

  static boolean isShell(String program) {
    return SHELLS.contains(program);
  }

  /**
   * The text that a shell runs by {@code -c}, or null when the vector is no shell with one. The
   * options may stand apart ({@code -c -l TEXT}) or together ({@code -lc TEXT}).
   */
  static String text(List<String> argv) {
    if (argv.size() < 3 || !isShell(PathIdentity.baseName(login(argv.get(0))))) {
      return null;
    }
    boolean takesText = false;
    for (int i = 1; i < argv.size(); i++) {
      String word = argv.get(i);
      if (word.length() > 1 && (word.charAt(0) == '-' || word.charAt(0) == '+')) {
        if (word.equals("--")) {
          return takesText && i + 1 < argv.size() ? argv.get(i + 1) : null;
        }
        if (!word.startsWith("--")) {
          takesText |= word.charAt(0) == '-' && word.indexOf('c') > 0;
          i += word.endsWith("o") || word.endsWith("O") ? 1 : 0;
        }
        continue;
      }
      return takesText ? word : null;
    }
    return null;
  }

  /** A login shell's name starts with a dash. */
  private static String login(String name) {
    return name.startsWith("-") ? name.substring(1) : name;
  }

  /** The vector as a line that a shell would split into the same words. */
  static String quoted(List<String> argv) {
    StringBuilder line = new StringBuilder();
    for (String word : argv) {
      if (line.length() > 0) {
        line.append(' ');
      }
      if (!word.isEmpty() && word.chars().allMatch(ShellInvocation::plain)) {
        line.append(word);
      } else {
        line.append('\'').append(word.replace("'", "'\\''")).append('\'');
      }
    }
    return line.toString();
  }

  private static boolean plain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_-./:,+@%=".indexOf(c) >= 0;
  }
}
