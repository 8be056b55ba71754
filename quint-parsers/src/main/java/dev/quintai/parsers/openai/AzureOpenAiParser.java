package dev.quintai.parsers.openai;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import java.nio.ByteBuffer;

/**
 * OpenAI's Chat Completions API on Azure, where the deployment in the path stands for the model and
 * the first chunk may hold nothing but the prompt's filter results. Its Responses API is of the
 * format {@code openai-responses}.
 *
 * @see <a href="https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference">Azure OpenAI
 *     REST API reference</a>
 */
public final class AzureOpenAiParser implements LlmParser {

  /** For {@link java.util.ServiceLoader}. */
  public AzureOpenAiParser() {}

  @Override
  public String format() {
    return "azure-openai";
  }

  @Override
  public Evidence detect(LlmHead head, ByteBuffer body) {
    if (head.path().contains("/openai/deployments/")) {
      return Evidence.PATH;
    }
    String host = head.hostName();
    boolean azure =
        host.endsWith(".openai.azure.com")
            || host.endsWith(".cognitiveservices.azure.com")
            || host.endsWith(".services.ai.azure.com");
    if (!azure) {
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
