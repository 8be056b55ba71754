package dev.quintai.parsers;

import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmParsers;
import dev.quintai.parsers.anthropic.AnthropicParser;
import dev.quintai.parsers.bedrock.ConverseParser;
import dev.quintai.parsers.gemini.GeminiParser;
import dev.quintai.parsers.generic.GenericParser;
import dev.quintai.parsers.openai.AzureOpenAiParser;
import dev.quintai.parsers.openai.OpenAiParser;
import dev.quintai.parsers.responses.ResponsesParser;
import java.util.List;

/** The parsers of this module, for embedders that do not use {@link java.util.ServiceLoader}. */
public final class StandardParsers {

  private static final LlmParsers ALL =
      LlmParsers.of(
          List.<LlmParser>of(
              new ResponsesParser(),
              new AnthropicParser(),
              new GeminiParser(),
              new ConverseParser(),
              new AzureOpenAiParser(),
              new OpenAiParser(),
              new GenericParser()));

  private StandardParsers() {}

  /** All of them, in the order in which they claim an exchange. */
  public static LlmParsers all() {
    return ALL;
  }
}
