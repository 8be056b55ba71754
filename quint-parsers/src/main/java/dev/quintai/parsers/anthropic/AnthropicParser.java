package dev.quintai.parsers.anthropic;

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
import dev.quintai.parsers.turn.Sniff;
import dev.quintai.parsers.turn.UrlModel;
import java.nio.ByteBuffer;

/**
 * Anthropic's Messages API, at Anthropic, behind a gateway, or in Bedrock's InvokeModel and on
 * Vertex.
 */
public final class AnthropicParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public AnthropicParser() {}

  @Override
  public String format() {
    return "anthropic";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    String path = head.path();
    if (path.endsWith("/v1/messages")
        || path.endsWith("/v1/messages/count_tokens")
        || (path.endsWith(":rawPredict") && path.contains("/anthropic/"))
        || (path.endsWith(":streamRawPredict") && path.contains("/anthropic/"))) {
      return Evidence.PATH;
    }
    if (UrlModel.isInvoke(path)) {
      String model = UrlModel.bedrock(path);
      boolean anthropic =
          model.startsWith("anthropic.")
              || model.contains(".anthropic.")
              || Sniff.holds(body, "\"anthropic_version\"");
      return anthropic ? Evidence.PATH : Evidence.NONE;
    }
    if (isBatch(path)) {
      return Evidence.PATH;
    }
    String host = head.hostName();
    if (host.equals("api.anthropic.com") && !path.endsWith("/chat/completions")) {
      return Evidence.HOST;
    }
    return Sniff.holds(body, "\"anthropic_version\"") && Sniff.holds(body, "\"messages\"")
        ? Evidence.BODY
        : Evidence.NONE;
  }

  private static boolean isBatch(String path) {
    return path.contains("/v1/messages/batches");
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
              new AnthropicRequest(
                  new RequestEvents(limits, handler, findings, UrlModel.of(head.path()))));
    }
    boolean results = isBatch(head.path()) && head.path().endsWith("/results");
    return new Body(
        limits,
        handler,
        head.responseContentType(),
        results && head.status() < 400 ? LlmFraming.NDJSON : null,
        (framing, findings) -> {
          ResponseEvents events = new ResponseEvents(limits, handler, findings, head.status());
          AnthropicResponse response = new AnthropicResponse(events, framing.streaming());
          return framing == LlmFraming.EVENT_STREAM
              ? new InvokeStream(response, events, limits)
              : response;
        });
  }
}
