package dev.quintai.daemon.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import dev.quintai.core.FinalFindings;
import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.events.EventFile;
import dev.quintai.daemon.run.Gates;
import dev.quintai.fingerprint.FingerprintDetector;
import dev.quintai.signatures.SignatureDistiller;
import dev.quintai.signatures.SignatureDocument;
import dev.quintai.signatures.SigningKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint signatures distill}: from a recorded session to a signature. */
@Command(
    name = "distill",
    mixinStandardHelpOptions = true,
    description = "Makes a signature of a recorded attack: of what its findings are about.")
final class DistillCommand implements Callable<Integer> {

  @Option(
      names = "--session",
      paramLabel = "ID",
      required = true,
      description = "The session that is the attack.")
  String session;

  @Option(
      names = "--confidence",
      paramLabel = "C",
      description =
          "How sure it is, 0 to 1 (default: the highest confidence of a finding of high or"
              + " critical severity). From 0.95 a signature is made at once, from 0.70 with"
              + " --confirmed-by.")
  Double confidence;

  @Option(
      names = "--confirmed-by",
      paramLabel = "WHO",
      description = "The analyst who confirms it.")
  String confirmedBy;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      defaultValue = "distilled",
      description = "What to call it (default: ${DEFAULT-VALUE}).")
  String name;

  @Option(
      names = "--signature-version",
      paramLabel = "N",
      defaultValue = "1",
      description = "Its version in the channel (default: ${DEFAULT-VALUE}).")
  long version;

  @Option(
      names = "--any-agent",
      description = "For all platforms (default: for the session's platform).")
  boolean anyAgent;

  @Option(names = "--key", paramLabel = "FILE", description = "Sign it with this private key.")
  Path key;

  @Parameters(paramLabel = "EVENTS.jsonl", description = "The recording.")
  Path events;

  @Spec CommandSpec spec;

  /** Keeps the actions of the session in question, and which call each belongs to. */
  private final class ActionKeeper implements Detector {
    private static final int MAX_ACTIONS = 1_000_000;

    final List<Capability> actions = new ArrayList<>();
    final Map<String, List<Integer>> byCall = new HashMap<>();
    Session found;

    @Override
    public Gate gate() {
      return Gate.SIGNATURE;
    }

    @Override
    public SessionDetector open(Session opened, SessionFacts facts, Findings findings) {
      if (!opened.id().equals(session)) {
        return new SessionDetector() {};
      }
      found = opened;
      return new SessionDetector() {
        @Override
        public Judgement evaluate(IntentEvent intent, List<Action> taken) {
          for (Action action : taken) {
            if (actions.size() < MAX_ACTIONS) {
              // Calls without an id are no call in particular: no finding names them.
              if (intent.toolUseId() != null) {
                byCall
                    .computeIfAbsent(intent.toolUseId(), id -> new ArrayList<>())
                    .add(actions.size());
              }
              actions.add(action.capability());
            }
          }
          return Judgement.ALLOW;
        }
      };
    }
  }

  @Override
  public Integer call() throws IOException {
    ActionKeeper keeper = new ActionKeeper();
    FinalFindings findings = new FinalFindings(Gates.MAX_FINDINGS);
    try (QuintEngine engine =
        Gates.engine(keeper, FingerprintDetector.cold()).sink(findings).build()) {
      EventFile.read(events, engine::accept, spec.commandLine().getErr()::println);
    }
    if (keeper.found == null) {
      throw new Failure(events + ": there is no session " + session + " with tool calls");
    }
    SignatureDistiller.Distilled distilled =
        distill(keeper, findings.sorted().stream().filter(this::counts).toList());
    if (distilled.signature() == null) {
      spec.commandLine().getErr().println("quint: no signature: " + distilled.reason());
      return ExitCode.FOUND;
    }
    SignatureDocument document = distilled.signature().document();
    if (key != null) {
      document = document.sign(signingKey());
    }
    PrintStream out = Lines.standardOutput();
    out.print(document.toJson());
    out.print('\n');
    out.flush();
    return ExitCode.DONE;
  }

  private boolean counts(Finding finding) {
    return finding.session().equals(session) && finding.severity().compareTo(Severity.HIGH) >= 0;
  }

  private SignatureDistiller.Distilled distill(ActionKeeper keeper, List<Finding> findings) {
    Set<Integer> flagged = new TreeSet<>();
    Set<String> mitre = new TreeSet<>();
    Severity severity = Severity.HIGH;
    double highest = 0;
    for (Finding finding : findings) {
      if (finding.toolUseId() != null) {
        flagged.addAll(keeper.byCall.getOrDefault(finding.toolUseId(), List.of()));
      }
      mitre.addAll(finding.mitre());
      highest = Math.max(highest, finding.confidence());
      severity = finding.severity().compareTo(severity) > 0 ? finding.severity() : severity;
    }
    double sure = confidence == null ? highest : confidence;
    if (!(sure >= 0 && sure <= 1)) {
      throw new Failure("--confidence: 0 to 1");
    }
    return SignatureDistiller.distill(
        new SignatureDistiller.Detection(
            session,
            findings.isEmpty() ? "" : findings.get(0).id(),
            sure,
            severity,
            name,
            anyAgent ? List.of() : List.of(keeper.found.platform()),
            0,
            List.copyOf(mitre),
            confirmedBy),
        keeper.actions,
        List.copyOf(flagged),
        version,
        Clock.systemUTC().instant());
  }

  private SigningKey signingKey() {
    try {
      return SigningKey.fromPem(Inputs.text(key));
    } catch (IllegalArgumentException e) {
      throw new Failure(key + ": " + e.getMessage(), e);
    }
  }
}
