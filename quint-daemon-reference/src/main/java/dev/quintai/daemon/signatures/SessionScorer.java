package dev.quintai.daemon.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.daemon.signatures.Measures.Measure;
import dev.quintai.signatures.FlowMatrix;
import dev.quintai.signatures.LoadedSignature;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SignatureMatcher;
import dev.quintai.signatures.SignatureSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scores sessions of tool calls without an operating system's view: how far a session strays from
 * what its user asked for and from what is usual in its suite, and whether it resembles a threat
 * signature. Not thread-safe.
 */
final class SessionScorer {
  private static final EnumSet<Measure> ALL = EnumSet.allOf(Measure.class);
  private static final long START_MS = 1_700_000_000_000L;
  private static final int MAX_SUITES = 10_000;

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
    SuiteProfile.Learner learner = profile.session(new Request(session.goal()));
    Session run = run(session);
    Set<String> contacted = new HashSet<>();
    for (int i = 0; i < session.calls().size(); i++) {
      ScoredSession.Call call = session.calls().get(i);
      List<Action> actions = mapper.actions(intent(run, call, i), null, null, contacted::add);
      learner.call(call.tool(), actions, named(call, actions));
    }
  }

  /** Scores a session. */
  Score score(ScoredSession session) {
    Measures measures = measure(session);
    return new Score(measures.probability(ALL), measures.reasons());
  }

  /** What stands out in a session. */
  Measures measure(ScoredSession session) {
    Measures measures = new Measures();
    Session run = run(session);
    SignatureDetector gate = new SignatureDetector(() -> signatures);
    SessionDetector watched =
        gate.open(
            run,
            new SessionFacts(),
            finding -> measures.matched(weight(finding.severity()), finding.reason()));
    Set<String> contacted = new HashSet<>();
    FlowMatrix whole = new FlowMatrix();
    CallMeasures calls =
        new CallMeasures(measures, suites.get(session.suite()), new Request(session.goal()));
    for (int i = 0; i < session.calls().size(); i++) {
      ScoredSession.Call call = session.calls().get(i);
      IntentEvent intent = intent(run, call, i);
      List<Action> actions = mapper.actions(intent, null, null, contacted::add);
      watched.evaluate(intent, actions);
      actions.forEach(action -> whole.action(action.capability()));
      calls.take(call.tool(), actions, named(call, actions));
    }
    watched.end();
    for (LoadedSignature loaded : signatures.signatures()) {
      measures.near(1 - SignatureMatcher.divergence(whole, loaded.signature()));
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

  /** Whom and what a call is about, by its arguments and by the hosts of its actions. */
  private static List<Entity> named(ScoredSession.Call call, List<Action> actions) {
    List<Entity> named = new ArrayList<>();
    ArgumentValues.each(
        call.arguments().value(), (kind, value) -> named.addAll(Entity.of(kind, value)));
    for (Action action : actions) {
      if (!action.domain().equals(Action.LOCAL)) {
        named.addAll(Entity.of(ArgumentValues.Kind.TARGET, "www." + action.domain()));
      }
    }
    return named;
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
