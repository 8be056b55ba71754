package dev.quintai.daemon.live;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.run.DataDirectory;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code quint watch}: the live view of what runs under {@code run} or {@code daemon}. */
@Command(
    name = "watch",
    description =
        "Shows live what agents say and do, from another terminal. Ends with the last of them.")
public final class WatchCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder (default: ~/.quint).")
  Path data = DataDirectory.standard();

  @Option(names = "--json", description = "Prints the lines as they come, as JSON.")
  boolean json;

  /** For picocli. */
  public WatchCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Path> sockets = sockets();
    if (sockets.isEmpty()) {
      throw new Failure(
          "nothing runs on "
              + data
              + "; start an agent with: quint run --data "
              + data
              + " -- CMD");
    }
    PrintStream out =
        json
            ? new PrintStream(
                new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
            : System.out;
    List<Thread> threads = new ArrayList<>();
    for (Path socket : sockets) {
      Thread thread = new Thread(() -> follow(socket, out), "quint-watch");
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return ExitCode.DONE;
  }

  private List<Path> sockets() throws IOException {
    Path folder = data.resolve("live");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> alive = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".sock") && alive(name.substring(0, name.length() - 5))) {
          alive.add(file);
        }
      }
    }
    return alive;
  }

  private static boolean alive(String pid) {
    try {
      return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void follow(Path socket, PrintStream out) {
    try (SocketChannel channel =
            SocketChannel.open(UnixDomainSocketAddress.of(socket.toRealPath()));
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.println(json ? line : LiveText.of(line, Ansi.AUTO));
        if (out.checkError()) {
          return; // nobody reads what we write
        }
      }
    } catch (IOException e) {
      System.err.println("quint: " + socket + ": " + Failure.explain(e));
    }
  }
}
