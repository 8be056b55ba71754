package dev.quintai.core.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.Action;
import dev.quintai.core.Decision;
import dev.quintai.core.Finding;
import dev.quintai.core.FindingId;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.Redactor;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DetectorContractTest {

  /** Which promise is broken. */
  private enum Flaw {
    NONE,
    LEAKS,
    THROWS,
    COUNTS_ACROSS_INSTANCES,
    SHARES_SESSIONS,
    REVISION_FALLS,
    NO_JUDGEMENT
  }

  private static final AtomicInteger ACROSS = new AtomicInteger();

  /** Reports each program that runs. */
  private static final class ExecDetector implements Detector {
    private final Flaw flaw;
    private int shared;

    ExecDetector(Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    public Gate gate() {
      return Gate.DIVERGENCE;
    }

    @Override
    public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
      return new SessionDetector() {
        private int seen;

        @Override
        public Judgement evaluate(IntentEvent intent, List<Action> actions) {
          return flaw == Flaw.NO_JUDGEMENT
              ? null
              : new Judgement(Decision.ALLOW, actions.get(0).risk(), List.of());
        }

        @Override
        public void on(Event event) {
          if (event instanceof ProcessExec exec) {
            report(exec);
          }
        }

        private void report(ProcessExec exec) {
          if (flaw == Flaw.THROWS) {
            seen += exec.argv().get(0).length(); // absent in some events
          }
          String line = String.join(" ", exec.argv());
          int number =
              flaw == Flaw.COUNTS_ACROSS_INSTANCES
                  ? ACROSS.incrementAndGet()
                  : flaw == Flaw.SHARES_SESSIONS ? ++shared : ++seen;
          Finding finding =
              Finding.builder(
                      FindingId.of(Gate.DIVERGENCE, session.id(), number),
                      Gate.DIVERGENCE,
                      "seen",
                      Severity.INFO)
                  .session(session)
                  .observed(flaw == Flaw.LEAKS ? line : Redactor.redact(line))
                  .reason("a program ran")
                  .build();
          findings.report(finding);
          if (flaw == Flaw.REVISION_FALLS) {
            findings.report(finding);
          }
        }
      };
    }
  }

  private static void broken(Flaw flaw, String promise) {
    assertThatThrownBy(() -> DetectorContract.verify(() -> new ExecDetector(flaw)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(promise);
  }

  @Test
  void aDetectorThatKeepsItsPromisesPasses() {
    DetectorContract.verify(() -> new ExecDetector(Flaw.NONE));
  }

  @Test
  void brokenPromisesAreFound() {
    broken(Flaw.LEAKS, "findings hold no secret");
    broken(Flaw.THROWS, "on() takes any event");
    broken(Flaw.COUNTS_ACROSS_INSTANCES, "same events, same findings");
    broken(Flaw.SHARES_SESSIONS, "another session changes no finding");
    broken(Flaw.REVISION_FALLS, "the revisions of an id rise from 1");
    broken(Flaw.NO_JUDGEMENT, "evaluate() is never null");
  }
}
