package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.signatures.Measures.Measure;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code quint score-report}: how well scores tell attacks from benign sessions, on labelled
 * sessions: {@code label} ({@code benign}, {@code attacked-succeeded}, {@code attacked-failed}) and
 * {@code exposed} (false: the agent never read the injection) beside what {@code score} reads.
 *
 * <p>The benign sessions are split three ways: a half teaches the baseline, a quarter sets the
 * threshold, a quarter is judged by it. With {@code --unseen-tasks} the split is by {@code
 * user_task}, so that no judged task was ever seen.
 */
@Command(
    name = "score-report",
    mixinStandardHelpOptions = true,
    description =
        "Reports how well scores tell attacks from benign sessions (labelled JSON Lines).")
public final class ScoreReportCommand implements Callable<Integer> {

  @Option(
      names = "--unseen-tasks",
      description = "Splits by user task: what is judged has never been taught.")
  boolean unseenTasks;

  @Option(names = "--no-goal", description = "Without the users' requests.")
  boolean noGoal;

  /** What of a session is judged. */
  enum By {
    /** How near the flow of the whole session comes to a signature, without its conditions. */
    FLOW,
    /** Matches of the signatures, with windows and conditions, by severity. */
    SIGNATURES,
    /** All that {@code score} takes into account. */
    ALL;

    double of(Measures measures, Set<Measure> some) {
      return switch (this) {
        case FLOW -> measures.flow();
        case SIGNATURES -> measures.signature();
        case ALL -> measures.probability(some);
      };
    }
  }

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      defaultValue = "all",
      description =
          "What is judged: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}): the flow of the"
              + " whole session, the signatures with windows and conditions, or the whole score.")
  By by;

  @Option(
      names = "--measures",
      paramLabel = "MEASURE",
      split = ",",
      description = "Only these measures of the whole score: ${COMPLETION-CANDIDATES}.")
  List<Measure> only = List.of();

  @Option(
      names = "--leave-one-out",
      description =
          "Weighs the measures of each suite's sessions by what tells the attacks of the other"
              + " suites, instead of by the product's weights. Suites whose names end alike"
              + " (behind the first hyphen) are left out together.")
  boolean leaveOneOut;

  @Option(
      names = "--splits",
      paramLabel = "N",
      defaultValue = "1",
      description = "The mean over this many splits of the sessions (default: ${DEFAULT-VALUE}).")
  int splits;

  @Option(
      names = "--false-positives",
      paramLabel = "SHARE",
      split = ",",
      defaultValue = "0.01,0.05",
      description = "Shares of benign sessions over the threshold (default: ${DEFAULT-VALUE}).")
  List<Double> falsePositives;

  @Parameters(paramLabel = "LABELLED.jsonl", description = "The sessions.")
  Path sessions;

  /** For the command line's own use. */
  public ScoreReportCommand() {}

  @Override
  public Integer call() throws IOException {
    Set<Measure> some = only.isEmpty() ? EnumSet.allOf(Measure.class) : EnumSet.copyOf(only);
    ScoreTable table = new ScoreTable(falsePositives);
    for (int split = 0; split < splits; split++) {
      List<JudgedSession> judged = judge(split, some);
      table.add(leaveOneOut ? JudgedSession.byTheOthers(judged) : judged);
    }
    table.print(Lines.standardOutput());
    return ExitCode.DONE;
  }

  private List<JudgedSession> judge(int split, Set<Measure> some) throws IOException {
    SessionScorer scorer = new SessionScorer(SignatureSet.of(BuiltInSignatures.all(), List.of()));
    each(
        (session, fields) -> {
          if ("benign".equals(fields.get("label")) && slot(split, session, fields) < 2) {
            scorer.learn(session);
          }
        });
    List<JudgedSession> judged = new ArrayList<>();
    each(
        (session, fields) -> {
          int slot = slot(split, session, fields);
          if ("benign".equals(fields.get("label")) && slot < 2) {
            return;
          }
          ScoredSession seen =
              noGoal
                  ? new ScoredSession(session.id(), session.suite(), "", session.calls())
                  : session;
          Measures measures = scorer.measure(seen);
          judged.add(
              new JudgedSession(
                  session.suite(),
                  String.valueOf(fields.get("label")),
                  Boolean.FALSE.equals(fields.get("exposed")),
                  session.calls().size(),
                  slot % 2 == 0,
                  measures,
                  by.of(measures, some)));
        });
    return judged;
  }

  /** One of four, by the session's id or its task: the same on every run. */
  private int slot(int split, ScoredSession session, Map<?, ?> fields) {
    String key = unseenTasks ? session.suite() + fields.get("user_task") : session.id();
    // A multiplicative mix, since String.hashCode keeps similar names together.
    int hash = split == 0 ? key.hashCode() : (split + " " + key).hashCode();
    return (hash * 0x9E3779B9) >>> 30;
  }

  private interface Each {
    void take(ScoredSession session, Map<?, ?> fields);
  }

  private void each(Each each) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(sessions), StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          each.take(ScoredSession.parse(line), (Map<?, ?>) JsonTree.read(line));
        } catch (IOException e) {
          throw new Failure(sessions + ":" + number + ": " + e.getMessage(), e);
        }
      }
    }
  }
}
