package dev.quintai.parsers.anthropic;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.RawField;
import dev.quintai.parsers.json.Repeat;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextField;
import dev.quintai.parsers.turn.Call;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.Problem;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.HashMap;
import java.util.Map;

/**
 * Responses of Anthropic's Messages API: one message, or the events that build it up ({@code
 * message_start}, {@code content_block_start/delta/stop}, {@code message_delta}, {@code
 * message_stop}, {@code error}). Also the older text completions, as Bedrock serves them, and the
 * results of message batches.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">Messages</a>
 * @see <a href="https://docs.anthropic.com/en/api/messages-streaming">Streaming messages</a>
 * @see <a href="https://docs.anthropic.com/en/api/retrieving-message-batch-results">Results of
 *     message batches</a>
 */
public final class AnthropicResponse implements Dialect {

  private final ResponseEvents events;
  private final boolean streaming;
  private final Map<Long, Open> blocks = new HashMap<>();

  /**
   * A block that has begun and holds a call.
   *
   * @param input what its beginning says that the input is, or null; deltas take its place
   * @param cut whether that was cut
   */
  private record Open(Call call, String input, boolean cut) {}

  private final StringField type = new StringField();
  private final NumberField index = new NumberField();
  private final Message message = new Message();
  private final Delta delta = new Delta();
  private final Root root = new Root();
  private final Block block = new Block();
  private final Problem problem = new Problem();
  private final Usage usage = new Usage();
  private final Usage metrics = new Usage();
  private boolean blockSeen;
  private boolean resultSeen;
  private boolean stopped;

  /**
   * A reader of one body.
   *
   * @param streaming whether the body is a stream of events
   */
  public AnthropicResponse(ResponseEvents events, boolean streaming) {
    this.events = events;
    this.streaming = streaming;
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    return root;
  }

  @Override
  public void end() {
    events.end(stopped);
  }

  /** The fields of a message, which stand at the root of a document or within an event. */
  private class Message extends JsonSink {
    final StringField id = new StringField();
    final StringField model = new StringField();
    final StringField stopReason = new StringField();
    final StringField completion = new StringField();
    final ListSink content = new ListSink(block());

    private JsonSink block() {
      return new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return AnthropicResponse.this.block.field(name);
        }

        @Override
        public void beginObject() {
          AnthropicResponse.this.block.beginObject();
        }

