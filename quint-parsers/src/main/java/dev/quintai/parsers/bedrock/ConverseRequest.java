package dev.quintai.parsers.bedrock;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.RequestEvents;

/**
 * Requests of Bedrock's Converse and ConverseStream.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">
 *     Converse</a>
 */
public final class ConverseRequest implements Dialect {

  private final RequestEvents events;
  private final ConverseContent part;
  private final StringField toolName = new StringField();

  /** A reader of one body. */
  public ConverseRequest(RequestEvents events) {
    this.events = events;
    this.part = new ConverseContent(events);
    this.content = new ListSink(part);
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    events.beginDocument();
    return root;
  }

  @Override
  public void end() {
    events.end();
  }

  private final ListSink content;

  private final JsonSink root =
      new JsonSink() {
        @Override
        public void beginObject() {
          events.begin();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "modelId" -> model;
            case "messages" -> messages;
            case "system" -> {
              events.message("system");
              yield content;
            }
            case "toolConfig" -> toolConfig;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          events.complete();
        }
      };

  private final JsonSink model =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.model(text.toString());
        }
      };

  private final JsonSink role =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.message(text.toString());
        }
      };

  private final ListSink messages =
      new ListSink(
          new JsonSink() {
            @Override
            public JsonSink field(String name) {
              return switch (name) {
                case "role" -> role;
                case "content" -> content;
                default -> null;
              };
            }
          });

  private final JsonSink toolSpec =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("name") ? toolName : null;
        }
      };

  /** A tool of the agent's, or one of Bedrock's own ({@code systemTool}). */
  private final ListSink tools =
      new ListSink(
          new JsonSink() {
            private boolean system;

            @Override
            public void beginObject() {
              toolName.reset();
              system = false;
            }

            @Override
            public JsonSink field(String name) {
              system |= name.equals("systemTool");
              return name.equals("toolSpec") || name.equals("systemTool") ? toolSpec : null;
            }

            @Override
            public void endObject() {
              events.declaredTool(toolName.get(), system ? Kind.SERVER : Kind.FUNCTION);
            }
          });

  private final JsonSink toolConfig =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("tools") ? tools : null;
        }
      };
}
