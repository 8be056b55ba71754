package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmParsers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.anthropic.com/v1/messages?beta=true, anthropic, PATH",
    "http://localhost:3000/router/anthropic/v1/messages, anthropic, PATH",
    "https://api.anthropic.com/api/other, anthropic, HOST",
    "https://api.anthropic.com/v1/chat/completions, generic, PATH",
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-x-v1%3A0/invoke, anthropic, PATH",
    "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/c:rawPredict, anthropic, PATH",
    "https://api.openai.com/v1/responses, openai-responses, PATH",
    "https://api.openai.com/v1/responses/resp_1, openai-responses, PATH",
    "https://chatgpt.com/backend-api/codex/responses, openai-responses, PATH",
    "https://r.openai.azure.com/openai/v1/responses, openai-responses, PATH",
    "https://api.openai.com/v1/chat/completions, openai, PATH",
    "https://api.openai.com/v1/embeddings, openai, HOST",
    "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=1, azure-openai, PATH",
    "https://r.openai.azure.com/openai/v1/chat/completions, azure-openai, PATH",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse-stream, aws-bedrock-converse, PATH",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/invoke, generic, PATH",
    "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse, google-gemini, PATH",
    "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions, generic, PATH",
    "https://cloudcode-pa.googleapis.com/v1internal:countTokens, google-gemini, HOST",
    "https://api.mistral.ai/v1/chat/completions, generic, PATH",
    "https://api.groq.com/openai/v1/chat/completions, generic, PATH",
    "http://127.0.0.1:11434/api/chat, generic, PATH",
  })
  void choosesByPathThenHost(String url, String format, LlmParser.Evidence evidence) {
    LlmParsers.Choice choice =
        StandardParsers.all().detect(LlmHead.of("POST", url, "application/json")).orElseThrow();
    assertThat(choice.parser().format()).isEqualTo(format);
    assertThat(choice.evidence()).isEqualTo(evidence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"anthropic_version\":\"x\",\"messages\":[]} | anthropic | BODY",
        "{\"contents\":[{\"parts\":[]}]} | google-gemini | BODY",
        "{\"model\":\"m\",\"input\":[],\"instructions\":\"x\"} | openai-responses | BODY",
        "{\"messages\":[],\"toolConfig\":{\"tools\":[{\"toolSpec\":{}}]}} | aws-bedrock-converse | BODY",
        "{\"model\":\"m\",\"messages\":[]} | generic | FALLBACK",
      })
  void choosesByTheBodyBehindAGateway(String body, String format, LlmParser.Evidence evidence) {
    ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
    LlmParsers.Choice choice =
        StandardParsers.all()
            .detect(LlmHead.of("POST", "https://gateway.example/llm", null), bytes)
            .orElseThrow();
    assertThat(choice.parser().format()).isEqualTo(format);
    assertThat(choice.evidence()).isEqualTo(evidence);
    assertThat(bytes.position()).isZero();
  }

  @Test
  void seesAnthropicBehindAnInferenceProfile() {
    LlmHead head =
        LlmHead.of(
            "POST",
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Aapplication-inference-profile%2Fabc/invoke",
            null);
    ByteBuffer body =
        ByteBuffer.wrap("{\"anthropic_version\":\"b\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(StandardParsers.all().detect(head, body).orElseThrow().parser().format())
        .isEqualTo("anthropic");
  }

  @Test
  void isFoundByTheServiceLoader() {
    assertThat(LlmParsers.discover().all())
        .extracting(LlmParser::format)
        .containsExactlyInAnyOrder(
            "openai-responses",
            "anthropic",
            "google-gemini",
            "aws-bedrock-converse",
            "azure-openai",
            "openai",
            "generic");
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.anthropic.com/v1/messages, anthropic",
    "https://bedrock-runtime.us-east-1.amazonaws.com/x, aws-bedrock",
    "https://r.openai.azure.com/x, azure",
    "https://us-central1-aiplatform.googleapis.com/x, google",
    "https://openrouter.ai/api/v1/chat/completions, openrouter",
    "https://api.anthropic.com.evil.example/v1/messages,",
    "http://localhost:8000/v1/chat/completions,",
  })
  void knowsTheHostsOwner(String url, String provider) {
    assertThat(Providers.of(LlmHead.of("POST", url, null))).isEqualTo(provider);
  }
}
