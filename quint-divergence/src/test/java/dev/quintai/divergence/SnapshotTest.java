package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.AgentIds;
import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.snapshot.SnapshotException;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A matcher that is cut and restored anywhere finds the same; what is no snapshot is refused. */
class SnapshotTest {
  private static final DivergenceDetector GATE = new DivergenceDetector();

  /** A gate whose matchers are put into bytes and made anew now and then. */
  private record Cutting(Random random, int everyNth) implements Detector {
    @Override
    public Gate gate() {
      return Gate.DIVERGENCE;
    }

    @Override
    public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
      return new SessionDetector() {
        private SessionMatcher matcher = GATE.open(session, facts, findings);

        private void cut() {
          if (random.nextInt(everyNth) == 0) {
            byte[] bytes = matcher.snapshot();
            try {
              matcher = GATE.restore(bytes, session, facts, findings);
            } catch (SnapshotException e) {
              throw new AssertionError(e);
            }
            assertThat(matcher.snapshot()).isEqualTo(bytes);
          }
        }

        @Override
        public void on(Event event) {
          cut();
          matcher.on(event);
        }

        @Override
        public void advance(long watermarkNanos) {
          cut();
          matcher.advance(watermarkNanos);
        }

        @Override
        public void end() {
          cut();
          matcher.end();
        }
      };
    }
  }

  @Property(tries = 150)
  void cutAndRestoredAnywhere(@ForAll long seed) {
    Random random = new Random(seed);
    List<Event> events = Stories.random(random).events;
    List<Finding> whole = Replay.revisions(events);
    assertThat(Replay.revisions(events, new Cutting(random, 1))).isEqualTo(whole);
    assertThat(Replay.revisions(events, new Cutting(random, 7))).isEqualTo(whole);
  }

  /** As a keyed operator of a stream engine has it: nothing but the bytes survives. */
  @Property(tries = 50)
  void nothingButTheBytes(@ForAll long seed) throws SnapshotException {
    Random random = new Random(seed);
    List<Event> events = Stories.random(random).events;
    List<Finding> whole = new ArrayList<>();
    SessionMatcher one = GATE.open(session(), new SessionFacts(), whole::add);
    events.forEach(one::on);
    one.end();
    List<Finding> parts = new ArrayList<>();
    byte[] bytes = GATE.open(session(), new SessionFacts(), parts::add).snapshot();
    for (Event event : events) {
      SessionMatcher part = GATE.restore(bytes, parts::add);
      part.on(event);
      bytes = part.snapshot();
    }
    SessionMatcher last = GATE.restore(bytes, parts::add);
    last.end();
    assertThat(parts).isEqualTo(whole);
    assertThat(last.session().id()).isEqualTo(session().id());
  }

  private static Session session() {
    ProcessId root = new ProcessId(Scenario.AGENT, Scenario.time(0) / 1_000_000L);
    Session session =
        new Session(root, "claude-code", null, AgentIds.agentId("m", 1, "claude-code", null));
    session.offer(Session.Field.HOME, "/home/ann", Session.Source.TRUTH);
    return session;
  }

  private static byte[] some() {
    SessionMatcher matcher = GATE.open(session(), new SessionFacts(), finding -> {});
    Stories.random(new Random(4)).events.forEach(matcher::on);
    return matcher.snapshot();
  }

  @Example
  void refusesWhatIsNone() {
    refused(new byte[0], "cut");
    refused(new byte[100], "no snapshot of this kind");
    byte[] bytes = some();
    refused(Arrays.copyOf(bytes, bytes.length - 1), "cut or has bytes too many");
    refused(Arrays.copyOf(bytes, bytes.length + 1), "cut or has bytes too many");
    byte[] later = bytes.clone();
    later[5] = 99;
    refused(later, "version 99");
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 1;
    refused(flipped, "checksum");
    refused(new byte[8 * DivergenceSettings.DEFAULTS.maxBytes() + 1], "allowed");
  }

  @Example
  void refusesAnotherSessions() {
    ProcessId other = new ProcessId(7, 8);
    Session session = new Session(other, "pi", null, AgentIds.agentId("m", 1, "pi", null));
    assertThatThrownBy(() -> GATE.restore(some(), session, new SessionFacts(), f -> {}))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("not 7-8");
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> GATE.restore(bytes, finding -> {}))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining(why);
  }

  /** Forged with a checksum that holds: refused with a reason, or a state that goes on working. */
  @Property(tries = 300)
  void forgedSnapshotsDoNoHarm(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = some();
    for (int i = 0; i <= random.nextInt(4); i++) {
      int at = 10 + random.nextInt(bytes.length - 14);
      bytes[at] = (byte) random.nextInt(256);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    try {
      SessionMatcher matcher = GATE.restore(bytes, finding -> {});
      Stories.random(random).events.forEach(matcher::on);
      matcher.end();
    } catch (SnapshotException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }
}
