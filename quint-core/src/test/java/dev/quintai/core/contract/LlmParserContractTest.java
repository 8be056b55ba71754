package dev.quintai.core.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LlmParserContractTest {

  /** Which promise is broken. */
  private enum Flaw {
    NONE,
    MOVES_BUFFER,
    SPLIT_SENSITIVE,
    THROWS,
    NEVER_COMPLETES,
    MISCOUNTS,
    LEAVES_BYTES
  }

  /** A format of lines: each is told as text; a line that begins with {@code !} is malformed. */
  private record LineParser(Flaw flaw) implements LlmParser {
    @Override
    public String format() {
      return "lines";
    }

    @Override
    public Evidence detect(LlmHead head, ByteBuffer body) {
      boolean first = body.hasRemaining() && body.get(body.position()) == 'l';
      if (flaw == Flaw.MOVES_BUFFER && body.hasRemaining()) {
        body.get();
      }
      return first ? Evidence.BODY : Evidence.NONE;
    }

    @Override
    public LlmStream open(
        LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
      return new LineStream(flaw, direction, limits, handler);
    }
  }

  private static final class LineStream implements LlmStream {
    private final Flaw flaw;
    private final LlmDirection direction;
    private final LlmLimits limits;
    private final LlmHandler handler;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean begun;
    private boolean ended;
    private boolean over;
    private long position;
    private long settled;
    private long truncations;
    private long findings;

    LineStream(Flaw flaw, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
      this.flaw = flaw;
      this.direction = direction;
      this.limits = limits;
      this.handler = handler;
    }

    @Override
    public void feed(ByteBuffer bytes) {
      int keep = flaw == Flaw.LEAVES_BYTES && bytes.remaining() > 10 ? 1 : 0;
      while (bytes.remaining() > keep) {
        byte b = bytes.get();
        position++;
        if (b == '\n') {
          tell();
        } else if (line.size() < limits.maxString()) {
          line.write(b);
        } else if (!over) {
          over = true;
          truncations++;
        }
      }
      if (flaw == Flaw.SPLIT_SENSITIVE && line.size() > 0) {
        tell();
      }
    }

    private void begin() {
      if (!begun) {
        begun = true;
        handler.framing(LlmFraming.NDJSON);
        handler.begin(direction);
      }
    }

    private void tell() {
      begin();
      String text = line.toString(StandardCharsets.ISO_8859_1);
      line.reset();
      over = false;
      if (flaw == Flaw.THROWS) {
        truncations += text.charAt(0) > 127 ? 1 : 0; // an empty line has none
      }
      if (text.startsWith("!")) {
        findings += flaw == Flaw.MISCOUNTS ? 2 : 1;
        handler.finding(new LlmFinding(LlmFinding.Kind.MALFORMED, position, "a mark"));
      } else {
        handler.text(0, text + "\n");
      }
      settled = position;
    }

    @Override
    public void end() {
      if (ended) {
        return;
      }
      ended = true;
      if (line.size() > 0) {
        tell();
      }
      if (begun && flaw != Flaw.NEVER_COMPLETES) {
        handler.complete(direction, true);
      }
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public long settled() {
      return settled;
    }

    @Override
    public long truncations() {
      return truncations;
    }

    @Override
    public long findings() {
      return findings;
    }
  }

  private static void verify(Flaw flaw) {
    byte[] body =
        "line one\nline two, which is longer\n!mark\nlast".getBytes(StandardCharsets.UTF_8);
    LlmParserContract.verify(
        new LineParser(flaw),
        List.of(
            new LlmParserContract.Sample(
                LlmHead.of("POST", "https://example.org/lines", "text/plain"),
                LlmDirection.RESPONSE,
                body)));
  }

  private static void broken(Flaw flaw, String promise) {
    assertThatThrownBy(() -> verify(flaw))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(promise);
  }

  @Test
  void aParserThatKeepsItsPromisesPasses() {
    verify(Flaw.NONE);
  }

  @Test
  void brokenPromisesAreFound() {
    broken(Flaw.MOVES_BUFFER, "detect() leaves the buffer alone");
    broken(Flaw.SPLIT_SENSITIVE, "the same events for every split");
    broken(Flaw.THROWS, "feed() takes any bytes");
    broken(Flaw.NEVER_COMPLETES, "each begin() has its complete() by end()");
    broken(Flaw.MISCOUNTS, "findings() counts what was told");
    broken(Flaw.LEAVES_BYTES, "feed() takes all bytes");
  }
}
