package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.signatures.BenignHistory;
import dev.quintai.signatures.BenignSession;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quint signatures history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "Lists the benign sessions against which new signatures are tried.")
final class HistoryCommand implements Callable<Integer> {

  @Option(names = "--json", description = "A JSON object a line.")
  boolean json;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    BenignHistory history =
        data.history(BenignHistory.Limits.DEFAULTS, spec.commandLine().getErr());
    PrintStream out = Lines.standardOutput();
    if (!json) {
      out.printf("%-28s %-16s %5s %8s%n", "SESSION", "AGENT", "DEPTH", "ACTIONS");
    }
    for (BenignSession session : history.sessions()) {
      out.println(json ? object(session) : row(session));
    }
    if (!json) {
      BenignHistory.Limits limits = history.limits();
      out.printf(
          Locale.ROOT,
          "%d of at most %d sessions; from %d on, a new signature that would have matched more than"
              + " %.1f%% of them is held%n",
          history.size(),
          limits.capacity(),
          limits.minSessions(),
          100 * limits.maxShare());
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static String row(BenignSession s) {
    return "%-28s %-16s %5d %8d".formatted(s.session(), s.platform(), s.depth(), s.actions());
  }

  private static String object(BenignSession s) {
    return Lines.object(
        out -> {
          out.writeStringField("session", s.session());
          out.writeStringField("platform", s.platform());
          out.writeNumberField("depth", s.depth());
          out.writeNumberField("actions", s.actions());
        });
  }
}
