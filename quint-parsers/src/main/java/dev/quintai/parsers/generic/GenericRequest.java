package dev.quintai.parsers.generic;

import dev.quintai.parsers.bedrock.ConverseContent;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.openai.ChatRequest;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.TextSink;

/**
 * Requests modelled on OpenAI's chat completions, with what other dialects put into messages:
 * Nova's {@code toolUse} and {@code toolResult} blocks, and a {@code system} prompt beside them.
 */
final class GenericRequest extends ChatRequest {

  private final ConverseContent converse;

  GenericRequest(RequestEvents events) {
    super(events);
    this.converse = new ConverseContent(events);
    this.system =
        new TextSink(events, "system") {
          @Override
          public JsonSink element() {
            return systemPart;
          }
        };
    this.systemText = new TextSink(events, "system");
  }

  private final JsonSink system;
  private final JsonSink systemText;

  private final JsonSink systemPart =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("text") ? systemText : null;
        }
      };

  @Override
  protected JsonSink rootField(String name) {
    return switch (name) {
      case "toolConfig" -> toolConfig;
      case "system" -> system;
      default -> super.rootField(name);
    };
  }

  private final JsonSink toolConfig =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("tools") ? GenericRequest.super.rootField(name) : null;
        }
      };

  @Override
  protected void beginContentPart() {
    converse.beginObject();
  }

  @Override
  protected JsonSink contentField(String name) {
    return converse.field(name);
  }

  @Override
  protected void endContentPart() {
    converse.endObject();
  }
}
