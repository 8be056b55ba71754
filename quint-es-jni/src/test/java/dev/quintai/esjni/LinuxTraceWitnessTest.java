package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same run is seen by strace, inside the watched tree, and by us: what strace saw succeed is
 * what we told, process by process, no more and no less.
 */
class LinuxTraceWitnessTest {

  private static final String PIPELINES =
      "ls / | sort | head -2; echo $(cat /etc/hostname | wc -c); (cd /; sh -c 'cat /etc/hostname; exit 3');"
          + " for i in 1 2 3 4 5; do env true & done; wait; find /etc -maxdepth 1 -name 'h*' -exec cat {} +;"
          + " no-such-program; /; sed -n 1p /etc/passwd > out; sed -i s/a/b/ out; mv out new; cp new copy;"
          + " ln -s new link; cat link missing; rm -f new copy absent; xargs -n 1 echo < /etc/hostname";

  /** {@code PID CALL(ARGUMENTS) = RESULT}. */
  private static final Pattern CALL = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+).*");

  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern PATH_OF_RESULT = Pattern.compile(".* = \\d+<(.*)>");

  @TempDir Path temp;

  @BeforeEach
  void needStrace() throws Exception {
    boolean present;
    try {
      present =
          new ProcessBuilder("strace", "-f", "-e", "trace=none", "-o", "/dev/null", "true")
                  .start()
                  .waitFor()
              == 0;
    } catch (java.io.IOException e) {
      present = false;
    }
    assumeTrue(present, "strace is not installed or may not trace");
  }

  private record Run(Traced traced, List<String> log) {

    /** What strace saw of some calls, as far as they succeeded. */
    Stream<Matcher> succeeded(String... calls) {
      return log.stream()
          .map(CALL::matcher)
          .filter(Matcher::matches)
          .filter(call -> List.of(calls).contains(call.group(2)))
          .filter(call -> !call.group(4).startsWith("-"));
    }

    <T extends Event> List<String> told(Class<T> type, Function<T, String> text) {
      return traced.all(type).stream().map(text).sorted().toList();
    }
  }

  private Run run(String calls, String... command) throws Exception {
    Path log = temp.resolve("strace.log");
    String[] witnessed =
        Stream.concat(
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
    Traced traced = Traced.run(temp, witnessed);
    return new Run(traced, joined(Files.readAllLines(log, StandardCharsets.ISO_8859_1)));
  }

  /** strace splits a call that another process's call interrupts; here it is one line again. */
  private static List<String> joined(List<String> lines) {
    java.util.Map<String, String> unfinished = new java.util.HashMap<>();
    List<String> whole = new java.util.ArrayList<>();
    Pattern resumed = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
    for (String line : lines) {
      Matcher rest = resumed.matcher(line);
      if (line.endsWith(" <unfinished ...>")) {
        unfinished.put(line.split(" ", 2)[0], line.replace(" <unfinished ...>", ""));
      } else if (rest.matches()) {
        whole.add(unfinished.remove(rest.group(1)) + rest.group(2));
      } else {
        whole.add(line);
      }
    }
    return whole;
  }

  private static List<String> quoted(String text) {
    return QUOTED.matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  void everyExecIsTheWitnesss() throws Exception {
    Run run = run("execve,execveat", "sh", "-c", PIPELINES);

    // execve("/bin/cat", ["cat", "file"], [environment])
    List<String> witnessed =
        run.succeeded("execve", "execveat")
            .map(
                call -> {
                  int start = call.group(3).indexOf('[');
                  int end = call.group(3).indexOf("], [", start);
                  return call.group(1) + quoted(call.group(3).substring(start, end + 1));
                })
            .sorted()
            .toList();
    List<String> told =
        run.told(ProcessExec.class, exec -> exec.process().pid() + exec.argv().toString()).stream()
            .filter(text -> !text.contains("[strace, "))
            .toList();
    assertThat(witnessed).hasSizeGreaterThan(25);
    assertThat(told).containsExactlyElementsOf(witnessed);
  }

  @Test
  void everyOpenIsTheWitnesss() throws Exception {
    Run run = run("open,openat,openat2,creat", "sh", "-c", PIPELINES);

    // openat(AT_FDCWD</w>, "name", FLAGS) = 3</path>; strace prints where the descriptor leads
    List<String> witnessed =
        run.succeeded("open", "openat", "openat2", "creat")
            .filter(call -> !call.group(3).contains("O_DIRECTORY"))
            .filter(call -> !call.group(3).contains("O_PATH"))
            .map(
                call -> {
                  Matcher path = PATH_OF_RESULT.matcher(call.group());
                  assertThat(path.matches()).as("%s", call.group()).isTrue();
                  return call.group(1) + " " + path.group(1).replaceAll("<.*", "");
                })
            .filter(line -> !Files.isDirectory(Path.of(line.substring(line.indexOf(' ') + 1))))
            .sorted()
            .toList();
    int strace = run.traced().root().pid();
    List<String> told =
        run.traced().all(FileEvent.class).stream()
            .filter(event -> event.process().pid() != strace)
            .filter(event -> event.access() != null)
            .filter(event -> witnessedProcess(run, event))
            .map(event -> event.process().pid() + " " + event.path())
            .sorted()
            .toList();
    assertThat(witnessed).hasSizeGreaterThan(100);
    assertThat(told).containsExactlyElementsOf(witnessed);
  }

  /** Between its fork and its first exec a child is strace itself, which it does not show. */
  private static boolean witnessedProcess(Run run, FileEvent event) {
    return run.traced().all(ProcessExec.class).stream()
        .filter(exec -> exec.argv().get(0).equals("sh"))
        .findFirst()
        .map(exec -> event.origin().seq() > exec.origin().seq())
        .orElse(false);
  }

  @Test
  void everyConnectionIsTheWitnesss() throws Exception {
    Files.writeString(temp.resolve("file"), "");
    String acts = Acts.program().toString();
    Run run =
        run(
            "connect",
            "sh",
            "-c",
            "for port in 1 2 3 4 5; do %s connect4 $port; %s connect6 $port; done"
                .formatted(acts, acts));

    List<String> witnessed =
        run.log().stream()
            .map(CALL::matcher)
            .filter(Matcher::matches)
            .filter(call -> call.group(3).contains("sa_family=AF_INET"))
            .map(
                call -> {
                  Matcher port = Pattern.compile("port=htons\\((\\d+)\\)").matcher(call.group(3));
                  assertThat(port.find()).isTrue();
                  String address = call.group(3).contains("::1") ? "::1" : "127.0.0.1";
                  return call.group(1) + " " + address + " " + port.group(1);
                })
            .sorted()
            .toList();
    assertThat(witnessed).hasSizeGreaterThanOrEqualTo(5);
    assertThat(
            run.told(
                NetworkConnect.class,
                event -> event.process().pid() + " " + event.remoteIp() + " " + event.remotePort()))
        .isEqualTo(witnessed);
  }
}
