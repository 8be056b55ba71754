package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.CorrectionReceiver;
import dev.quintai.signatures.Receipt;
import dev.quintai.signatures.SignatureFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code quint signatures receive}: takes what a channel publishes from standard input, so that any
 * transport that can write lines can feed it.
 */
@Command(
    name = "receive",
    mixinStandardHelpOptions = true,
    description =
        "Takes signatures that a channel publishes from standard input, a message a line, until it"
            + " ends. They start in the shadow lane, and held when they would match too much of what"
            + " was benign here. Prints what became of each.")
final class ReceiveCommand implements Callable<Integer> {

  @Option(
      names = "--keyring",
      paramLabel = "K",
      required = true,
      description = "The keys to believe.")
  Path keyring;

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      required = true,
      description = "Where they come from: org:ID or global.")
  String channel;

  @Mixin TrialOption trial;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Channel from = UpdateSignaturesCommand.channel(spec, channel);
    CorrectionReceiver receiver =
        new CorrectionReceiver(
            data.open(err),
            Inputs.keyring(keyring),
            data.history(trial.limits(), err),
            data.policy(),
            InstantSource.system());
    PrintStream out = Lines.standardOutput();
    InputStream in = new BufferedInputStream(System.in);
    for (byte[] line = line(in); line != null; line = line(in)) {
      if (line.length > 0) {
        take(receiver, from, line, out);
      }
    }
    if (receiver.refused() > 0) {
      err.println(
          "quint: "
              + receiver.refused()
              + " messages turned away: nothing is taken from the global channel here (signatures"
              + " federation --receive true opens it)");
    }
    return receiver.rejected() > 0 || receiver.refused() > 0 ? ExitCode.FOUND : ExitCode.DONE;
  }

  /**
   * The next line, or null at the end. Of one that is too long only as much is kept as shows that
   * it is, so that it is refused and the next one read.
   */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() <= SignatureFile.MAX_BYTES) {
        line.write(next);
      }
    }
    return line.toByteArray();
  }

  private static void take(
      CorrectionReceiver receiver, Channel from, byte[] message, PrintStream out) {
    try {
      List<Receipt> receipts = receiver.receive(from, message);
      for (Receipt receipt : receipts) {
        out.print(Lines.receipt(receipt));
        out.print('\n');
      }
      out.flush();
    } catch (IOException e) {
      throw new Failure("not stored: " + Failure.explain(e), e);
    }
  }
}
