package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.signatures.federation.FederationPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quint signatures federation}. */
@Command(
    name = "federation",
    mixinStandardHelpOptions = true,
    description =
        "Shows or sets whether anonymised shapes may leave, and whether anything is taken from the"
            + " channel that all organisations share.")
final class FederationCommand implements Callable<Integer> {

  @Option(
      names = "--contribute",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether anonymize gives anything out.")
  Boolean contribute;

  @Option(
      names = "--receive",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether receive takes from the global channel.")
  Boolean receive;

  @Mixin DataOption data;

  @Override
  public Integer call() throws IOException {
    FederationPolicy before = data.policy();
    FederationPolicy policy =
        new FederationPolicy(
            contribute == null ? before.contribute() : contribute,
            receive == null ? before.receive() : receive);
    if (contribute != null || receive != null) {
      FederationFile.write(data.data, policy);
    }
    PrintStream out = Lines.standardOutput();
    out.println(
        Lines.object(
            json -> {
              json.writeBooleanField("contribute", policy.contribute());
              json.writeBooleanField("receive", policy.receive());
            }));
    out.flush();
    return ExitCode.DONE;
  }
}
