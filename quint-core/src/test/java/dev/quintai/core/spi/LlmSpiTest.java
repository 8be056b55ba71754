package dev.quintai.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.spi.LlmParser.Evidence;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LlmSpiTest {

  @Test
  void takesUrlsApart() {
    LlmHead head = LlmHead.of("POST", "https://u:p@API.Example.com:8443/v1/x%20y?a=b?c#frag", null);
    assertThat(head.host()).isEqualTo("api.example.com:8443");
    assertThat(head.hostName()).isEqualTo("api.example.com");
    assertThat(head.path()).isEqualTo("/v1/x%20y");
    assertThat(head.query()).isEqualTo("a=b?c");
    assertThat(head.status()).isZero();
    assertThat(LlmHead.of("POST", "https://h", null).path()).isEqualTo("/");
    assertThat(LlmHead.of("POST", "https://h?q=1", null).query()).isEqualTo("q=1");
    assertThat(LlmHead.of("GET", "http://[::1]:80/x", null).hostName()).isEqualTo("[::1]");
  }

  @Test
  void takesOriginForms() {
    LlmHead head = LlmHead.of("POST", "/v1/messages?next=https://x/", "application/json");
    assertThat(head.host()).isEmpty();
    assertThat(head.path()).isEqualTo("/v1/messages");
    LlmHead complete = head.withHost("H:1").withResponse(200, "text/event-stream");
    assertThat(complete.host()).isEqualTo("h:1");
    assertThat(complete.status()).isEqualTo(200);
    assertThat(complete.requestContentType()).isEqualTo("application/json");
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() -> LlmLimits.DEFAULT.withMaxString(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxString");
    assertThatThrownBy(() -> LlmLimits.DEFAULT.withMaxDepth(1001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(LlmLimits.DEFAULT.withMaxFrame(7).withMaxOpenCalls(8).withMaxArguments(9))
        .isEqualTo(new LlmLimits(200, 1 << 20, 9, 8, 7));
  }

  /** A parser that claims everything with one evidence. */
  private record Claims(String format, Evidence evidence) implements LlmParser {
    @Override
    public Evidence detect(LlmHead head, ByteBuffer body) {
      return evidence;
    }

    @Override
    public LlmStream open(
        LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void choosesTheStrongestEvidenceAndTheEarlierParser() {
    LlmHead head = LlmHead.of("POST", "https://h/", null);
    LlmParsers parsers =
        LlmParsers.of(
            List.of(
                new Claims("f", Evidence.FALLBACK),
                new Claims("b", Evidence.BODY),
                new Claims("h", Evidence.HOST),
                new Claims("h2", Evidence.HOST),
                new Claims("n", Evidence.NONE)));
    LlmParsers.Choice choice = parsers.detect(head).orElseThrow();
    assertThat(choice.parser().format()).isEqualTo("h");
    assertThat(choice.evidence()).isEqualTo(Evidence.HOST);
    assertThat(parsers.named("b")).isPresent();
    assertThat(parsers.named("x")).isEmpty();
    assertThat(LlmParsers.of(List.of(new Claims("n", Evidence.NONE))).detect(head)).isEmpty();
    assertThatThrownBy(
            () ->
                new Claims("f", Evidence.PATH)
                    .openMessages(
                        head, LlmDirection.REQUEST, LlmLimits.DEFAULT, new LlmHandler() {}))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("f");
  }
}
