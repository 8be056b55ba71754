package dev.quintai.daemon.run;

import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program that a command line names, as the kernel will run it: found in PATH, links followed,
 * and behind a script the interpreter of its first line.
 */
final class CommandFile {

  private CommandFile() {}

  /**
   * The file that runs.
   *
   * @throws Failure when there is none, or it may not be run
   */
  static Path find(String name, String searchPath, Path directory) {
    if (name.contains("/")) {
      Path file = directory.resolve(name);
      if (!Files.exists(file)) {
        throw new Failure(name + ": no such file");
      }
      if (Files.isDirectory(file) || !Files.isExecutable(file)) {
        throw new Failure(name + ": not executable");
      }
      return file;
    }
    Path unusable = null;
    for (String folder : searchPath.split(":", -1)) {
      Path file = directory.resolve(folder.isEmpty() ? "." : folder).resolve(name);
      if (!name.isEmpty() && Files.isRegularFile(file)) {
        if (Files.isExecutable(file)) {
          return file;
        }
        unusable = unusable == null ? file : unusable;
      }
    }
    if (unusable != null) {
      throw new Failure(unusable + ": not executable");
    }
    throw new Failure("\"" + name + "\": command not found in PATH");
  }

  /** What the exec of the command will look like, for telling which agent it is. */
  static ProcessExec preview(Path file, List<String> command) throws IOException {
    List<String> argv = new ArrayList<>(command);
    Path exe = file.toRealPath();
    String interpreter = interpreter(exe);
    if (interpreter != null) {
      List<String> words = new ArrayList<>(Arrays.asList(interpreter.split("\\s+")));
      if (words.get(0).endsWith("/env")) {
        words.remove(0);
        words.removeIf(word -> word.startsWith("-") || word.contains("="));
      }
      if (!words.isEmpty()) {
        argv.set(0, file.toAbsolutePath().toString());
        argv.addAll(0, words);
        exe = Path.of(words.get(0));
      }
    }
    return new ProcessExec(
        0, ProcessId.ofPid(0), Origin.UNKNOWN, -1, exe.toString(), argv, null, -1, null, null);
  }

  /** The words after {@code #!}, or null: also where the file may be run but not read. */
  private static String interpreter(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(256);
      if (head.length < 3 || head[0] != '#' || head[1] != '!') {
        return null;
      }
      String line = new String(head, 2, head.length - 2, StandardCharsets.UTF_8);
      int end = line.indexOf('\n');
      String words = (end < 0 ? line : line.substring(0, end)).strip();
      return words.isEmpty() ? null : words;
    }
  }
}
