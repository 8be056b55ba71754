package dev.quintai.daemon.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.core.Capability;
import dev.quintai.core.Redactor;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.signatures.FlowMatrix;
import dev.quintai.signatures.LoadedSignature;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SignatureMatcher;
import dev.quintai.signatures.SignatureSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scores sessions of tool calls without an operating system's view: how far a session strays from
 * what its user asked for and from what is usual in its suite, and whether it resembles a threat
 * signature. Not thread-safe.
 */
final class SessionScorer {
  private static final EnumSet<Capability> LOOKING =
      EnumSet.of(Capability.READ, Capability.SEARCH, Capability.MONITOR, Capability.RECEIVE);
  private static final Pattern WORD = Pattern.compile("[a-z0-9]{3,}");
  private static final long START_MS = 1_700_000_000_000L;
  private static final int MAX_REASONS = 5;
  private static final int MAX_SUITES = 10_000;
  private static final int MAX_SHOWN = 80;

  /** Nats of surprise that count as 1. */
  private static final double SURPRISE = 8;

  private final CapabilityMapper mapper = new CapabilityMapper();
  private final Map<String, SuiteProfile> suites = new HashMap<>();
  private final SignatureSet signatures;

  /** A session's score, 0 to 1, and what raised it. */
  record Score(double value, List<String> reasons) {}

  SessionScorer(SignatureSet signatures) {
    this.signatures = signatures;
  }

  /** Learns a session that is taken to be harmless. */
  void learn(ScoredSession session) {
    SuiteProfile profile = suites.get(session.suite());
    if (profile == null) {
      if (suites.size() >= MAX_SUITES) {
        return;
      }
      profile = new SuiteProfile(session.suite());
      suites.put(session.suite(), profile);
    }
    SuiteProfile.Learner learner = profile.session();
    Session run = run(session);
    Set<String> contacted = new HashSet<>();
    for (int i = 0; i < session.calls().size(); i++) {
      ScoredSession.Call call = session.calls().get(i);
      IntentEvent intent = intent(run, call, i);
      learner.call(call, mapper.actions(intent, null, null, contacted::add));
    }
  }

  /** Scores a session. */
  Score score(ScoredSession session) {
    Measures measures = measure(session);
    double value = measures.probability();
    return new Score(value, List.copyOf(measures.reasons));
  }

  /** What stands out in a session; each is 0 to about 1, the greatest of all calls. */
  static final class Measures {
    /**
     * The weights of the measures below, in their order, and the constant: a logistic regression on
     * one half of recorded sessions, rounded, and judged on the other half.
     */
    private static final double[] WEIGHTS = {3.0, 0.15, 0, 0.35, 0.9, 1.4, 0.55, 0.3, -2.2};

    /** How much of what is missing to 1 a signature's match adds. */
    private static final double SIGNATURE = 0.5;

    double newTarget;
    double newValue;
    double newEmbedded;
    double rareTool;
    double rareStep;
    double rareStepToNewTarget;
    double unaskedTool;
    double sensitive;
    double signature;

    /** How near the flow of the whole session comes to any signature's shape, 0 to 1. */
    double flow;

    final Set<String> reasons = new LinkedHashSet<>();

    double[] values() {
      return new double[] {
        newTarget,
        newValue,
        newEmbedded,
        rareTool,
        rareStep,
        rareStepToNewTarget,
        unaskedTool,
        sensitive
      };
    }

    double probability() {
      double[] values = values();
      double z = WEIGHTS[values.length];
      for (int i = 0; i < values.length; i++) {
        z += WEIGHTS[i] * values[i];
      }
      double p = 1 / (1 + Math.exp(-z));
      return p + (1 - p) * SIGNATURE * signature;
    }

    private void because(String reason) {
      if (reasons.size() < MAX_REASONS) {
        reasons.add(reason);
      }
    }
  }

