package dev.quintai.esjni;

/**
 * What {@code /proc/PID/stat} says of a process.
 *
 * @param pid its pid
 * @param comm its short name, at most 15 bytes
 * @param state the state's letter; {@code Z} is a zombie
 * @param ppid its parent's pid, 0 for none
 * @param processGroup its process group
 * @param session its session
 * @param threads how many threads it has
 * @param startTicks when it was forked, in clock ticks since boot
 */
public record ProcStat(
    int pid,
    String comm,
    char state,
    int ppid,
    int processGroup,
    int session,
    int threads,
    long startTicks) {

  private static final int FIRST_FIELD = 3;
  private static final int FIELDS_NEEDED = 22;

  /**
   * Reads the text of the file. A name may hold any character, parentheses and newlines too: the
   * last closing parenthesis ends it.
   *
   * @return null when the text is not of that form
   */
  static ProcStat parse(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 2 || close < open) {
      return null;
    }
    String[] fields = text.substring(close + 1).strip().split(" ");
    if (fields.length + FIRST_FIELD - 1 < FIELDS_NEEDED || fields[0].length() != 1) {
      return null;
    }
    try {
      return new ProcStat(
          Integer.parseInt(text.substring(0, open).strip()),
          text.substring(open + 1, close),
          fields[0].charAt(0),
          Integer.parseInt(fields[4 - FIRST_FIELD]),
          Integer.parseInt(fields[5 - FIRST_FIELD]),
          Integer.parseInt(fields[6 - FIRST_FIELD]),
          Integer.parseInt(fields[20 - FIRST_FIELD]),
          Long.parseLong(fields[22 - FIRST_FIELD]));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
