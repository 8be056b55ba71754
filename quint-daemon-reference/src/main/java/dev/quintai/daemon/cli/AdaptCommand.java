package dev.quintai.daemon.cli;

import dev.quintai.daemon.events.EventWriter;
import dev.quintai.esjni.SensorFormat;
import dev.quintai.esjni.SensorStream;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint adapt}: what another sensor recorded, as events that {@code replay} reads. */
@Command(
    name = "adapt",
    description =
        "Prints the JSON Lines of another sensor as events. Exit 1 when a line cannot be read.")
final class AdaptCommand implements Callable<Integer> {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SENSOR",
      description = "Whose lines they are: ${COMPLETION-CANDIDATES}.")
  SensorFormat from;

  @Parameters(
      arity = "0..1",
      defaultValue = "-",
      paramLabel = "FILE",
      description = "The lines; standard input when it is - or absent.")
  Path file;

  @Spec CommandSpec spec;

  /** Writes out what there is before it waits for more. */
  private static final class LiveInput extends FilterInputStream {
    private final EventWriter out;

    LiveInput(InputStream in, EventWriter out) {
      super(in);
      this.out = out;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      out.flush();
      return super.read(into, offset, length);
    }
  }

  @Override
  public Integer call() throws IOException {
    boolean standard = file.toString().equals("-");
    if (!standard && Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "a file was expected, not a folder");
    }
    EventWriter out =
        new EventWriter(
            new BufferedWriter(
                new OutputStreamWriter(
                    new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8)));
    InputStream in = standard ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(file);
    try (SensorStream stream =
        new SensorStream(
            from,
            new LiveInput(in, out),
            standard ? "standard input" : file.toString(),
            spec.commandLine().getErr()::println)) {
      long bad =
          stream.read(
              event -> {
                try {
                  out.write(event);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      out.flush();
      return bad > 0 ? ExitCode.FOUND : ExitCode.DONE;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