  Measures measure(ScoredSession session) {
    Measures measures = new Measures();
    SuiteProfile profile = suites.get(session.suite());
    String goal = session.goal().toLowerCase(Locale.ROOT);
    Set<String> goalWords = words(goal);
    Session run = run(session);
    SignatureDetector gate = new SignatureDetector(() -> signatures);
    SessionDetector watched =
        gate.open(
            run,
            new SessionFacts(),
            finding -> {
              measures.signature = Math.max(measures.signature, weight(finding.severity()));
              measures.because(finding.reason());
            });
    Set<String> contacted = new HashSet<>();
    FlowMatrix whole = new FlowMatrix();
    String previous = null;
    for (int i = 0; i < session.calls().size(); i++) {
      ScoredSession.Call call = session.calls().get(i);
      IntentEvent intent = intent(run, call, i);
      List<Action> actions = mapper.actions(intent, null, null, contacted::add);
      watched.evaluate(intent, actions);
      actions.forEach(action -> whole.action(action.capability()));
      measure(measures, profile, goal, goalWords, previous, call, actions);
      previous = call.tool();
    }
    watched.end();
    for (LoadedSignature loaded : signatures.signatures()) {
      double near = 1 - SignatureMatcher.divergence(whole, loaded.signature());
      measures.flow = Math.max(measures.flow, near);
    }
    return measures;
  }

  private static double weight(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 1;
      case HIGH -> 0.8;
      case MEDIUM -> 0.4;
      default -> 0;
    };
  }

  private static void measure(
      Measures measures,
      SuiteProfile profile,
      String goal,
      Set<String> goalWords,
      String previous,
      ScoredSession.Call call,
      List<Action> actions) {
    boolean acts = actions.stream().anyMatch(a -> !LOOKING.contains(a.capability()));
    boolean known = profile != null || !goal.isEmpty();
    boolean[] found = new boolean[3];
    String[] first = new String[1];
    ArgumentValues.each(
        call.arguments().value(),
        (kind, value) -> {
          if (known && !goal.contains(ArgumentValues.plain(value)) && isNew(profile, value)) {
            found[kind.ordinal()] = true;
            if (kind == ArgumentValues.Kind.TARGET && first[0] == null) {
              first[0] = value;
            }
          }
        });
    boolean newTarget = found[ArgumentValues.Kind.TARGET.ordinal()];
    boolean newEmbedded = found[ArgumentValues.Kind.EMBEDDED.ordinal()];
    double tool = profile == null ? 0 : profile.toolSurprise(call.tool()) / SURPRISE;
    double step = profile == null ? 0 : profile.pairSurprise(previous, call.tool()) / SURPRISE;
    Set<String> toolWords = words(call.tool().toLowerCase(Locale.ROOT));
    long asked = toolWords.stream().filter(goalWords::contains).count();
    double unasked = goal.isEmpty() ? 0 : 1 - (double) asked / Math.max(1, toolWords.size());

    measures.newTarget = Math.max(measures.newTarget, newTarget ? (acts ? 1 : 0.5) : 0);
    measures.newValue =
        Math.max(measures.newValue, found[ArgumentValues.Kind.OTHER.ordinal()] ? 1 : 0);
    measures.newEmbedded = Math.max(measures.newEmbedded, newEmbedded ? 1 : 0);
    measures.rareTool = Math.max(measures.rareTool, tool);
    measures.rareStep = Math.max(measures.rareStep, step);
    measures.rareStepToNewTarget =
        Math.max(measures.rareStepToNewTarget, newTarget || newEmbedded ? step : 0);
    measures.unaskedTool = Math.max(measures.unaskedTool, newTarget && acts ? unasked : 0);
    if (actions.stream().anyMatch(Action::sensitive)) {
      measures.sensitive = 1;
      measures.because(call.tool() + " has a sensitive target");
    }
    if (newTarget && acts) {
      measures.because(
          call.tool()
              + " has a target that neither the request nor the suite's past names: "
              + shown(first[0]));
    }
    if (profile != null && tool > 0.75) {
      measures.because(call.tool() + " is hardly ever used in this suite");
    }
  }

  private static boolean isNew(SuiteProfile profile, String value) {
    return profile == null || !profile.knows(value);
  }

  private static String shown(String value) {
    String redacted = Redactor.redact(value).replaceAll("\\p{Cntrl}", " ");
    return redacted.length() <= MAX_SHOWN ? redacted : redacted.substring(0, MAX_SHOWN) + "...";
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  private static Session run(ScoredSession session) {
    return new Session(
        new ProcessId(1, START_MS),
        session.suite(),
        null,
        AgentIds.agentId("score", 0, session.suite(), null));
  }

  private static IntentEvent intent(Session run, ScoredSession.Call call, int place) {
    // The sessions have no times: a second between calls.
    return IntentEvent.builder(
            (START_MS + 1000L * (place + 1)) * 1_000_000L, run.root(), call.tool())
        .arguments(call.arguments())
        .build();
  }
}
