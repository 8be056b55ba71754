package dev.quintai.parsers.bedrock;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.turn.Body;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.ResponseEvents;
import dev.quintai.parsers.turn.Sniff;
import dev.quintai.parsers.turn.UrlModel;
import java.nio.ByteBuffer;

/** AWS Bedrock's Converse and ConverseStream. */
public final class ConverseParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public ConverseParser() {}

  @Override
  public String format() {
    return "aws-bedrock-converse";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    if (UrlModel.isConverse(head.path())) {
      return Evidence.PATH;
    }
    return Sniff.holds(body, "\"toolConfig\"") && Sniff.holds(body, "\"toolSpec\"")
        ? Evidence.BODY
        : Evidence.NONE;
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
              new ConverseRequest(
                  new RequestEvents(limits, handler, findings, UrlModel.of(head.path()))));
    }
    return new Body(
        limits,
        handler,
        head.responseContentType(),
        (framing, findings) ->
            new ConverseResponse(
                new ResponseEvents(limits, handler, findings, head.status()), framing.streaming()));
  }
}
