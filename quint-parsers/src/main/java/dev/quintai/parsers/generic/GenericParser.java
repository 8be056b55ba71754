package dev.quintai.parsers.generic;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.bedrock.InvokeStream;
import dev.quintai.parsers.turn.Body;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.ResponseEvents;
import dev.quintai.parsers.turn.UrlModel;
import java.nio.ByteBuffer;

/**
 * What nobody else knows: OpenAI-compatible vendors, Ollama, Cohere, and the dialects of Bedrock's
 * InvokeModel. At least the model, text, usage and any tool call are read.
 */
public final class GenericParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public GenericParser() {}

  @Override
  public String format() {
    return "generic";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    String path = head.path();
    boolean known =
        path.endsWith("/chat/completions")
            || path.endsWith("/v2/chat")
            || path.endsWith("/api/chat")
            || UrlModel.isInvoke(path);
    return known ? Evidence.PATH : Evidence.FALLBACK;
  }

  @Override
  public LlmStream open(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    if (direction == LlmDirection.REQUEST) {
      return new Body(
          limits,
          handler,
          head.requestContentType(),
          (framing, findings) ->
              new GenericRequest(
                  new RequestEvents(limits, handler, findings, UrlModel.of(head.path()))));
    }
    return new Body(
        limits,
        handler,
        head.responseContentType(),
        (framing, findings) -> {
          ResponseEvents events = new ResponseEvents(limits, handler, findings, head.status());
          GenericResponse response = new GenericResponse(events, framing.streaming());
          return framing == LlmFraming.EVENT_STREAM
              ? new InvokeStream(response, events, limits)
              : response;
        });
  }
}
