package dev.quintai.daemon.run;

import dev.quintai.core.Mode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A run for callers inside the daemon that are not the command line. Not thread-safe. */
public final class WatchedRun {

  private final List<String> command;
  private final Path directory;
  private final Map<String, String> environment;
  private final Path data;
  private final Map<String, InetSocketAddress> upstreams = new LinkedHashMap<>();
  private final List<Path> certificates = new ArrayList<>();

  private WatchedRun(
      List<String> command, Path directory, Map<String, String> environment, Path data) {
    this.command = command;
    this.directory = directory;
    this.environment = environment;
    this.data = data;
  }

  /** A run of a command in a folder with an environment, recorded in a data folder. */
  public static WatchedRun of(
      List<String> command, Path directory, Map<String, String> environment, Path data) {
    return new WatchedRun(command, directory, environment, data);
  }

  /** Connects to the address instead of to the host. */
  public WatchedRun upstream(String host, InetSocketAddress address) {
    upstreams.put(host, address);
    return this;
  }

  /** Trusts a certificate (PEM) for upstream. */
  public WatchedRun upstreamCertificate(Path file) {
    certificates.add(file);
    return this;
  }

  /** Runs it to its end and prints the summary. */
  public RunOutcome runAndSummarise(PrintStream out, Ansi ansi) throws IOException {
    RunOutcome outcome =
        new AgentRun(
                new RunOrder(
                    command,
                    directory,
                    environment,
                    data,
                    Mode.SHADOW,
                    null,
                    null,
                    Upstreams.of(upstreams, certificates),
                    false,
                    null,
                    null))
            .run();
    new Summary(out, ansi).print(outcome);
    return outcome;
  }
}
