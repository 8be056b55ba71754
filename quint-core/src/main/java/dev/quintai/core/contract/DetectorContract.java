package dev.quintai.core.contract;

import dev.quintai.core.Action;
import dev.quintai.core.ActionMapper;
import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.SessionDetector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the engine relies on in a {@link Detector}:
 *
 * <ul>
 *   <li>{@code gate()} is one gate for good; {@code open} and {@code evaluate} return something;
 *   <li>no event and no order of calls that the SPI allows makes it throw;
 *   <li>the same events give the same judgements and findings, from any new instance;
 *   <li>sessions do not influence each other;
 *   <li>a finding is of the detector's gate and the session, the revisions of an id rise from 1,
 *       and no text of it holds a secret that stood in a command or its arguments.
 * </ul>
 *
 * Detectors that learn across sessions on purpose must be handed over as new instances with an
 * empty memory.
 */
public final class DetectorContract {
  private static final int CROWD = 3_000;

  private DetectorContract() {}

  /** One detector's answers to one session. */
  private record Heard(List<Judgement> judgements, List<Finding> findings) {
    Heard() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * Checks an implementation.
   *
   * @param detectors gives a new instance, set up the same way each time
   * @throws AssertionError listing every promise broken
   */
  public static void verify(Supplier<? extends Detector> detectors) {
    Violations violations = new Violations("The detector");
    Detector first = violations.call("a new detector", detectors::get);
    if (first != null) {
      Gate gate = violations.call("gate()", first::gate);
      violations.check(gate != null, "gate() is never null");
      violations.same(gate, violations.call("gate()", first::gate), "gate() never changes");

      Heard alone = play(violations, first, new SampleSession(4_242).ordinary());
      Detector second = detectors.get();
      Heard again = play(violations, second, new SampleSession(4_242).ordinary());
      violations.same(alone.judgements, again.judgements, "same events, same judgements");
      violations.same(alone.findings, again.findings, "same events, same findings");
      alone.findings.forEach(finding -> violations.same(gate, finding.gate(), "its own gate"));

      play(violations, detectors.get(), new SampleSession(4_343).hostile());
      play(violations, detectors.get(), new SampleSession(4_444).crowded(CROWD));
      interleaved(violations, detectors.get(), alone);
      withoutEvents(violations, detectors.get());
    }
    violations.tell();
  }

  private static Heard play(Violations violations, Detector detector, SampleSession sample) {
    Heard heard = new Heard();
    SessionDetector session = open(violations, detector, sample, heard);
    if (session != null) {
      ActionMapper mapper = new CapabilityMapper();
      for (Event event : sample.events) {
        step(violations, session, sample, event, mapper, heard);
      }
      violations.run("end()", session::end);
    }
    findings(violations, sample, heard.findings);
    return heard;
  }

  private static SessionDetector open(
      Violations violations, Detector detector, SampleSession sample, Heard heard) {
    SessionDetector session =
        violations.call(
            "open()", () -> detector.open(sample.session, new SessionFacts(), heard.findings::add));
    violations.check(session != null, "open() is never null");
    return session;
  }

  private static void step(
      Violations violations,
      SessionDetector session,
      SampleSession sample,
      Event event,
      ActionMapper mapper,
      Heard heard) {
    if (event instanceof IntentEvent intent) {
      List<Action> actions = mapper.actionsOf(intent, sample.session);
      Judgement judgement =
          violations.call("evaluate() takes any call", () -> session.evaluate(intent, actions));
      violations.check(judgement != null, "evaluate() is never null");
      heard.judgements.add(judgement);
    }
    violations.run("on() takes any event", () -> session.on(event));
    violations.run("advance() takes any time", () -> session.advance(event.timeNanos()));
    violations.run("due() after any event", session::due);
  }

  private static void interleaved(Violations violations, Detector detector, Heard alone) {
    SampleSession one = new SampleSession(4_242).ordinary();
    SampleSession other = new SampleSession(4_545).ordinary();
    Heard heard = new Heard();
    Heard otherHeard = new Heard();
    SessionDetector first = open(violations, detector, one, heard);
    SessionDetector second = open(violations, detector, other, otherHeard);
    if (first == null || second == null) {
      return;
    }
    ActionMapper mapper = new CapabilityMapper();
    for (int i = 0; i < one.events.size(); i++) {
      step(violations, first, one, one.events.get(i), mapper, heard);
      step(violations, second, other, other.events.get(i), mapper, otherHeard);
    }
    violations.run("end()", first::end);
    violations.run("end()", second::end);
    violations.same(alone.findings, heard.findings, "another session changes no finding");
    findings(violations, other, otherHeard.findings);
  }

  private static void withoutEvents(Violations violations, Detector detector) {
    SampleSession empty = new SampleSession(4_646);
    SessionDetector session = open(violations, detector, empty, new Heard());
    if (session != null) {
      violations.run("advance() without events", () -> session.advance(0));
      violations.run("end() without events", session::end);
    }
  }

  private static void findings(
      Violations violations, SampleSession sample, List<Finding> findings) {
    Map<String, Integer> revisions = new HashMap<>();
    for (Finding finding : findings) {
      violations.check(finding != null, "no null finding");
      if (finding == null) {
        continue;
      }
      violations.same(sample.session.id(), finding.session(), "a finding is of its own session");
      int before = revisions.getOrDefault(finding.id(), 0);
      violations.check(finding.revision() > before, "the revisions of an id rise from 1");
      revisions.put(finding.id(), finding.revision());
      violations.check(
          finding.confidence() >= 0 && finding.confidence() <= 1, "confidence is 0 to 1");
      violations.check(finding.count() >= 1, "count is at least 1");
      violations.check(!finding.reason().isBlank(), "a reason that a person can act on");
      String text = finding.claimed() + finding.observed() + finding.reason() + finding.samples();
      violations.check(!text.contains(SampleSession.SECRET), "findings hold no secret");
    }
  }
}
