package dev.quintai.esjni;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks {@code lsof} for the working directory of a process, where there is no {@code /proc} that
 * tells it. It starts a program each time, so it is for an agent that was just found, never for
 * every event. One that did not answer in time is not asked again: what held it (a network file
 * system, mostly) holds the next one too. Not thread-safe.
 */
final class Lsof {

  /** Name of this sensor in {@link dev.quintai.core.event.Origin#source()}. */
  static final String NAME = "lsof";

  /** How long one question may take. */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Most bytes of an answer; it is three lines, one of them a path. */
  static final int ANSWER_MAX = 16 * 1024;

  /** Where systems install it: never looked up in a PATH that an agent may have written. */
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/lsof"), Path.of("/usr/bin/lsof"));

  private final Path program;
  private final Duration timeout;
  private boolean gaveUp;

  Lsof() {
    this(PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null), TIMEOUT);
  }

  Lsof(Path program, Duration timeout) {
    this.program = program;
    this.timeout = timeout;
  }

  /** The process's working directory, or null where it cannot be told. */
  String cwd(int pid) {
    if (program == null || gaveUp) {
      return null;
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(), "-a", "-p", Integer.toString(pid), "-d", "cwd", "-Fn")
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C"); // one way of writing names on all systems
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      gaveUp = true;
      return null;
    }
    try (InputStream out = process.getInputStream()) {
      // An answer fits into the pipe; a program that fills it does not end, and is ended.
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        gaveUp = true;
        return null;
      }
      byte[] answer = out.readNBytes(ANSWER_MAX + 1);
      return answer.length > ANSWER_MAX ? null : folder(answer);
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
      return null;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The folder in an answer of {@code -Fn}: a line for each field, its letter first. */
  static String folder(byte[] answer) {
    for (String line : new String(answer, StandardCharsets.ISO_8859_1).split("\n")) {
      if (line.startsWith("n")) {
        return name(line.substring(1));
      }
    }
    return null;
  }

  /** Undoes how {@code lsof} writes what is not plain ASCII; null for what is no path. */
  private static String name(String text) {
    if (!text.startsWith("/") || text.matches(".* \\((readlink|l?stat|open): [^)]*\\)")) {
      return null; // it says so in the name when it was not allowed to look
    }
    ByteArrayOutputStream path = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        path.write(c);
        continue;
      }
      char what = ++i < text.length() ? text.charAt(i) : 0;
      int at = "\\bfnrt".indexOf(what);
      if (what == 'x' && text.substring(i + 1).matches("(?s)[0-9a-f]{2}.*")) {
        path.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else if (at >= 0) {
        path.write("\\\b\f\n\r\t".charAt(at));
      } else {
        return null;
      }
    }
    return ProcFs.withoutDeleted(path.toString(StandardCharsets.UTF_8));
  }
}
