package dev.quintai.parsers.anthropic;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.BoolField;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextParts;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.TextSink;

/**
 * Requests of Anthropic's Messages API.
 *
 * <p>The conversation's id is the session that Claude Code states in {@code metadata.user_id}. A
 * batch is read as the requests that it holds.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">Messages</a>
 * @see <a href="https://docs.anthropic.com/en/api/creating-message-batches">Message batches</a>
 */
public final class AnthropicRequest implements Dialect {

  private static final String SESSION = "_session_";

  private final RequestEvents events;
  private final Content content;
  private final ListSink system;
  private final ListSink messages;
  private final ListSink tools;

  /** A reader of one body. */
  public AnthropicRequest(RequestEvents events) {
    this.events = events;
    this.content = new Content();
    this.prompt = new TextSink(events, "user");
    this.system = new ListSink(new Part(false));
    this.messages = new ListSink(new Message());
    this.tools = new ListSink(new Tool());
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

  private final JsonSink root =
      new JsonSink() {
        @Override
        public void beginObject() {
          events.begin();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "model" -> modelSink;
            case "system" -> {
              events.message("system");
              yield system;
            }
            case "messages" -> messages;
            case "tools" -> tools;
            case "stream" -> streamSink;
            case "metadata" -> metadata;
            case "prompt" -> prompt;
            case "mcp_servers" -> mcpServers;
            case "requests" -> batch;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          events.complete();
        }
      };

  private final JsonSink prompt;

  /** The requests of a batch, one behind the other. */
  private final JsonSink batch =
      new ListSink(
          new JsonSink() {
            @Override
            public JsonSink field(String name) {
              return name.equals("params") ? root : null;
            }
          });

  private final StringField mcpServer = new StringField();

  private final JsonSink mcpServers =
      new ListSink(
          new JsonSink() {
            @Override
            public void beginObject() {
              mcpServer.reset();
            }

            @Override
            public JsonSink field(String name) {
              return name.equals("name") ? mcpServer : null;
            }

            @Override
            public void endObject() {
              events.declaredTool(mcpServer.get(), Kind.MCP);
            }
          });

  private final JsonSink metadata =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("user_id") ? userId : null;
        }
      };

  private final JsonSink userId =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.conversation(session(text.toString()));
        }
      };

  /** The session in a user id: {@code ..._session_ID}, or a JSON object with a session_id. */
  static String session(String userId) {
    int at = userId.lastIndexOf(SESSION);
    if (at >= 0) {
      return userId.substring(at + SESSION.length());
    }
    if (userId.startsWith("{")) {
      return new dev.quintai.parsers.ArgumentsReader(8).read(userId).string("session_id");
    }
    return null;
  }

  /** A message; a role that stands behind its content is told behind it. */
  private final class Message extends JsonSink {
    private final JsonSink roleSink =
        new JsonSink() {
          @Override
          public void string(JsonText text) {
            events.message(text.toString());
          }
        };

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "role" -> roleSink;
        case "content" -> content;
        default -> null;
      };
    }
  }

  /** A message's content: a text, or blocks. */
  private final class Content extends TextSink {
    private final Part part = new Part(true);

    Content() {
      super(events);
    }

    @Override
    public JsonSink element() {
      return part;
    }
  }

  /** A block of a message or of the system prompt. */
  private final class Part extends TextSink {
    private final boolean withTools;
    private final StringField kind = new StringField();
    private final StringField id = new StringField();
    private final StringField toolUseId = new StringField();
    private final StringField name = new StringField();
    private final BoolField isError = new BoolField();
    private final TextParts result;

    Part(boolean withTools) {
      super(events);
      this.withTools = withTools;
      this.result = new TextParts(events.limits().maxString());
    }

    @Override
    public void beginObject() {
      kind.reset();
      id.reset();
      toolUseId.reset();
      name.reset();
      isError.reset();
      result.reset();
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "type" -> kind;
        case "text" -> events.textSink();
        case "id" -> id;
        case "tool_use_id" -> toolUseId;
        case "name" -> name;
        case "is_error" -> isError;
        case "content" -> events.resultSink(result);
        default -> null;
      };
    }

    @Override
    public void endObject() {
      if (!withTools) {
        return;
      }
      switch (kind.or("")) {
        case "tool_use", "mcp_tool_use" -> events.priorCall(id.get(), name.get());
        case "tool_result", "mcp_tool_result" ->
            events.result(toolUseId.get(), null, isError.isTrue(), result.get(), result.cut());
        default -> {} // results of the provider's own tools are none of the agent's
      }
    }
  }

  /** A declared tool: the agent's own, or one that Anthropic defines. */
  private final class Tool extends JsonSink {
    private final StringField kind = new StringField();
    private final StringField name = new StringField();

    @Override
    public void beginObject() {
      kind.reset();
      name.reset();
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "type" -> kind;
        case "name" -> name;
        default -> null;
      };
    }

    @Override
    public void endObject() {
      events.declaredTool(name.get(), kind());
    }

    private Kind kind() {
      String declared = kind.or("custom");
      if (declared.equals("custom")) {
        return Kind.FUNCTION;
      }
      // Versioned types: bash_20250124, text_editor_..., computer_..., memory_... run at the agent.
      return declared.startsWith("bash_")
              || declared.startsWith("text_editor_")
              || declared.startsWith("computer_")
              || declared.startsWith("memory_")
          ? Kind.CLIENT_BUILTIN
          : Kind.SERVER;
    }
  }
}
