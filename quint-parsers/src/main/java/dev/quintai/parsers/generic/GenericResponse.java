package dev.quintai.parsers.generic;

import dev.quintai.parsers.bedrock.ConverseResponse;
import dev.quintai.parsers.json.BoolField;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.Repeat;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.openai.ChatMessage;
import dev.quintai.parsers.openai.ChatResponse;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.ArrayList;
import java.util.List;

/**
 * Responses of whatever has no parser of its own: chat completions of OpenAI-compatible vendors,
 * and the dialects that differ from them at the document's root.
 *
 * <ul>
 *   <li>Cohere v2: {@code message} or typed events with {@code delta.message}, {@code
 *       finish_reason}, {@code usage.tokens}
 *   <li>Ollama: {@code message}, {@code done}, {@code prompt_eval_count}, {@code eval_count}
 *   <li>Bedrock InvokeModel: Nova ({@code output.message} and Converse's events), Titan ({@code
 *       results}, {@code outputText}), Llama ({@code generation}), Mistral ({@code outputs}),
 *       Cohere ({@code generations}, {@code text}), AI21 ({@code completions})
 * </ul>
 *
 * @see <a href="https://docs.cohere.com/reference/chat-stream">Cohere: chat with streaming</a>
 * @see <a href="https://docs.ollama.com/api/chat">Ollama: chat</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html">Bedrock:
 *     bodies of the models</a>
 */
final class GenericResponse extends ChatResponse {

  /** Texts at a document's root; no dialect has two. */
  private static final int MAX_TEXTS = 2;

  private final ConverseResponse converse;
  private final ChatMessage message = new ChatMessage(this::tellMessage);
  private final List<String> texts = new ArrayList<>();
  private final NumberField input = new NumberField();
  private final NumberField output = new NumberField();
  private final NumberField metricsInput = new NumberField();
  private final NumberField metricsOutput = new NumberField();
  private final StringField finish = new StringField();
  private final BoolField done = new BoolField();
  private final StringField errorText = new StringField();
  private boolean messageSeen;
  private boolean ownFieldSeen;
  private final StringField alternativeText = new StringField();
  private final StringField alternativeFinish = new StringField();
  private int alternativesSeen;

  GenericResponse(ResponseEvents events, boolean streaming) {
    super(events, streaming);
    this.converse = new ConverseResponse(events, streaming);
  }

  @Override
  protected void beginDocument() {
    super.beginDocument();
    message.reset();
    texts.clear();
    input.reset();
    output.reset();
    metricsInput.reset();
    metricsOutput.reset();
    finish.reset();
    done.reset();
    errorText.reset();
    messageSeen = false;
    alternativesSeen = 0;
    ownFieldSeen = false;
  }

  @Override
  protected Repeat repeatedDocument() {
    boolean chat = !ownFieldSeen && input.get() < 0 && output.get() < 0;
    return chat ? super.repeatedDocument() : null;
  }

  @Override
  protected JsonSink rootField(String name) {
    if (name.equals("usage")) {
      return usage;
    }
    JsonSink own = ownField(name);
    ownFieldSeen |= own != null;
    return own == null ? super.rootField(name) : own;
  }

  /** The field of a document that is no chat completion; null if there is none of that name. */
  private JsonSink ownField(String name) {
    return switch (name) {
      case "message" -> rootMessage;
      case "delta" -> delta;
      case "tool_calls" -> {
        messageSeen = true;
        yield message.field(name);
      }
      case "finish_reason", "done_reason", "stop_reason", "completionReason" -> finish;
      case "done", "is_finished" -> done;
      case "prompt_eval_count", "prompt_token_count", "inputTextTokenCount" -> input;
      case "eval_count", "generation_token_count", "totalOutputTextTokenCount" -> output;
      case "amazon-bedrock-invocationMetrics" -> metrics;
      case "generation", "outputText", "response", "completion", "text" -> rootText;
      case "generations", "outputs", "results", "completions" -> alternatives;
      case "output",
          "stopReason",
          "messageStart",
          "contentBlockStart",
          "contentBlockDelta",
          "contentBlockStop",
          "messageStop",
          "metadata" ->
          converse.field(name);
      default -> null;
    };
  }

  @Override
  protected void endDocument() {
    if (messageSeen) {
      tellMessage();
    }
    texts.forEach(text -> events.text(0, text));
    if (events.failed() && errorText.get() != null) {
      events.error("", errorText.get());
    }
    super.endDocument();
    boolean own = input.get() >= 0 || output.get() >= 0;
    events.usage(input.get(), output.get());
    if (!own) {
      events.usage(metricsInput.get(), metricsOutput.get());
    }
    String reason = finish.get();
    if (reason != null && !reason.isEmpty()) {
      finishChoice(0, reason);
    } else if (done.isTrue() || metricsOutput.get() >= 0) {
      finish();
    }
  }

  private void tellMessage() {
    tell(0, message);
  }

  /** A chat message, or the message of an error. */
  private final JsonSink rootMessage =
      new JsonSink() {
        @Override
        public void beginObject() {
          messageSeen = true;
        }

        @Override
        public JsonSink field(String name) {
          return message.field(name);
        }

        @Override
        public void string(JsonText text) {
          errorText.string(text);
        }
      };

  /** Cohere's events: a message, a finish reason, the usage. */
  private final JsonSink delta =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "message" -> rootMessage;
            case "finish_reason" -> finish;
            case "usage" -> usage;
            default -> null;
          };
        }
      };

  /** The names of all dialects; Cohere's {@code billed_units} are not the tokens. */
  private final JsonSink usage =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "prompt_tokens", "input_tokens", "inputTokens" -> input;
            case "completion_tokens", "output_tokens", "outputTokens" -> output;
            case "tokens" -> this;
            default -> null;
          };
        }
      };

  private final JsonSink metrics =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "inputTokenCount" -> metricsInput;
            case "outputTokenCount" -> metricsOutput;
            default -> null;
          };
        }
      };

  private final JsonSink rootText =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          if (texts.size() < MAX_TEXTS) {
            texts.add(text.toString());
          }
        }
      };

  /** A reason: a text, or an object that holds one. */
  private final JsonSink nestedReason =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          alternativeFinish.string(text);
        }

        @Override
        public JsonSink field(String name) {
          return name.equals("reason") ? this : null;
        }
      };

  /** One of several texts; only the first is the first choice. */
  private final ListSink alternatives =
      new ListSink(
          new JsonSink() {
            @Override
            public void beginObject() {
              alternativeText.reset();
              alternativeFinish.reset();
            }

            @Override
            public JsonSink field(String name) {
              return switch (name) {
                case "text", "outputText" -> alternativeText;
                case "data" -> nestedText;
                case "stop_reason", "finish_reason", "completionReason", "finishReason" ->
                    nestedReason;
                case "tokenCount" -> output;
                default -> null;
              };
            }

            @Override
            public void endObject() {
              events.text(alternativesSeen, alternativeText.get());
              if (alternativesSeen == 0 && alternativeFinish.get() != null) {
                finish.set(alternativeFinish.get());
              }
              alternativesSeen++;
            }
          });

  private final JsonSink nestedText =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("text") ? alternativeText : null;
        }
      };
}
