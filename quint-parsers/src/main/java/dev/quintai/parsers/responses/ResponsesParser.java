package dev.quintai.parsers.responses;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.turn.Body;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.ResponseEvents;
import dev.quintai.parsers.turn.Sniff;
import java.nio.ByteBuffer;

/** OpenAI's Responses API, wherever it is served, over HTTP and over WebSockets. */
public final class ResponsesParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public ResponsesParser() {}

  @Override
  public String format() {
    return "openai-responses";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    String path = head.path();
    if (path.endsWith("/responses") || path.contains("/responses/")) {
      return Evidence.PATH;
    }
    boolean input = Sniff.holds(body, "\"input\"") && !Sniff.holds(body, "\"messages\"");
    return input
            && Sniff.holds(body, "\"model\"")
            && (Sniff.holds(body, "\"instructions\"")
                || Sniff.holds(body, "\"previous_response_id\""))
        ? Evidence.BODY
        : Evidence.NONE;
  }

  @Override
  public LlmStream open(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    return open(head, direction, limits, handler, null);
  }

  @Override
  public LlmStream openMessages(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    return open(head, direction, limits, handler, LlmFraming.MESSAGES);
  }

  private static LlmStream open(
      LlmHead head,
      LlmDirection direction,
      LlmLimits limits,
      LlmHandler handler,
      LlmFraming framing) {
    if (direction == LlmDirection.REQUEST) {
      return new Body(
          limits,
          handler,
          head.requestContentType(),
          framing,
          (chosen, findings) ->
              new ResponsesRequest(
                  new RequestEvents(limits, handler, findings, null),
                  chosen == LlmFraming.MESSAGES));
    }
    return new Body(
        limits,
        handler,
        head.responseContentType(),
        framing,
        (chosen, findings) ->
            new ResponsesResponse(
                new ResponseEvents(limits, handler, findings, head.status()),
                limits,
                chosen.streaming()));
  }
}
