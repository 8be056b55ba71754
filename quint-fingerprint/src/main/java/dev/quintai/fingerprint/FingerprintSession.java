package dev.quintai.fingerprint;

import dev.quintai.core.Action;
import dev.quintai.core.Decision;
import dev.quintai.core.Finding;
import dev.quintai.core.FindingId;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.Session;
import dev.quintai.core.Severity;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gate 2 in one session. */
final class FingerprintSession implements SessionDetector {
  private static final Comparator<Deviation> WEIGHT =
      Comparator.comparingDouble(Deviation::score).reversed().thenComparing(Deviation::measure);

  private final Session session;
  private final AgentFingerprint own; // null: the cache's fingerprint judges
  private final BehaviorCache taught; // null: none
  private final DeviationRules rules;
  private final Findings findings;
  private long calls;

  FingerprintSession(
      Session session,
      AgentFingerprint own,
      BehaviorCache taught,
      DeviationRules rules,
      Findings findings) {
    this.session = session;
    this.own = own;
    this.taught = taught;
    this.rules = rules;
    this.findings = findings;
  }

  @Override
  public long due() {
    return Long.MAX_VALUE; // it judges calls, whenever they come
  }

  @Override
  public Judgement evaluate(IntentEvent intent, List<Action> actions) {
    calls++;
    long known = past().totalActions();
    Map<DeviationMeasure, Deviation> strongest = new EnumMap<>(DeviationMeasure.class);
    for (Action action : actions) {
      for (Deviation d : rules.deviations(past(), action)) {
        strongest.merge(d.measure(), d, (a, b) -> a.score() >= b.score() ? a : b);
      }
      learn(action);
    }
    List<Deviation> deviations = new ArrayList<>(strongest.values());
    deviations.sort(WEIGHT);
    double score = DeviationRules.score(deviations);
    if (score < FingerprintDetector.REPORTED) {
      return score == 0 ? Judgement.ALLOW : new Judgement(Decision.ALLOW, score, List.of());
    }
    Severity severity = severity(score);
    Finding finding = finding(intent, actions.get(0), known, deviations, score, severity);
    findings.report(finding);
    return new Judgement(
        severity == Severity.MEDIUM ? Decision.ALERT : Decision.ALLOW,
        score,
        List.of(finding.reason()));
  }

  @Override
  public void end() {
    if (taught != null) {
      taught.save(session.agentId());
    }
  }

  private AgentFingerprint past() {
    return own != null ? own : taught.getOrCreate(session.agentId());
  }

  private void learn(Action action) {
    if (own != null) {
      own.update(action);
    }
    if (taught != null) {
      taught.update(session.agentId(), action);
    }
  }

  private static Severity severity(double score) {
    if (score >= FingerprintDetector.ALERTED) {
      return Severity.MEDIUM;
    }
    return score >= FingerprintDetector.NOTED ? Severity.LOW : Severity.INFO;
  }

  private Finding finding(
      IntentEvent intent,
      Action first,
      long known,
      List<Deviation> deviations,
      double score,
      Severity severity) {
    List<String> reasons = deviations.stream().map(Deviation::reason).toList();
    Object call = intent.toolUseId() != null ? intent.toolUseId() : calls;
    return Finding.builder(
            FindingId.of(Gate.FINGERPRINT, session.id(), call),
            Gate.FINGERPRINT,
            FingerprintDetector.TYPE,
            severity)
        .session(session)
        .timeNanos(intent.timeNanos())
        .toolUseId(intent.toolUseId())
        .claimed(DeviationRules.name(first.tool()))
        .samples(reasons)
        .confidence(score)
        .measure(deviations.get(0).measure().id())
        .reason(
            "This call departs from the agent's "
                + known
                + " actions so far: "
                + String.join("; ", reasons)
                + ".")
        .build();
  }
}
