package dev.quintai.daemon.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.StandardParsers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionFrameTest {

  @Test
  void aParserOfTheFormatReadsItAsAnError() {
    List<String> errors = new ArrayList<>();
    List<LlmFinding> findings = new ArrayList<>();
    LlmHandler handler =
        new LlmHandler() {
          @Override
          public void error(String type, String message) {
            errors.add(type + ": " + message);
          }

          @Override
          public void finding(LlmFinding finding) {
            findings.add(finding);
          }
        };
    LlmStream stream =
        StandardParsers.all()
            .named("aws-bedrock-converse")
            .orElseThrow()
            .open(
                LlmHead.of(
                        "POST",
                        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
                        "application/json")
                    .withResponse(200, "application/vnd.amazon.eventstream"),
                LlmDirection.RESPONSE,
                LlmLimits.DEFAULT,
                handler);
    stream.feed(
        ByteBuffer.wrap(
            ExceptionFrame.of("validationException", "{\"message\":\"Blocked by Quint: why\"}")));
    stream.end();
    assertThat(errors).singleElement().asString().contains("Blocked by Quint: why");
    assertThat(findings).noneMatch(finding -> finding.kind() == LlmFinding.Kind.CHECKSUM);
  }
}
