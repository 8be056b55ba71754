package dev.quintai.daemon.audit;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which log a command is about. */
final class LogFile {
  static final String NAME = "quint.db";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The log; default: " + NAME + " in the data directory.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory; default: ~/.quint.")
  private Path data;

  Path path() {
    if (file != null) {
      return file;
    }
    Path directory = data != null ? data : Path.of(System.getProperty("user.home"), ".quint");
    return directory.resolve(NAME);
  }
}
