package dev.quintai.parsers.turn;

import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.Words;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the working directory that an agent states in its prompt, in the bytes of the wire, so that
 * a long prompt need neither be decoded nor kept.
 *
 * <p>Read are: {@code Working directory: /path} in any case and with words before it (Claude Code,
 * opencode, pi), {@code <cwd>/path</cwd>} (Codex), {@code Current Working Directory (/path)}
 * (Cline), {@code working in the directory: /path} (Gemini CLI, Qwen Code), and the first entry of
 * {@code Workspace Directories:} (Gemini CLI). A path is absolute, or it is not one.
 *
 * <p>Not thread-safe. Allocates where a text comes in pieces and states a directory.
 */
final class WorkingDirectory {

  /** How each of the statements begins. */
  private static final Words SIGNS =
      new Words(
          "working dire|ctory", "working in the dire|ctory", "workspace dire|ctories", "|<cwd>");

  /** Bytes of a text in which a statement may begin: prompts have it near their beginning. */
  private static final int REACH = 1 << 18;

  private static final int MAX_PATH = 4096;

  /** Bytes from the beginning of a statement that are looked at. */
  private static final int SPAN = 2 * MAX_PATH;

  private static final Pattern STATED =
      Pattern.compile(
          "<cwd>\\s*(?<tag>[^<\\n]{1,4096})</cwd>"
              + "|(?i:working (?:in the )?directory)(?: is)?"
              + "(?::?\\s?\\((?<paren>[^)\\n]{1,4096})\\)|:\\**\\s*`?(?<line>[^\\n<`]{1,4096}))"
              + "|(?i:workspace directories):\\**\\s*-\\s*`?(?<list>[^\\n`]{1,4096})");

  private static final String[] GROUPS = {"tag", "paren", "line", "list"};

  private static final int OVERLAP = SIGNS.longest() - 1;

  // A text that comes in pieces: how much was read, and its last bytes that are still of interest,
  // which are as many as may begin a sign, or, once there was one, all that may state a directory.
  private long read;
  private byte[] held = new byte[2 * OVERLAP];
  private int heldLength;
  private boolean signMet;

  WorkingDirectory() {}

  /**
   * Takes the next piece of a text, as on the wire.
   *
   * @param last whether the text ends here
   * @return the directory, or null where none is stated up to there
   */
  String piece(byte[] bytes, int from, int to, boolean last) {
    if (read == 0 && last) {
      return find(bytes, from, to, REACH);
    }
    String found = null;
    if (read - heldLength < REACH) {
      int end = (int) Math.min(to, from + REACH + SPAN - read);
      if (!signMet) {
        lookForSign(bytes, from, end);
      } else {
        hold(bytes, from, end);
      }
      read += end - from;
      found = signMet ? findHeld(last || end < to) : null;
    }
    if (last) {
      restart();
    }
    return found;
  }

  /** Forgets a text whose last piece never came. */
  void restart() {
    read = 0;
    heldLength = 0;
    signMet = false;
  }

  /** Holds what begins with a sign, or else the end of what was read. */
  private void lookForSign(byte[] bytes, int from, int to) {
    int before = heldLength;
    hold(bytes, from, Math.min(to, from + OVERLAP));
    int sign = SIGNS.find(held, 0, heldLength);
    if (sign < 0) {
      heldLength = before;
      sign = SIGNS.find(bytes, from, to);
      signMet = sign >= 0;
      if (signMet) {
        heldLength = 0;
        hold(bytes, sign, to);
      } else {
        int kept = Math.min(to - from, OVERLAP);
        drop(Math.max(0, before - (OVERLAP - kept)));
        hold(bytes, to - kept, to);
      }
    } else {
      signMet = true;
      heldLength = before;
      hold(bytes, from, to);
      drop(sign);
    }
  }

  /** A statement whose end may still come is looked at when it is there. */
  private String findHeld(boolean whole) {
    int certain = whole ? heldLength : heldLength - SPAN;
    long reach = Math.min(certain, REACH - (read - heldLength));
    if (reach <= 0) {
      return null;
    }
    String found = find(held, 0, heldLength, (int) reach);
    drop((int) reach);
    return found;
  }

  private void hold(byte[] bytes, int from, int to) {
    int count = to - from;
    if (heldLength + count > held.length) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, heldLength + count));
    }
    System.arraycopy(bytes, from, held, heldLength, count);
    heldLength += count;
  }

  private void drop(int count) {
    heldLength -= count;
    System.arraycopy(held, count, held, 0, heldLength);
  }

  /** The first directory that is stated in [from, to), by a sign that begins within the reach. */
  private static String find(byte[] bytes, int from, int to, int reach) {
    int end = (int) Math.min(to, (long) from + reach + OVERLAP);
    int sign = SIGNS.find(bytes, from, end);
    while (sign >= 0 && sign - from < reach) {
      String path = stated(JsonText.decode(bytes, sign, Math.min(to, sign + SPAN)));
      if (path != null) {
        return path;
      }
      sign = SIGNS.find(bytes, sign + 1, end);
    }
    return null;
  }

  private static String stated(String text) {
    Matcher matcher = STATED.matcher(text);
    if (matcher.lookingAt()) {
      for (String group : GROUPS) {
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
