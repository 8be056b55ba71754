package dev.quintai.esjni;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An independent witness: what strace wrote of a run, as far as it succeeded. */
record Strace(List<String> lines) {

  /** {@code PID CALL(ARGUMENTS) = RESULT}. */
  private static final Pattern CALL = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+).*");

  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{1,3}|.)");
  private static final Pattern PATH_OF_RESULT = Pattern.compile(".* = \\d+<(.*)>");
  private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
  private static final Pattern PORT = Pattern.compile("port=htons\\((\\d+)\\)");

  /** The test is skipped where strace is not installed or may not trace. */
  static void need() throws Exception {
    boolean present;
    try {
      present =
          new ProcessBuilder("strace", "-f", "-e", "trace=none", "-o", "/dev/null", "true")
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      present = false;
    }
    assumeTrue(present, "strace is not installed or may not trace");
  }

  /** The command with strace around it, which writes to the log. */
  static String[] around(Path log, String calls, String... command) {
    return Stream.concat(
            Stream.of(
                "strace",
                "-f",
                "-y",
                "-qq",
                "-s",
                "4096",
                "-v",
                "-e",
                "signal=none",
                "-e",
                "trace=" + calls,
                "-o",
                log.toString()),
            Stream.of(command))
        .toArray(String[]::new);
  }

  /** Reads a log. A call that another process's call interrupts is one line again. */
  static Strace read(Path log) throws IOException {
    Map<String, String> unfinished = new HashMap<>();
    List<String> whole = new ArrayList<>();
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher rest = RESUMED.matcher(line);
      if (line.endsWith(" <unfinished ...>")) {
        unfinished.put(line.split(" ", 2)[0], line.replace(" <unfinished ...>", ""));
      } else if (rest.matches()) {
        whole.add(unfinished.remove(rest.group(1)) + rest.group(2));
      } else {
        whole.add(line);
      }
    }
    return new Strace(whole);
  }

  /** Calls by these names, whatever came of them: thread, name, arguments, result. */
  Stream<Matcher> calls(String... names) {
    return lines.stream()
        .map(CALL::matcher)
        .filter(Matcher::matches)
        .filter(call -> List.of(names).contains(call.group(2)));
  }

  /**
   * {@code execve("/bin/cat", ["cat", "file"], [environment])}: the pid and the arguments, of a
   * script those that its interpreter gets.
   */
  List<String> execs() {
    return calls("execve", "execveat")
        .filter(call -> !call.group(4).startsWith("-"))
        .map(
            call -> {
              int start = call.group(3).indexOf('[');
              int end = call.group(3).indexOf("], [", start);
              String path = quoted(call.group(3)).get(0);
              return call.group(1)
                  + interpreted(path, quoted(call.group(3).substring(start, end + 1)));
            })
        .sorted()
        .toList();
  }

  /**
   * {@code openat(AT_FDCWD</w>, "name", FLAGS) = 3</path>}: the thread and where the descriptor
   * leads, but for directories and handles without access.
   */
  List<String> opens() {
    return calls("open", "openat", "openat2", "creat")
        .filter(call -> !call.group(4).startsWith("-"))
        .filter(call -> !call.group(3).contains("O_DIRECTORY"))
        .filter(call -> !call.group(3).contains("O_PATH"))
        .map(
            call -> {
              Matcher path = PATH_OF_RESULT.matcher(call.group());
              if (!path.matches()) {
                throw new IllegalStateException(call.group());
              }
              return call.group(1) + " " + path.group(1).replaceAll("<.*", "");
            })
        .filter(line -> !Files.isDirectory(Path.of(line.substring(line.indexOf(' ') + 1))))
        .sorted()
        .toList();
  }

  /** The process, address and port of each connection that was asked for over IP. */
  List<String> connections() {
    return calls("connect")
        .filter(call -> call.group(3).contains("sa_family=AF_INET"))
        .map(
            call -> {
              Matcher port = PORT.matcher(call.group(3));
              if (!port.find()) {
                throw new IllegalStateException(call.group());
              }
              String address = call.group(3).contains("::1") ? "::1" : "127.0.0.1";
              return call.group(1) + " " + address + " " + port.group(1);
            })
        .sorted()
        .toList();
  }

  /** The kernel puts the interpreter, its one argument, and the script's path before the rest. */
  private static List<String> interpreted(String path, List<String> arguments) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      String head = new String(in.readNBytes(256), StandardCharsets.ISO_8859_1);
      if (!head.startsWith("#!")) {
        return arguments;
      }
      List<String> all =
          new ArrayList<>(
              List.of(head.substring(2).lines().findFirst().orElse("").strip().split("\\s+", 2)));
      all.add(path);
      all.addAll(arguments.subList(1, arguments.size()));
      return all;
    } catch (IOException e) {
      return arguments; // it is gone
    }
  }

  private static List<String> quoted(String text) {
    return QUOTED.matcher(text).results().map(match -> unescaped(match.group(1))).toList();
  }

  /** As in C, octal numbers among it. */
  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            escape -> {
              String what = escape.group(1);
              int letter = "abtnvfr".indexOf(what.charAt(0));
              char meant =
                  Character.isDigit(what.charAt(0))
                      ? (char) Integer.parseInt(what, 8)
                      : letter >= 0 ? (char) (7 + letter) : what.charAt(0);
              return Matcher.quoteReplacement(String.valueOf(meant));
            });
  }
}
