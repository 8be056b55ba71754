package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint score}: how suspicious recorded sessions of tool calls are. */
@Command(
    name = "score",
    description =
        "Scores sessions of tool calls (JSON Lines), 0 to 1, from what can be told without the"
            + " operating system's view.")
public final class ScoreCommand implements Callable<Integer> {

  @Option(
      names = "--baseline",
      paramLabel = "BENIGN.jsonl",
      description = "Harmless sessions that teach what is usual, by suite.")
  Path baseline;

  @Parameters(paramLabel = "SESSIONS.jsonl", description = "The sessions to score.")
  Path sessions;

  @Spec CommandSpec spec;

  private long bad;

  /** For the command line's own use. */
  public ScoreCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    SessionScorer scorer = new SessionScorer(SignatureSet.of(BuiltInSignatures.all(), List.of()));
    if (baseline != null) {
      each(baseline, err, scorer::learn);
    }
    PrintStream out = Lines.standardOutput();
    each(sessions, err, session -> out.print(line(session, scorer.score(session))));
    out.flush();
    return bad > 0 ? ExitCode.FOUND : ExitCode.DONE;
  }

  private static String line(ScoredSession session, SessionScorer.Score score) {
    return Lines.object(
            out -> {
              out.writeStringField("id", session.id());
              out.writeNumberField("score", score.value());
              Lines.strings(out, "reasons", score.reasons());
            })
        + "\n";
  }

  private void each(Path file, PrintWriter err, Consumer<ScoredSession> each) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        ScoredSession session;
        try {
          session = ScoredSession.parse(line);
        } catch (IOException e) {
          bad++;
          err.println(file + ":" + number + ": " + e.getMessage());
          continue;
        }
        each.accept(session);
      }
    }
  }
}
