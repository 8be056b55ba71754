package dev.quintai.daemon.run;

import dev.quintai.daemon.cli.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quint daemon}: watches the agents of this machine until it is ended. */
@Command(
    name = "daemon",
    description =
        "Watches the agents of this machine until it is ended. Findings go to standard output as JSON"
            + " Lines, each revision as it is raised; watch shows the rest.")
public final class DaemonCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration (default: config.yaml in the data folder, if it is there).")
  Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder (default: ~/.quint).")
  Path data = DataDirectory.standard();

  @Mixin Upstreams upstreams = new Upstreams();

  /** For picocli. */
  public DaemonCommand() {}

  @Override
  public Integer call() throws IOException {
    DataDirectory folder = DataDirectory.open(data);
    DaemonSettings settings = DaemonSettings.read(config, folder.path());
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    new Daemon(folder, settings, upstreams, out, System.err).run();
    return ExitCode.DONE;
  }
}
