package dev.quintai.parsers.openai;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextParts;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.TextSink;

/**
 * Requests of OpenAI's Chat Completions API and of what is modelled on it. A message of the role
 * {@code tool} (or the older {@code function}) is a tool result; the API has no mark for errors.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">Create a chat
 *     completion</a>
 */
public class ChatRequest implements Dialect {

  /** Where the events go. */
  protected final RequestEvents events;

  private final Message message;

  /** A reader of one body. */
  public ChatRequest(RequestEvents events) {
    this.events = events;
    this.message = new Message();
    this.prompt = new Prompt();
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

  private final JsonSink root =
      new JsonSink() {
        @Override
        public void beginObject() {
          events.begin();
        }

        @Override
        public JsonSink field(String name) {
          return rootField(name);
        }

        @Override
        public void endObject() {
          events.complete();
        }
      };

  /** The field of the document's root. */
  protected JsonSink rootField(String name) {
    return switch (name) {
      case "model" -> modelSink;
      case "messages" -> messages;
      case "prompt" -> prompt;
      case "tools" -> tools;
      case "functions" -> functions;
      case "stream" -> streamSink;
      case "prompt_cache_key" -> conversation;
      default -> null;
    };
  }

  private final JsonSink modelSink =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.model(text.toString());
        }
      };

  private final JsonSink streamSink =
      new JsonSink() {
        @Override
        public void bool(boolean value) {
          events.stream(value);
        }
      };

  private final JsonSink conversation =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.conversation(text.toString());
        }
      };

  private final class Prompt extends TextSink {
    Prompt() {
      super(events, "user");
    }

    @Override
    public JsonSink element() {
      return this;
    }
  }

  private final JsonSink prompt;

  private final JsonSink messages =
      new JsonSink() {
        @Override
        public JsonSink element() {
          return message;
        }
      };

  /** A message: its role decides what its content is, and may stand behind it. */
  private final class Message extends JsonSink {
    private final StringField role = new StringField();
    private final StringField toolCallId = new StringField();
    private final StringField name = new StringField();
    private final TextParts result = new TextParts(events.limits().maxString());
    private boolean told;

    private final JsonSink roleSink =
        new JsonSink() {
          @Override
          public void string(JsonText text) {
            role.string(text);
            told = true;
            events.message(role.get());
          }
        };

    private final JsonSink part =
        new JsonSink() {
          @Override
          public JsonSink field(String field) {
            return switch (field) {
              case "text" -> events.textSink();
              default -> contentField(field);
            };
          }

          @Override
          public void beginObject() {
            beginContentPart();
          }

          @Override
          public void endObject() {
            endContentPart();
          }
        };

    private final JsonSink content =
        new TextSink(events) {
          @Override
          public JsonSink element() {
            return part;
          }
        };

    @Override
    public void beginObject() {
      role.reset();
      toolCallId.reset();
      name.reset();
      result.reset();
      told = false;
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "role" -> roleSink;
        // Where the role is not known yet the content is kept as a result would be.
        case "content" -> contentSink();
        case "tool_call_id" -> toolCallId;
        case "name", "tool_name" -> name;
        case "tool_calls" -> priorCalls;
        case "function_call" -> priorFunction;
        default -> null;
      };
    }

    private JsonSink contentSink() {
      if (!told) {
        return result;
      }
      return isResult() ? events.resultSink(result) : content;
    }

    private boolean isResult() {
      return role.is("tool") || role.is("function");
    }

    @Override
    public void endObject() {
      if (isResult()) {
        events.result(toolCallId.get(), name.get(), false, result.get(), result.cut());
      } else if (!result.isEmpty()) {
        events.text(result.get()); // the role stood behind it
      }
    }
  }

  /** A part of a message's content begins. */
  protected void beginContentPart() {}

  /** A field of a part that is no text. */
  protected JsonSink contentField(String name) {
    return null;
  }

  /** A part of a message's content is over. */
  protected void endContentPart() {}

  private final ToolEntry prior = new ToolEntry();

  private final JsonSink priorFunction =
      new JsonSink() {
        @Override
        public void beginObject() {
          prior.beginObject();
        }

        @Override
        public JsonSink field(String name) {
          return name.equals("arguments") ? null : prior.field(name);
        }

        @Override
        public void endObject() {
          events.priorCall(prior.id.get(), prior.toolName());
        }
      };

  private final ListSink priorCalls = new ListSink(priorFunction);

  // ---- Tools ----

  private final StringField toolType = new StringField();
  private final StringField toolName = new StringField();

  private final JsonSink named =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("name") ? toolName : null;
        }
      };

  private final JsonSink tool =
      new JsonSink() {
        @Override
        public void beginObject() {
          toolType.reset();
          toolName.reset();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "type" -> toolType;
            case "name" -> toolName;
            case "function", "custom", "toolSpec" -> named;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          if (toolName.get() != null) {
            events.declaredTool(
                toolName.get(), toolType.is("custom") ? Kind.CUSTOM : Kind.FUNCTION);
          } else {
            events.declaredTool(toolType.get(), Kind.SERVER);
          }
        }
      };

  private final ListSink tools = new ListSink(tool);
  private final ListSink functions = tools;
}
