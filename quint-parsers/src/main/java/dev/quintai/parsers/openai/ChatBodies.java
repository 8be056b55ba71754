package dev.quintai.parsers.openai;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.turn.Body;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.ResponseEvents;
import dev.quintai.parsers.turn.UrlModel;

/** Opens bodies of the Chat Completions API. */
final class ChatBodies {

  private ChatBodies() {}

  static LlmStream open(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    if (direction == LlmDirection.REQUEST) {
      return new Body(
          limits,
          handler,
          head.requestContentType(),
          (framing, findings) ->
              new ChatRequest(
                  new RequestEvents(limits, handler, findings, UrlModel.of(head.path()))));
    }
    return new Body(
        limits,
        handler,
        head.responseContentType(),
        (framing, findings) ->
            new ChatResponse(
                new ResponseEvents(limits, handler, findings, head.status()), framing.streaming()));
  }
}
