package dev.quintai.parsers.bedrock;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.RawField;
import dev.quintai.parsers.json.Repeat;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextField;
import dev.quintai.parsers.turn.Call;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.HashMap;
import java.util.Map;

/**
 * Responses of Bedrock's Converse and ConverseStream, in camel case. The events of a stream are
 * frames whose name is the field that the same event has where a document wraps it, as Nova's own
 * dialect does; both are read alike. Exceptions are errors.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html">
 *     ConverseStreamOutput</a>
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">
 *     Converse</a>
 */
public final class ConverseResponse implements Dialect {

  private final ResponseEvents events;
  private final boolean streaming;
  private final Map<Long, Call> blocks = new HashMap<>();
  private final NumberField inputTokens = new NumberField();
  private final NumberField outputTokens = new NumberField();
  private final NumberField blockIndex = new NumberField();
  private final StringField stopReason = new StringField();
  private final StringField message = new StringField();
  private final StringField errorType = new StringField();
  private String exceptionName;
  private boolean finished;

  /** A reader of one body. */
  public ConverseResponse(ResponseEvents events, boolean streaming) {
    this.events = events;
    this.streaming = streaming;
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    message.reset();
    errorType.reset();
    exceptionName = exception ? name : null;
    if (exception) {
      return problem;
    }
    return name.isEmpty() ? root : field(name);
  }

  @Override
  public void frameEnd(boolean whole) {
    if (exceptionName != null) {
      events.error(exceptionName, message.get());
    }
  }

  @Override
  public void end() {
    events.end(finished);
  }

  /**
   * The sink of a field at a document's root, or of the event of that name; null if there is none.
   */
  public JsonSink field(String name) {
    return switch (name) {
      case "output" -> output;
      case "stopReason" -> stopSink;
      case "usage" -> usage;
      case "message", "Message" -> message;
      case "__type" -> errorType;
      case "messageStart" -> messageStart;
      case "contentBlockStart" -> blockStart;
      case "contentBlockDelta" -> blockDelta;
      case "contentBlockStop" -> blockStop;
      case "messageStop" -> messageStop;
      case "metadata" -> metadata;
      default -> null;
    };
  }

  private final JsonSink root =
      new JsonSink() {
        @Override
        public void beginObject() {
          if (!streaming) {
            events.begin();
          }
        }

        @Override
        public JsonSink field(String name) {
          return ConverseResponse.this.field(name);
        }

        @Override
        public void endObject() {
          if (events.failed()) {
            events.error(errorType.get(), message.get());
          }
          if (!streaming) {
            finished = true;
            events.complete();
          }
        }
      };

  private final JsonSink problem =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equalsIgnoreCase("message") ? message : null;
        }
      };

  private final JsonSink stopSink =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          finished = true;
          events.stop(text.toString());
        }
      };

  private final JsonSink usage =
      new JsonSink() {
        @Override
        public void beginObject() {
          inputTokens.reset();
          outputTokens.reset();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "inputTokens" -> inputTokens;
            case "outputTokens" -> outputTokens;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          events.usage(inputTokens.get(), outputTokens.get());
        }
      };

  // ---- Blocks ----

  /** A block of a message, or the start or a delta of one. */
  private static class Block extends JsonSink {
    final TextField text = new TextField();
    final TextField reasoning = new TextField();
    final StringField id = new StringField();
    final StringField name = new StringField();
    final StringField type = new StringField();
    final RawField input = new RawField();
    boolean toolUse;

    private final JsonSink tool =
        new JsonSink() {
          @Override
          public void beginObject() {
            toolUse = true;
          }

          @Override
          public JsonSink field(String field) {
            return switch (field) {
              case "toolUseId" -> id;
              case "name" -> name;
              case "type" -> type;
              case "input" -> input;
              default -> null;
            };
          }
        };

    /** Text stands in {@code reasoningText} in a message, and at the top in a delta. */
    private final JsonSink reasoningContent =
        new JsonSink() {
          @Override
          public JsonSink field(String field) {
            return switch (field) {
              case "reasoningText" -> this;
              case "text" -> reasoning;
              default -> null;
            };
          }
        };

    @Override
    public void beginObject() {
      text.reset();
      reasoning.reset();
      id.reset();
      name.reset();
      type.reset();
      input.reset();
      toolUse = false;
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "text" -> text;
        case "toolUse" -> tool;
        case "reasoningContent" -> reasoningContent;
        default -> null;
      };
    }

    Kind kind() {
      return type.is("server_tool_use") ? Kind.SERVER : Kind.FUNCTION;
    }
  }

  private final JsonSink citedPart =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("text") ? citedText : null;
        }
      };

  private final JsonSink citedText =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.text(0, text);
        }
      };

  private final ListSink citedParts = new ListSink(citedPart);

  /** Text with its sources; only the text is read. */
  private final JsonSink cited =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("content") ? citedParts : null;
        }
      };

  private final Block whole =
      new Block() {
        @Override
        public JsonSink field(String name) {
          return name.equals("citationsContent") ? cited : super.field(name);
        }

        @Override
        public void endObject() {
          events.thinking(0, reasoning.get());
          events.text(0, text.get());
          if (toolUse) {
            events.call(id.get(), name.or(""), kind(), null, input.get(), input.cut());
          }
        }
      };

  private final ListSink content = new ListSink(whole);

  private final JsonSink output =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "message" -> this;
            case "content" -> content;
            default -> null;
          };
        }
      };

  private final Block part = new Block();

  private abstract class BlockEvent extends JsonSink {
    @Override
    public void beginObject() {
      blockIndex.reset();
      part.beginObject();
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "contentBlockIndex" -> blockIndex;
        case "start", "delta" -> part;
        default -> null;
      };
    }
  }

  private final JsonSink messageStart =
      new JsonSink() {
        @Override
        public void beginObject() {
          events.begin();
        }
      };

  private final JsonSink blockStart =
      new BlockEvent() {
        @Override
        public void endObject() {
          // A block that was never stopped gives way; its call will not be complete.
          blocks.remove(blockIndex.get());
          if (part.toolUse) {
            Call call = events.open(part.id.get(), part.name.get(), part.kind(), null);
            if (call != null) {
              blocks.put(blockIndex.get(), call);
            }
          }
        }
      };

  private final JsonSink blockDelta =
      new BlockEvent() {
        private final Repeat text = Repeat.ofField(part.text, this);
        private final Repeat reasoning = Repeat.ofField(part.reasoning, this);
        private final Repeat input = Repeat.ofField(part.input, this);

        @Override
        public Repeat repeat() {
          if (part.toolUse) {
            return input;
          }
          return part.text.get() != null ? text : reasoning;
        }

        @Override
        public void endObject() {
          events.text(0, part.text.get());
          events.thinking(0, part.reasoning.get());
          if (part.toolUse && part.input.get() != null) {
            events.append(blocks.get(blockIndex.get()), part.input.get());
          }
        }
      };

  private final JsonSink blockStop =
      new BlockEvent() {
        @Override
        public void endObject() {
          events.close(blocks.remove(blockIndex.get()));
        }
      };

  private final JsonSink messageStop =
      new JsonSink() {
        @Override
        public void beginObject() {
          stopReason.reset();
        }

        @Override
        public JsonSink field(String name) {
          return name.equals("stopReason") ? stopReason : null;
        }

        @Override
        public void endObject() {
          finished = true;
          events.stop(stopReason.get());
        }
      };

  private final JsonSink metadata =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("usage") ? usage : null;
        }
      };
}
