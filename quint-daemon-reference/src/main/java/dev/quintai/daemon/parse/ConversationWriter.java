package dev.quintai.daemon.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.core.spi.LlmToolResult;
import dev.quintai.parsers.Conversation;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Writes conversations as JSON Lines. */
final class ConversationWriter {

  private final JsonGenerator json;

  ConversationWriter(OutputStream out) throws IOException {
    json = new JsonFactory().createGenerator(out);
    json.setRootValueSeparator(null);
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  void write(String id, Conversation conversation) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("format", conversation.format());
    json.writeStringField("provider", conversation.provider());
    json.writeBooleanField("streaming", conversation.streaming());
    json.writeStringField("requestModel", conversation.requestModel());
    json.writeStringField("responseModel", conversation.responseModel());
    json.writeArrayFieldStart("toolCalls");
    for (Conversation.ToolCall each : conversation.toolCalls()) {
      json.writeStartObject();
      json.writeStringField("id", each.call().id());
      json.writeStringField("name", each.call().name());
      json.writeStringField("kind", each.call().kind().wireName());
      json.writeFieldName("arguments");
      value(each.arguments().value());
      if (each.arguments().truncated()) {
        json.writeBooleanField("truncated", true);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("toolResults");
    for (LlmToolResult each : conversation.toolResults()) {
      json.writeStartObject();
      json.writeStringField("id", each.id());
      json.writeBooleanField("isError", each.isError());
      json.writeEndObject();
    }
    json.writeEndArray();
    usage(conversation);
    json.writeStringField("stopReason", conversation.stopReason());
    error(conversation);
    json.writeStringField("text", conversation.text());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void usage(Conversation conversation) throws IOException {
    json.writeFieldName("usage");
    if (conversation.inputTokens() < 0 && conversation.outputTokens() < 0) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    count("inputTokens", conversation.inputTokens());
    count("outputTokens", conversation.outputTokens());
    json.writeEndObject();
  }

  private void count(String name, long value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void error(Conversation conversation) throws IOException {
    json.writeFieldName("error");
    if (conversation.error() == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("type", conversation.error().type());
    json.writeStringField("message", conversation.error().message());
    json.writeEndObject();
  }

  private void value(Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName((String) entry.getKey());
        value(entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object each : list) {
        value(each);
      }
      json.writeEndArray();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else {
      json.writeNull();
    }
  }

  void flush() throws IOException {
    json.flush();
  }
}
