package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireDecoderTest {

  private final WireFrames frames = new WireFrames();

  @Test
  void everyFrameBecomesItsEvent() throws Exception {
    frames
        .hello(7, 100, 5000)
        .fork(10, 100, 5000, 101, 5001)
        .exec(11, 101, 5001, 100, 1000, "/usr/bin/cat", "/w", "cat", "ä file", "")
        .file(12, 101, 5001, 1, 1, "/w/real", "/w/link", "")
        .file(13, 101, 5001, 4, 0, "/w/old", "", "/w/new")
        .connect(14, 101, 5001, 4, 443, 192, 0, 2, 7)
        .loss(15, 9)
        .exit(16, 101, 5001, 137)
        .local(17, 101, 5001, "@name")
        .end(18, 0x300, 0);

    ProcessId root = new ProcessId(100, 5000);
    ProcessId child = new ProcessId(101, 5001);
    WireFrames.Decoded decoded = frames.decode(Integer.MAX_VALUE);
    assertThat(decoded.hello()).isEqualTo(new WireDecoder.Hello(7, root, WireFrames.OFFSET));
    assertThat(decoded.events())
        .containsExactly(
            new ProcessFork(10, root, new Origin("trace", 1), child),
            new ProcessExec(
                11,
                child,
                new Origin("trace", 2),
                100,
                "/usr/bin/cat",
                List.of("cat", "ä file", ""),
                "/w",
                1000,
                null,
                null),
            new FileEvent(
                12,
                child,
                new Origin("trace", 3),
                FileEvent.Op.OPEN,
                "/w/real",
                "/w/link",
                FileEvent.Access.READ,
                null,
                1),
            new FileEvent(
                13,
                child,
                new Origin("trace", 4),
                FileEvent.Op.RENAME,
                "/w/old",
                null,
                null,
                "/w/new",
                1),
            new NetworkConnect(14, child, new Origin("trace", 5), "192.0.2.7", 443, null),
            new SensorLoss(15, new Origin("trace", 6), 9),
            new ProcessExit(16, child, new Origin("trace", 7), 137),
            new LocalConnect(17, child, new Origin("trace", 8), "@name"));
    assertThat(decoded.end().exitCode()).isEqualTo(3);
  }

  @Test
  void theOutcomeDoesNotDependOnHowTheBytesArrive() throws Exception {
    frames.hello(0, 1, 2);
    for (int i = 0; i < 50; i++) {
      frames.file(i, 1, 2, 1, 1, "/some/path/" + i % 7, i % 3 == 0 ? "/link" : "", "");
    }
    frames.end(60, 9, 0);

    WireFrames.Decoded whole = frames.decode(Integer.MAX_VALUE);
    assertThat(whole.events()).hasSize(50);
    assertThat(whole.end().exitCode()).isEqualTo(137);
    for (int chunk : new int[] {1, 3, 64}) {
      assertThat(frames.decode(chunk)).isEqualTo(whole);
    }
  }

  @Test
  void repeatedPathsAndProcessesAreOneObject() throws Exception {
    frames.hello(0, 1, 2);
    frames.file(1, 1, 2, 1, 1, "/same", "", "").file(2, 1, 2, 1, 1, "/same", "", "");

    var events = frames.decode(Integer.MAX_VALUE).events();
    FileEvent first = (FileEvent) events.get(0);
    FileEvent second = (FileEvent) events.get(1);
    assertThat(first.path()).isSameAs(second.path());
    assertThat(first.process()).isSameAs(second.process());
  }

  @Test
  void aRefusalIsReadWithItsReason() throws Exception {
    WireFrames.Decoded decoded = frames.error(0, 4, 16, "busy").decode(Integer.MAX_VALUE);
    assertThat(decoded.refusal()).isEqualTo(new WireDecoder.Refusal(4, 16, "busy"));
    assertThat(TraceRefusedException.of(decoded.refusal()))
        .hasMessage("busy (errno 16)")
        .extracting(TraceRefusedException::reason)
        .isEqualTo(TraceRefusedException.Reason.NESTED);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> frames.decode(Integer.MAX_VALUE))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFrameBeforeTheGreetingIsRefused() {
    frames.loss(1, 1);
    assertRefused("before the greeting");
  }

  @Test
  void aSecondGreetingIsRefused() {
    frames.hello(0, 1, 2).hello(0, 1, 2);
    assertRefused("greeting");
  }

  @Test
  void aGapInTheSequenceIsRefused() {
    frames.hello(0, 1, 2).skip().loss(1, 1);
    assertRefused("frame 2 where 1 is due");
  }

  @Test
  void aFrameAfterTheLastIsRefused() {
    frames.hello(0, 1, 2).end(1, 0, 0).loss(2, 1);
    assertRefused("after the last");
  }

  @Test
  void anUnknownTypeIsRefused() {
    frames.hello(0, 1, 2).raw(99, 1, ByteBuffer.allocate(0));
    assertRefused("unknown type 99");
  }

  @Test
  void lengthsThatDoNotFitAreRefused() {
    frames.hello(0, 1, 2).raw(WireFrames.LOSS, 1, ByteBuffer.allocate(7));
    assertRefused("cut short");
  }

  @Test
  void bytesTooManyAreRefused() {
    ByteBuffer payload = ByteBuffer.allocate(9).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    payload.putLong(0, 1);
    frames.hello(0, 1, 2).raw(WireFrames.LOSS, 1, payload);
    assertRefused("too many");
  }

  @Test
  void anOperationOrFamilyThatIsNoneIsRefused() {
    frames.hello(0, 1, 2).file(1, 1, 2, 6, 0, "/x", "", "");
    assertRefused("file operation 6");
  }

  @Test
  void aLossOfNothingIsRefused() {
    frames.hello(0, 1, 2).loss(1, 0);
    assertRefused("a loss of 0");
  }
}
