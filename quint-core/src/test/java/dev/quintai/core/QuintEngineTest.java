package dev.quintai.core;

import static dev.quintai.core.Events.agent;
import static dev.quintai.core.Events.exit;
import static dev.quintai.core.Events.fork;
import static dev.quintai.core.Events.intent;
import static dev.quintai.core.Events.nanos;
import static dev.quintai.core.Events.process;
import static dev.quintai.core.Events.read;
import static dev.quintai.core.Events.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QuintEngineTest {

  private static final ProcessId ROOT = process(100, 0);

  /** Writes down what it is told. */
  private static final class Scribe implements Detector {
    final List<String> told = new ArrayList<>();
    Judgement answer = Judgement.ALLOW;
    RuntimeException failure;

    @Override
    public Gate gate() {
      return Gate.DIVERGENCE;
    }

    @Override
    public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
      return new SessionDetector() {
        @Override
        public Judgement evaluate(IntentEvent intent, List<Action> actions) {
          if (failure != null) {
            throw failure;
          }
          told.add("judge " + intent.toolUseId());
          return answer;
        }

        @Override
        public void on(Event event) {
          told.add(
              session.root().pid() + " " + event.getClass().getSimpleName() + " " + event.timeMs());
        }

        @Override
        public void end() {
          told.add("end " + session.root().pid());
        }
      };
    }
  }

  private final Scribe scribe = new Scribe();

  private QuintEngine.Builder builder() {
    return QuintEngine.builder()
        .platforms(Events::platform)
        .actions(
            (intent, session) ->
                List.of(
                    new Action(
                        Capability.READ,
                        intent.tool(),
                        "s",
                        Action.LOCAL,
                        null,
                        false,
                        intent.timeNanos(),
                        0.25,
                        intent.toolUseId(),
                        true,
                        false)))
        .detector(scribe);
  }

  @Test
  void deliversInTheOrderOfTimeAfterTheLateness() {
    QuintEngine engine = builder().lateness(Duration.ofSeconds(1)).build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    engine.accept(read(300, ROOT, "/b"));
    engine.accept(read(200, ROOT, "/a"));
    assertThat(scribe.told).isEmpty();
    engine.accept(read(1_250, ROOT, "/c"));
    assertThat(scribe.told)
        .containsExactly("100 AgentProcess 1700000000000", "100 FileEvent 1700000000200");
    engine.advanceTo(Instant.ofEpochMilli(Events.T0 + 1_301));
    assertThat(scribe.told).hasSize(3);
    engine.close();
    assertThat(scribe.told).endsWith("100 FileEvent 1700000001250", "end 100");
  }

  @Test
  void judgesACallAtOnceAndOnce() {
    QuintEngine engine = builder().mode(Mode.BLOCK).build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    scribe.answer = new Judgement(Decision.BLOCK, 0.9, List.of("because"));
    Verdict verdict = engine.evaluate(intent(10, ROOT, "t1"));
    assertThat(verdict.refused()).isTrue();
    assertThat(verdict.score()).isEqualTo(0.9);
    assertThat(verdict.risk()).isEqualTo(0.25);
    assertThat(verdict.session()).isEqualTo("100-1700000000000");
    assertThat(engine.evaluate(intent(11, ROOT, "t1"))).isSameAs(verdict);
    assertThat(scribe.told).containsExactly("judge t1");
    assertThat(engine.stats().intents()).isEqualTo(1);
  }

  @Test
  void shadowModeRefusesNothing() {
    QuintEngine engine = builder().build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    scribe.answer = new Judgement(Decision.BLOCK, 1, List.of("because"));
    Verdict verdict = engine.evaluate(intent(10, ROOT, "t1"));
    assertThat(verdict.decision()).isEqualTo(Decision.BLOCK);
    assertThat(verdict.refused()).isFalse();
  }

  @Test
  void aFailingGateObeysTheFailModeAndIsCounted() {
    for (FailMode failMode : FailMode.values()) {
      QuintEngine engine = builder().failMode(failMode).mode(Mode.BLOCK).build();
      engine.accept(agent(0, ROOT, 1, "codex"));
      scribe.failure = new IllegalStateException("broken");
      Verdict verdict = engine.evaluate(intent(10, ROOT, "t1"));
      assertThat(verdict.refused()).isEqualTo(failMode == FailMode.CLOSED);
      assertThat(verdict.failedGates()).containsExactly(Gate.DIVERGENCE);
      assertThat(engine.stats().gateFailures()).containsEntry(Gate.DIVERGENCE, 1L);
    }
  }

  @Test
  void aGateThatTakesTooLongCountsAsFailed() {
    long[] now = {0};
    QuintEngine engine =
        builder().gateBudget(Duration.ofMillis(5)).ticker(() -> now[0] += 6_000_000).build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    assertThat(engine.evaluate(intent(10, ROOT, "t1")).failedGates())
        .containsExactly(Gate.DIVERGENCE);
  }

  @Test
  void aCallThatArrivesBeforeItsSessionIsJudgedWhenTheSessionIsKnown() {
    QuintEngine engine = builder().build();
    assertThat(engine.evaluate(intent(10, ROOT, "t1")).session()).isNull();
    engine.accept(agent(0, ROOT, 1, "codex"));
    engine.close();
    assertThat(scribe.told).contains("judge t1");
  }

  @Test
  void aLossReachesEverySession() {
    QuintEngine engine = builder().lateness(Duration.ZERO).build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    engine.accept(agent(1, process(200, 1), 1, "codex"));
    engine.accept(new SensorLoss(nanos(5), Origin.of("es"), 12));
    engine.accept(read(6, ROOT, "/a"));
    assertThat(scribe.told)
        .contains("100 SensorLoss 1700000000005", "200 SensorLoss 1700000000005");
    assertThat(engine.stats().lost()).isEqualTo(12);
  }

  @Test
  void aSinkThatThrowsIsCountedAndHarmsNobody() {
    List<String> sessions = new ArrayList<>();
    QuintEngine engine =
        builder()
            .sink(
                new dev.quintai.core.spi.FindingSink() {
                  @Override
                  public void accept(Finding finding) {}

                  @Override
                  public void sessionStarted(Session session) {
                    throw new IllegalStateException("broken");
                  }
                })
            .sink(
                new dev.quintai.core.spi.FindingSink() {
                  @Override
                  public void accept(Finding finding) {}

                  @Override
                  public void sessionStarted(Session session) {
                    sessions.add(session.id());
                  }
                })
            .build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    assertThat(sessions).containsExactly("100-1700000000000");
    assertThat(engine.stats().sinkFailures()).isEqualTo(1);
  }

  @Test
  void aSessionEndsWhenItsProcessesAreGoneAndNothingLateCanCome() {
    QuintEngine engine = builder().lateness(Duration.ofSeconds(1)).build();
    engine.accept(agent(0, ROOT, 1, "codex"));
    engine.accept(exit(5_000, ROOT));
    engine.advanceTo(Instant.ofEpochMilli(Events.T0 + 15_500));
    assertThat(scribe.told).doesNotContain("end 100");
    engine.advanceTo(Instant.ofEpochMilli(Events.T0 + 16_500));
    assertThat(scribe.told).contains("end 100");
  }

  /** Sinks hear which sessions began and which go on. */
  private static final class Life implements dev.quintai.core.spi.FindingSink {
    final List<String> told = new ArrayList<>();

    @Override
    public void accept(Finding finding) {}

    @Override
    public void sessionStarted(Session session) {
      told.add("started " + session.id());
    }

    @Override
    public void sessionResumed(Session session, String earlier) {
      told.add("resumed " + session.id() + " from " + earlier);
    }

    @Override
    public void sessionEnded(Session session) {
      told.add("ended " + session.id());
    }
  }

  private static EarlierSessions knowing(String id, String uuid) {
    return new EarlierSessions() {
      @Override
      public boolean started(String sessionId) {
        return sessionId.equals(id);
      }

      @Override
      public String ofAgentSession(String asked) {
        return asked.equals(uuid) ? id : null;
      }
    };
  }

  @Test
  void aRootFoundAgainAfterARestartGoesOn() {
    Life life = new Life();
    try (QuintEngine engine =
        builder().sink(life).earlier(knowing("100-1700000000000", null)).build()) {
      engine.accept(agent(10, ROOT, 1, "claude-code"));
      engine.accept(agent(20, process(200, 5), 1, "claude-code"));
    }
    assertThat(life.told)
        .startsWith(
            "resumed 100-1700000000000 from 100-1700000000000", "started 200-1700000000005");
  }

  @Test
  void anAgentsOwnSessionInANewProcessGoesOn() {
    Life life = new Life();
    try (QuintEngine engine = builder().sink(life).earlier(knowing("9-9", "u-1")).build()) {
      engine.accept(agent(10, ROOT, 1, "claude-code"));
      Session.Field uuid = Session.Field.AGENT_SESSION_UUID;
      String id = "100-1700000000000";
      assertThat(engine.describe(id, uuid, "u-1", Session.Source.AGENT_FILES)).isTrue();
      assertThat(engine.describe(id, uuid, "u-1", Session.Source.AGENT_FILES)).isTrue();
      assertThat(engine.describe("1-1", uuid, "u-1", Session.Source.AGENT_FILES)).isFalse();
      assertThat(engine.sessions().session(id).get(uuid)).isEqualTo("u-1");
      assertThat(engine.describe(id, uuid, "u-2", Session.Source.SCANNER)).isFalse();
    }
    assertThat(life.told)
        .containsExactly(
            "started 100-1700000000000",
            "resumed 100-1700000000000 from 9-9",
            "ended 100-1700000000000");
  }

  /** A sub-agent that is told of before its parent has its parent in the end. */
  @Test
  void whatArrivesInAnyOrderHasItsParentInTheEnd() {
    List<String> parents = new ArrayList<>();
    Detector gate =
        new Detector() {
          @Override
          public Gate gate() {
            return Gate.DIVERGENCE;
          }

          @Override
          public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
            return new SessionDetector() {
              @Override
              public void end() {
                parents.add(session.id() + " below " + session.parentSessionId());
              }
            };
          }
        };
    try (QuintEngine engine =
        QuintEngine.builder()
            .platforms(Events::platform)
            .actions((intent, session) -> List.of())
            .detector(gate)
            .build()) {
      engine.accept(Events.exec(710, process(101, 700), 100, "/opt/codex"));
      engine.evaluate(intent(720, process(101, 700), "a"));
      engine.accept(fork(700, ROOT, process(101, 700)));
      engine.accept(agent(10, ROOT, 1, "claude-code"));
    }
    assertThat(parents)
        .containsExactlyInAnyOrder(
            "100-1700000000000 below null", "101-1700000000700 below 100-1700000000000");
  }

  @Test
  void aMissingPartIsToldWhenBuilding() {
    assertThatThrownBy(() -> QuintEngine.builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("actions");
    assertThatThrownBy(() -> builder().detector(scribe).build())
        .hasMessageContaining("one for each gate");
  }

  @Test
  void nothingGoesInAfterTheEnd() {
    QuintEngine engine = builder().build();
    engine.close();
    engine.close();
    assertThatThrownBy(() -> engine.accept(read(0, ROOT, "/a")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Property(tries = 200)
  void everyOrderOfArrivalInsideTheLatenessIsDeliveredTheSame(@ForAll long seed) {
    List<Event> events = new ArrayList<>();
    events.add(agent(3, ROOT, 1, "codex"));
    Random random = new Random(42);
    for (int i = 0; i < 40; i++) {
      ProcessId child = process(200 + i, 10 + i * 3L);
      events.add(
          fork(
              10 + i * 3L,
              random.nextInt(4) == 0 || i == 0 ? ROOT : process(199 + i, 7 + i * 3L),
              child));
      events.add(read(12 + i * 3L, child, "/f" + i));
      if (i % 5 == 0) {
        events.add(intent(11 + i * 3L, ROOT, "t" + i));
        events.add(result(14 + i * 3L, "t" + i));
      }
      if (i % 7 == 0) {
        events.add(exit(200 + i, child));
      }
    }
    List<String> expected = deliveries(events);
    Collections.shuffle(events, new Random(seed));
    assertThat(deliveries(events)).isEqualTo(expected).isNotEmpty();
  }

  private List<String> deliveries(List<Event> events) {
    scribe.told.clear();
    try (QuintEngine engine = builder().build()) {
      events.forEach(engine::accept);
    }
    return scribe.told.stream().filter(line -> !line.startsWith("judge")).toList();
  }

  /** Of many sessions only those are woken that wait for the time, each when it says so. */
  @Test
  void onlyWhoWaitsHearsOfTime() {
    List<String> woken = new ArrayList<>();
    Detector gate =
        new Detector() {
          @Override
          public Gate gate() {
            return Gate.DIVERGENCE;
          }

          @Override
          public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
            return new SessionDetector() {
              private long due = Long.MAX_VALUE;

              @Override
              public void on(Event event) {
                due = session.root().pid() % 2 == 0 ? nanos(60_000) : Long.MAX_VALUE;
              }

              @Override
              public void advance(long watermarkNanos) {
                woken.add(session.id());
                assertThat(watermarkNanos).isGreaterThanOrEqualTo(nanos(60_000));
                due = Long.MAX_VALUE;
              }

              @Override
              public long due() {
                return due;
              }
            };
          }
        };
    try (QuintEngine engine =
        QuintEngine.builder()
            .platforms(exec -> null)
            .actions((intent, session) -> List.of())
            .detector(gate)
            .build()) {
      for (int pid = 100; pid < 104; pid++) {
        engine.accept(agent(0, process(pid, 0), 0, "claude-code"));
      }
      for (int s = 30; s < 200; s += 10) {
        engine.advanceTo(Instant.ofEpochSecond(0, nanos(s * 1000L)));
      }
    }
    assertThat(woken).containsExactly(process(100, 0) + "", process(102, 0) + "");
  }
}
