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
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
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
      names = "--split",
      paramLabel = "N",
      defaultValue = "0",
      description = "Another split of the sessions, by number (default: ${DEFAULT-VALUE}).")
  int split;

  @Option(
      names = "--false-positives",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description = "Share of benign sessions over the threshold (default: ${DEFAULT-VALUE}).")
  double falsePositives;

  @Parameters(paramLabel = "LABELLED.jsonl", description = "The sessions.")
  Path sessions;

  /** For the command line's own use. */
  public ScoreReportCommand() {}

  /** A judged session. */
  private record Judged(
      String suite,
      String label,
      boolean unexposed,
      int length,
      boolean setsThreshold,
      Measures measures,
      double score) {
    Judged scored(double other) {
      return new Judged(suite, label, unexposed, length, setsThreshold, measures, other);
    }

    boolean benign() {
      return label.equals("benign");
    }

    boolean succeeded() {
      return label.equals("attacked-succeeded");
    }
  }

  @Override
  public Integer call() throws IOException {
    SessionScorer scorer = new SessionScorer(SignatureSet.of(BuiltInSignatures.all(), List.of()));
    each(
        (session, fields) -> {
          if ("benign".equals(fields.get("label")) && slot(session, fields) < 2) {
            scorer.learn(session);
          }
        });
    Set<Measure> some = only.isEmpty() ? EnumSet.allOf(Measure.class) : EnumSet.copyOf(only);
    List<Judged> judged = new ArrayList<>();
    each(
        (session, fields) -> {
          int slot = slot(session, fields);
          if ("benign".equals(fields.get("label")) && slot < 2) {
            return;
          }
          ScoredSession seen =
              noGoal
                  ? new ScoredSession(session.id(), session.suite(), "", session.calls())
                  : session;
          Measures measures = scorer.measure(seen);
          judged.add(
              new Judged(
                  session.suite(),
                  String.valueOf(fields.get("label")),
                  Boolean.FALSE.equals(fields.get("exposed")),
                  session.calls().size(),
                  slot % 2 == 0,
                  measures,
                  by.of(measures, some)));
        });
    print(leaveOneOut ? judgedByOthers(judged) : judged);
    return ExitCode.DONE;
  }

  /** The same sessions, each scored with weights to which its own kind of suite gave nothing. */
  private static List<Judged> judgedByOthers(List<Judged> all) {
    Map<String, List<Judged>> kinds = new TreeMap<>();
    for (Judged one : all) {
      kinds.computeIfAbsent(kind(one.suite()), kind -> new ArrayList<>()).add(one);
    }
    Map<String, double[]> weights = new TreeMap<>();
    for (String kind : kinds.keySet()) {
      List<Judged> others =
          all.stream()
              .filter(one -> !kind(one.suite()).equals(kind))
              .filter(one -> one.benign() || one.succeeded())
              .toList();
      boolean[] attack = new boolean[others.size()];
      for (int i = 0; i < attack.length; i++) {
        attack[i] = others.get(i).succeeded();
      }
      weights.put(
          kind,
          LogisticFit.weights(
              others.stream().map(one -> one.measures().vector()).toList(), attack));
    }
    return all.stream()
        .map(
            one -> {
              double p =
                  LogisticFit.probability(weights.get(kind(one.suite())), one.measures().vector());
              return one.scored(one.measures().withSignature(p));
            })
        .toList();
  }

  private static String kind(String suite) {
    return suite.substring(suite.indexOf('-') + 1);
  }

  /** One of four, by the session's id or its task: the same on every run. */
  private int slot(ScoredSession session, Map<?, ?> fields) {
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

  private void print(List<Judged> all) {
    PrintStream out = Lines.standardOutput();
    out.printf(
        "%-22s %6s %6s %7s %9s %8s %8s %9s%n",
        "suite", "benign", "attack", "AUROC", "by length", "FPR", "TPR", "unexposed");
    Map<String, List<Judged>> suites = new TreeMap<>();
    for (Judged one : all) {
      suites.computeIfAbsent(one.suite(), suite -> new ArrayList<>()).add(one);
    }
    suites.forEach((suite, members) -> row(out, suite, members));
    row(out, "all", all);
    out.printf(
        "The threshold lets %.1f%% of one half of the judged benign sessions through; FPR, TPR and"
            + " the%n"
            + "share of unexposed sessions over it are those of the other half. AUROC: all judged"
            + " benign%n"
            + "sessions against succeeded attacks; by length: the mean over strata of equal numbers"
            + " of calls.%n",
        100 * falsePositives);
    out.flush();
  }

  private void row(PrintStream out, String suite, List<Judged> members) {
    double[] benign = scores(members, Judged::benign);
    double[] attacks = scores(members, Judged::succeeded);
    double threshold =
        Roc.threshold(scores(members, one -> one.benign() && one.setsThreshold()), falsePositives);
    out.printf(
        "%-22s %6d %6d %7s %9s %8s %8s %9s%n",
        suite,
        benign.length,
        attacks.length,
        number(Roc.area(attacks, benign)),
        number(byLength(members)),
        number(Roc.over(scores(members, one -> one.benign() && !one.setsThreshold()), threshold)),
        number(
            Roc.over(scores(members, one -> one.succeeded() && !one.setsThreshold()), threshold)),
        number(
            Roc.over(scores(members, one -> one.unexposed() && !one.setsThreshold()), threshold)));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : "%.3f".formatted(value);
  }

  private static double[] scores(List<Judged> members, Predicate<Judged> which) {
    return members.stream().filter(which).mapToDouble(Judged::score).toArray();
  }

  /** The mean AUROC over sessions of one length, weighted by their attacks. */
  private static double byLength(List<Judged> members) {
    Map<Integer, List<Judged>> strata = new TreeMap<>();
    for (Judged one : members) {
      strata.computeIfAbsent(one.length(), length -> new ArrayList<>()).add(one);
    }
    double sum = 0;
    double weight = 0;
    for (List<Judged> stratum : strata.values()) {
      double[] attacks = scores(stratum, Judged::succeeded);
      double value = Roc.area(attacks, scores(stratum, Judged::benign));
      if (!Double.isNaN(value)) {
        sum += value * attacks.length;
        weight += attacks.length;
      }
    }
    return weight == 0 ? Double.NaN : sum / weight;
  }
}
