package dev.quintai.parsers.gemini;

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

/** Google's Gemini API, on Google AI, Vertex AI and Code Assist. */
public final class GeminiParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public GeminiParser() {}

  @Override
  public String format() {
    return "google-gemini";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    String path = head.path();
    if (path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent")) {
      return Evidence.PATH;
    }
    String host = head.hostName();
    boolean google =
        host.equals("generativelanguage.googleapis.com")
            || host.equals("aiplatform.googleapis.com")
            || host.endsWith("-aiplatform.googleapis.com")
            || host.equals("cloudcode-pa.googleapis.com");
    // Vertex AI serves other makers' models by their own dialects.
    boolean others =
        path.endsWith("/chat/completions")
            || path.endsWith(":rawPredict")
            || path.endsWith(":streamRawPredict");
    if (google && !others) {
      return Evidence.HOST;
    }
    return Sniff.holds(body, "\"contents\"") && Sniff.holds(body, "\"parts\"")
        ? Evidence.BODY
        : Evidence.NONE;
  }

  @Override
  public LlmStream open(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    if (direction == LlmDirection.REQUEST) {
      String urlModel = UrlModel.google(head.path());
      return new Body(
          limits,
          handler,
          head.requestContentType(),
          (framing, findings) ->
              new GeminiRequest(
                  new RequestEvents(
                      limits, handler, findings, urlModel.isEmpty() ? null : urlModel)));
    }
    return new Body(
        limits,
        handler,
        head.responseContentType(),
        (framing, findings) ->
            new GeminiResponse(
                new ResponseEvents(limits, handler, findings, head.status()),
                limits,
                framing.streaming()));
  }
}
