/** Parsers of LLM API traffic: bytes in, tool calls out. */
module dev.quintai.parsers {
  requires transitive dev.quintai.core;
  requires transitive com.fasterxml.jackson.core;

  exports dev.quintai.parsers;

  provides dev.quintai.core.spi.LlmParser with
      dev.quintai.parsers.responses.ResponsesParser,
      dev.quintai.parsers.anthropic.AnthropicParser,
      dev.quintai.parsers.gemini.GeminiParser,
      dev.quintai.parsers.bedrock.ConverseParser,
      dev.quintai.parsers.openai.AzureOpenAiParser,
      dev.quintai.parsers.openai.OpenAiParser,
      dev.quintai.parsers.generic.GenericParser;
}