        @Override
        public void endObject() {
          wholeBlock();
        }
      };
    }

    @Override
    public void beginObject() {
      id.reset();
      model.reset();
      stopReason.reset();
      completion.reset();
      usage.reset();
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "id" -> id;
        case "model" -> model;
        case "stop_reason" -> stopReason;
        case "content" -> content;
        case "usage" -> usage;
        case "completion" -> completion;
        default -> null;
      };
    }

    @Override
    public void endObject() {
      events.begin();
      events.id(id.get());
      events.model(model.get());
      if (completion.get() != null) {
        events.text(0, completion.get());
      }
      events.stop(stopReason.get());
      events.usage(usage.input.get(), usage.output.get());
    }
  }

  /** One document: a message, an event, or an error. */
  private final class Root extends Message {
    private final Repeat text = Repeat.ofField(delta.text, this);
    private final Repeat thinking = Repeat.ofField(delta.thinking, this);
    private final Repeat partialJson = Repeat.ofField(delta.partialJson, this);

    @Override
    public Repeat repeat() {
      if (problem.seen() || !type.is("content_block_delta")) {
        return null;
      }
      return switch (delta.kind.or("")) {
        case "text_delta" -> text;
        case "thinking_delta" -> thinking;
        case "input_json_delta" -> partialJson;
        default -> null;
      };
    }

    @Override
    public void beginObject() {
      super.beginObject();
      type.reset();
      index.reset();
      problem.reset();
      metrics.reset();
      delta.reset();
      blockSeen = false;
      resultSeen = false;
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "type" -> type;
        case "index" -> index;
        case "message" -> message;
        case "content_block" -> {
          blockSeen = true;
          yield block;
        }
        case "delta" -> delta;
        case "error" -> problem;
        case "result" -> {
          resultSeen = true;
          yield result;
        }
        case "amazon-bedrock-invocationMetrics" -> metrics;
        default -> super.field(name);
      };
    }

    @Override
    public void endObject() {
      if (problem.seen() || type.is("error")) {
        events.error(problem.type(), problem.message());
        if (!streaming) {
          stopped = true;
        }
      }
      if (resultSeen) {
        stopped = true;
        events.complete();
        return;
      }
      if (problem.seen() || type.is("error")) {
        return;
      }
      switch (type.or("")) {
        case "message_start" -> blocks.clear();
        case "content_block_start" -> startBlock();
        case "content_block_delta" -> delta();
        case "content_block_stop" -> stopBlock(blocks.remove(index.get()));
        case "message_delta" -> {
          events.stop(delta.stopReason.get());
          events.usage(usage.input.get(), usage.output.get());
        }
        case "message_stop" -> {
          stopped = true;
          events.complete();
        }
        case "ping" -> {}
        case "message", "completion" -> whole();
        default -> {
          if (!streaming || completion.get() != null) {
            whole();
          }
        }
      }
    }

    /** A document that is the response, or a part of a stream of text completions. */
    private void whole() {
      super.endObject();
      // Bedrock's own count, where the message has none (text completions).
      if (usage.input.get() < 0 && usage.output.get() < 0) {
        events.usage(metrics.input.get(), metrics.output.get());
      }
      if (!streaming) {
        stopped = true;
        events.complete();
      } else if (stopReason.get() != null) {
        stopped = true;
      }
    }
  }

  /** One line of the results of a batch: a message, or an error within an error. */
  private final JsonSink result =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "message" -> message;
            case "error" -> resultError;
            default -> null;
          };
        }
      };

  private final JsonSink resultError =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("error") ? problem : null;
        }
      };

  /** A content block. */
  private static final class Block extends JsonSink {
    final StringField kind = new StringField();
    final StringField id = new StringField();
    final StringField name = new StringField();
    final StringField server = new StringField();
    final StringField text = new StringField();
    final StringField thinking = new StringField();
    final RawField input = new RawField();

    @Override
    public void beginObject() {
      kind.reset();
      id.reset();
      name.reset();
      server.reset();
      text.reset();
      thinking.reset();
      input.reset();
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "type" -> kind;
        case "id" -> id;
        case "name" -> name;
        case "server_name" -> server;
        case "text" -> text;
        case "thinking" -> thinking;
        case "input" -> input;
        default -> null;
      };
    }

    /** Who runs the block's call; null where the block is no call. */
    Kind callKind() {
      return switch (kind.or("")) {
        case "tool_use" -> Kind.FUNCTION;
        case "server_tool_use" -> Kind.SERVER;
        case "mcp_tool_use" -> Kind.MCP;
        default -> null;
      };
    }
  }

  private void wholeBlock() {
    Kind kind = block.callKind();
    if (kind != null) {
      events.call(
          block.id.get(),
          block.name.get(),
          kind,
          block.server.get(),
          block.input.get(),
          block.input.cut());
    } else if (block.kind.is("thinking")) {
      events.thinking(0, block.thinking.get());
    } else if (block.kind.is("text")) {
      events.text(0, block.text.get());
    }
  }

  private void startBlock() {
    if (!blockSeen) {
      return;
    }
    // A block that was never stopped gives way; its call will not be complete.
    blocks.remove(index.get());
    Kind kind = block.callKind();
    if (kind != null) {
      Call call = events.open(block.id.get(), block.name.get(), kind, block.server.get());
      if (call != null) {
        String input = block.input.get();
        boolean given = input != null && !isEmptyObject(input);
        blocks.put(index.get(), new Open(call, given ? input : null, block.input.cut()));
      }
    } else if (block.kind.is("thinking")) {
      events.thinking(0, block.thinking.get());
    } else if (block.kind.is("text")) {
      events.text(0, block.text.get());
    }
  }

  private void stopBlock(Open open) {
    if (open == null) {
      return;
    }
    if (open.input != null && !open.call.hasArguments()) {
      events.replace(open.call, open.input, open.cut);
    }
    events.close(open.call);
  }

  private static boolean isEmptyObject(String json) {
    for (int i = 0; i < json.length(); i++) {
      if ("{} \t\r\n".indexOf(json.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** A part of a content block, or of the message. */
  private static final class Delta extends JsonSink {
    final StringField kind = new StringField();
    final TextField text = new TextField();
    final TextField thinking = new TextField();
    final TextField partialJson = new TextField();
    final StringField stopReason = new StringField();

    void reset() {
      kind.reset();
      text.reset();
      thinking.reset();
      partialJson.reset();
      stopReason.reset();
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "type" -> kind;
        case "text" -> text;
        case "thinking" -> thinking;
        case "partial_json" -> partialJson;
        case "stop_reason" -> stopReason;
        default -> null;
      };
    }
  }

  private void delta() {
    switch (delta.kind.or("")) {
      case "text_delta" -> events.text(0, delta.text.get());
      case "thinking_delta" -> events.thinking(0, delta.thinking.get());
      case "input_json_delta" -> {
        if (delta.partialJson.get() != null) {
          Open open = blocks.get(index.get());
          if (open != null) {
            events.append(open.call, delta.partialJson.get());
          }
        }
      }
      default -> {} // citations, signatures and what is to come
    }
  }

  /** The two token counts; {@code Token...Count} in Bedrock's invocation metrics. */
  private static final class Usage extends JsonSink {
    final NumberField input = new NumberField();
    final NumberField output = new NumberField();

    void reset() {
      input.reset();
      output.reset();
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "input_tokens", "inputTokenCount" -> input;
        case "output_tokens", "outputTokenCount" -> output;
        default -> null;
      };
    }
  }
}
