package dev.quintai.core.shell;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Programs and builtins that run the command which their arguments name, and how to find it there.
 * Options are those of coreutils 9, util-linux 2.38, sudo 1.9, doas 6.8, findutils 4.9 and strace 6
 * as their manuals give them.
 */
final class Wrappers {

  /**
   * How a wrapper takes its command.
   *
   * @param valued options that take the next word as their value (short letters without dash, long
   *     names without dashes)
   * @param operands words before the command that are not options
   * @param assignments whether {@code name=value} words may stand before the command
   * @param privileged whether the command runs with another user's rights
   * @param builtin whether the shell does it itself, without a program of that name
   */
  record Spec(
      Set<String> valued, int operands, boolean assignments, boolean privileged, boolean builtin) {}

  private static final Map<String, Spec> TABLE = new HashMap<>();

  static {
    plain("nohup");
    plain("setsid");
    plain("nice", "n", "adjustment");
    plain("ionice", "c", "n", "class", "classdata");
    plain("stdbuf", "i", "o", "e", "input", "output", "error");
    plain("time", "f", "o", "format", "output");
    plain("strace", "o", "e", "s", "p", "a", "b", "E", "I", "O", "S", "u", "X", "P", "U");
    plain("ltrace", "o", "e", "s", "p", "a", "A", "D", "F", "l", "n", "u", "w", "x");
    plain("caffeinate", "t", "w");
    plain("unbuffer");
    plain("unshare", "R", "w", "S", "G", "root", "wd", "setuid", "setgid", "map-user", "map-group");
    plain("nsenter", "t", "S", "G", "target", "setuid", "setgid", "wd");
    plain("systemd-run", "p", "u", "H", "M", "property", "unit", "slice", "uid", "gid", "E");
    plain("systemd-inhibit");
    plain("dbus-run-session", "config-file");
    plain("xvfb-run", "e", "f", "n", "p", "s", "w");
    plain("faketime");
    plain("proxychains", "f");
    plain("proxychains4", "f");
    plain("torsocks", "a", "P", "u", "p");
    plain("setarch", "p");
    plain("numactl", "i", "N", "m", "C", "p", "interleave", "cpunodebind", "membind");
    plain("watchexec", "w", "e", "i", "d");
    operands("timeout", 1, "s", "k", "signal", "kill-after");
    operands("chrt", 1, "T", "P", "D");
    operands("taskset", 1);
    operands("chroot", 1, "userspec", "groups");
    operands("flock", 1, "w", "E", "timeout", "conflict-exit-code");
    operands("faketime", 1);
    TABLE.put("env", new Spec(Set.of("u", "C", "unset", "chdir"), 0, true, false, false));
    TABLE.put(
        "sudo",
        new Spec(
            Set.of(
                "u",
                "g",
                "h",
                "p",
                "C",
                "r",
                "t",
                "T",
                "U",
                "D",
                "R",
                "user",
                "group",
                "host",
                "prompt",
                "close-from",
                "role",
                "type",
                "command-timeout",
                "other-user",
                "chdir",
                "chroot"),
            0,
            true,
            true,
            false));
    TABLE.put("doas", new Spec(Set.of("u", "C", "a"), 0, false, true, false));
    TABLE.put("pkexec", new Spec(Set.of("u", "user"), 0, false, true, false));
    TABLE.put("gksudo", new Spec(Set.of("u", "g", "m"), 0, false, true, false));
    TABLE.put("command", new Spec(Set.of(), 0, false, false, true));
    TABLE.put("builtin", new Spec(Set.of(), 0, false, false, true));
    TABLE.put("exec", new Spec(Set.of("a"), 0, false, false, true));
    TABLE.put("busybox", new Spec(Set.of(), 0, false, false, false));
    TABLE.put("toybox", new Spec(Set.of(), 0, false, false, false));
  }

  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "rbash", "yash", "fish");

  private static final Set<String> PRIVILEGED =
      Set.of("sudo", "doas", "pkexec", "gksudo", "su", "runuser");

  private Wrappers() {}

  private static void plain(String name, String... valued) {
    TABLE.put(name, new Spec(Set.of(valued), 0, false, false, false));
  }

  private static void operands(String name, int operands, String... valued) {
    TABLE.put(name, new Spec(Set.of(valued), operands, false, false, false));
  }

  static Spec of(String program) {
    return TABLE.get(program);
  }

  /** Whether the program is a shell that takes {@code -c} and scripts. */
  static boolean shell(String program) {
    return SHELLS.contains(program);
  }

  static boolean privileged(String step) {
    return PRIVILEGED.contains(step);
  }

  /**
   * Where the command begins in the words of a wrapper, or the number of words when it names none.
   */
  static int commandStart(Spec spec, List<ResolvedWord> words) {
    int at = 1;
    while (at < words.size()) {
      String word = words.get(at).text();
      if (word.equals("--")) {
        at++;
        break;
      }
      if (word.startsWith("--")) {
        int equals = word.indexOf('=');
        at += equals < 0 && spec.valued().contains(word.substring(2)) ? 2 : 1;
      } else if (word.length() > 1 && word.charAt(0) == '-') {
        at += takesNext(spec.valued(), word) ? 2 : 1;
      } else if (spec.assignments() && assignment(word) >= 0) {
        at++;
      } else {
        break;
      }
    }
    at += spec.operands();
    while (spec.assignments() && at < words.size() && assignment(words.get(at).text()) >= 0) {
      at++;
    }
    return Math.min(at, words.size());
  }

  /** Whether the cluster of short options ends in one whose value is the next word. */
  static boolean takesNext(Set<String> valued, String word) {
    for (int i = 1; i < word.length(); i++) {
      if (valued.contains(String.valueOf(word.charAt(i)))) {
        return i == word.length() - 1;
      }
    }
    return false;
  }

  /** The place of the {@code =} of an assignment, or -1 when the word is none. */
  static int assignment(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0 || !WordParser.nameStart(word.charAt(0))) {
      return -1;
    }
    for (int i = 1; i < equals; i++) {
      if (!WordParser.nameChar(word.charAt(i))) {
        return -1;
      }
    }
    return equals;
  }
}
