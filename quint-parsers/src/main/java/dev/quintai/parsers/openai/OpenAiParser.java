package dev.quintai.parsers.openai;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import java.nio.ByteBuffer;

/** OpenAI's Chat Completions API at OpenAI. Vendors that speak it are {@code generic}. */
public final class OpenAiParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public OpenAiParser() {}

  @Override
  public String format() {
    return "openai";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    if (!head.hostName().equals("api.openai.com")) {
      return Evidence.NONE;
    }
    return head.path().endsWith("/chat/completions") ? Evidence.PATH : Evidence.HOST;
  }

  @Override
  public LlmStream open(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    return ChatBodies.open(head, direction, limits, handler);
  }
}
