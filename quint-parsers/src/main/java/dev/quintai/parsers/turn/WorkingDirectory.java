package dev.quintai.parsers.turn;

import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.Words;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the working directory that an agent states in its prompt.
 *
 * <p>Read are: {@code Working directory: /path} in any case and with words before it (Claude Code,
 * opencode, pi), {@code <cwd>/path</cwd>} (Codex), {@code Current Working Directory (/path)}
 * (Cline), {@code working in the directory: /path} (Gemini CLI, Qwen Code), and the first entry of
 * {@code Workspace Directories:} (Gemini CLI). A path is absolute, or it is not one.
 */
final class WorkingDirectory {

  /** Parts of all that is looked for, to pass over most texts quickly. */
  private static final Words SIGNS = new Words("irect", "IRECT", "<cwd>");

  /** Characters of a text that are looked at: prompts state the directory near their beginning. */
  private static final int REACH = 1 << 18;

  private static final int MAX_PATH = 4096;

  private static final Pattern STATED =
      Pattern.compile(
          "<cwd>\\s*(?<tag>[^<\\n]{1,4096})</cwd>"
              + "|(?i:working (?:in the )?directory)(?: is)?"
              + "(?::?\\s?\\((?<paren>[^)\\n]{1,4096})\\)|:\\**\\s*`?(?<line>[^\\n<`]{1,4096}))"
              + "|(?i:workspace directories):\\**\\s*-\\s*`?(?<list>[^\\n`]{1,4096})");

  private WorkingDirectory() {}

  /** The directory, or null when the text states none. */
  static String find(JsonText text) {
    if (!text.holds(SIGNS)) {
      return null;
    }
    return find(text.toString());
  }

  static String find(String text) {
    Matcher matcher = STATED.matcher(text);
    matcher.region(0, Math.min(text.length(), REACH));
    while (matcher.find()) {
      for (String group : new String[] {"tag", "paren", "line", "list"}) {
        String path = matcher.group(group);
        if (path != null && isAbsolute(path.strip())) {
          return path.strip();
        }
      }
    }
    return null;
  }

  private static boolean isAbsolute(String path) {
    if (path.isEmpty() || path.length() > MAX_PATH) {
      return false;
    }
    char first = path.charAt(0);
    return first == '/'
        || first == '~'
        || path.startsWith("\\\\")
        || (path.length() > 2 && Character.isLetter(first) && path.charAt(1) == ':');
  }
}
