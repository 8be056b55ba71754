package dev.quintai.parsers.responses;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.TextSink;

/**
 * Requests of OpenAI's Responses API, over HTTP or as {@code response.create} messages over a
 * WebSocket, where {@code generate: false} only warms up.
 *
 * <p>The conversation's id is {@code conversation}, or {@code prompt_cache_key} where agents put
 * theirs.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/create">Create a
 *     response</a>
 */
public final class ResponsesRequest implements Dialect {

  private final RequestEvents events;
  private final boolean messages;
  private boolean conversationSeen;
  private final StringField messageType = new StringField();

  /**
   * A reader of one body, or of one direction of a WebSocket.
   *
   * @param messages whether it is a WebSocket, where not every message is a request
   */
  public ResponsesRequest(RequestEvents events, boolean messages) {
    this.events = events;
    this.messages = messages;
    this.instructions = new TextSink(events, "system");
    this.input = new ListSink(new InputItem(events.limits().maxString()));
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

  private final JsonSink generate =
      new JsonSink() {
        @Override
        public void bool(boolean value) {
          if (!value) {
            events.prewarm();
          }
        }
      };

  private final JsonSink previous =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.previousResponse(text.toString());
        }
      };

  /** The conversation: its id, or an object with the id. */
  private final JsonSink conversation =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("id") ? this : null;
        }

        @Override
        public void string(JsonText text) {
          conversationSeen = true;
          events.conversation(text.toString());
        }
      };

  private final JsonSink cacheKey =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          if (!conversationSeen) {
            events.conversation(text.toString());
          }
        }
      };

  private final JsonSink instructions;

  private final JsonSink input;
  private final JsonSink tools = new ListSink(new Tool());

  private final JsonSink root =
      new JsonSink() {
        @Override
        public void beginObject() {
          messageType.reset();
          conversationSeen = false;
          if (!messages) {
            events.begin();
          }
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "type" -> messageType;
            case "response" -> nested;
            default -> common(name);
          };
        }

        @Override
        public void endObject() {
          if (messageType.or("response.create").equals("response.create")) {
            events.begin();
          }
          events.complete();
        }
      };

  /** The request within a message that nests it. */
  private final JsonSink nested =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return common(name);
        }
      };

  private JsonSink common(String name) {
    return switch (name) {
      case "model" -> modelSink;
      case "stream" -> streamSink;
      case "generate" -> generate;
      case "previous_response_id" -> previous;
      case "conversation" -> conversation;
      case "prompt_cache_key" -> cacheKey;
      case "instructions" -> instructions;
      case "input" -> input;
      case "tools" -> tools;
      default -> null;
    };
  }

  /** An item of the input: a message, an earlier call, or a result. */
  private final class InputItem extends Item {

    private final JsonSink part =
        new JsonSink() {
          @Override
          public JsonSink field(String name) {
            return name.equals("text") ? events.textSink() : null;
          }
        };

    private final JsonSink content =
        new TextSink(events) {
          @Override
          public JsonSink element() {
            return part;
          }
        };

    private final JsonSink roleSink =
        new JsonSink() {
          @Override
          public void string(JsonText text) {
            events.message(text.toString());
          }
        };

    InputItem(int maxString) {
      super(maxString);
    }

    @Override
    JsonSink outputSink() {
      return events.resultSink(output);
    }

    /** The whole input as one text. */
    private final JsonSink whole = new TextSink(events, "user");

    @Override
    public void string(JsonText text) {
      whole.string(text);
    }

    @Override
    public boolean inPieces() {
      return whole.inPieces();
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
      whole.piece(bytes, from, to, last);
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "content" -> content;
        case "role" -> roleSink;
        default -> super.field(name);
      };
    }

    @Override
    public void endObject() {
      switch (type.or("message")) {
        case "function_call_output",
            "custom_tool_call_output",
            "computer_call_output",
            "local_shell_call_output",
            "shell_call_output",
            "apply_patch_call_output" ->
            result(callIdOrId());
        case "tool_search_output" -> result(callId.get());
        case "mcp_call" -> {
          // The provider ran it; its output stands with the call.
        }
        default -> {
          Kind kind = kind();
          if (kind != null && kind != Kind.SERVER) {
            events.priorCall(callIdOrId(), toolName());
          }
        }
      }
    }

    private void result(String id) {
      events.result(id, name.get(), status.is("failed"), output.get(), output.cut());
    }
  }

  /** A declared tool; the provider's own have their type for a name. */
  private final class Tool extends JsonSink {
    private final StringField type = new StringField();
    private final StringField name = new StringField();
    private final StringField server = new StringField();
    private final StringField execution = new StringField();

    @Override
    public void beginObject() {
      type.reset();
      name.reset();
      server.reset();
      execution.reset();
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "type" -> type;
        case "name" -> name;
        case "server_label" -> server;
        case "execution" -> execution;
        default -> null;
      };
    }

    @Override
    public void endObject() {
      switch (type.or("function")) {
        case "function", "namespace" -> events.declaredTool(name.get(), Kind.FUNCTION);
        case "custom" -> events.declaredTool(name.get(), Kind.CUSTOM);
        case "mcp" -> events.declaredTool(server.get(), Kind.MCP);
        case "local_shell", "shell", "apply_patch", "computer", "computer_use_preview" ->
            events.declaredTool(type.get(), Kind.CLIENT_BUILTIN);
        case "tool_search" ->
            events.declaredTool(
                "tool_search", execution.is("client") ? Kind.CLIENT_BUILTIN : Kind.SERVER);
        default -> events.declaredTool(type.get(), Kind.SERVER);
      }
    }
  }
}
