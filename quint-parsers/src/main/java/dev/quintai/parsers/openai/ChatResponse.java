package dev.quintai.parsers.openai;

import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.Repeat;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.Problem;
import dev.quintai.parsers.turn.ResponseEvents;

/**
 * Responses of OpenAI's Chat Completions API, as OpenAI, Azure and many vendors serve it: one
 * document, or chunks that end with {@code [DONE]}. Also the older Completions.
 *
 * <p>The calls of a choice are complete when its {@code finish_reason} is known.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">The chat completion
 *     object</a>
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Streaming</a>
 */
public class ChatResponse implements Dialect {

  /** Where the events go. */
  protected final ResponseEvents events;

  /** Whether the body is a stream. */
  protected final boolean streaming;

  private final OpenCalls open;
  private final StringField id = new StringField();
  private final StringField model = new StringField();
  private final NumberField inputTokens = new NumberField();
  private final NumberField outputTokens = new NumberField();
  private final Problem problem = new Problem();
  private final StringField message = new StringField();
  private final StringField type = new StringField();
  private boolean finished;

  /** A reader of one body. */
  public ChatResponse(ResponseEvents events, boolean streaming) {
    this.events = events;
    this.streaming = streaming;
    this.open = new OpenCalls(events);
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    return root;
  }

  @Override
  public void done() {
    if (events.begun()) {
      open.closeAll();
      finished = true;
      events.complete();
    }
  }

  @Override
  public void end() {
    events.end(finished || events.stopped());
  }

  /** The response has reached its end without a reason: its calls are complete. */
  protected final void finish() {
    finished = true;
    open.closeAll();
  }

  /** The field of a document's root. */
  protected JsonSink rootField(String name) {
    return switch (name) {
      case "id" -> id;
      case "model" -> model;
      case "choices" -> choices;
      case "usage" -> usage;
      case "x_groq" -> groq;
      case "error" -> problem;
      case "message" -> message;
      case "type" -> type;
      default -> null;
    };
  }

  /** A document begins. */
  protected void beginDocument() {
    id.reset();
    model.reset();
    inputTokens.reset();
    outputTokens.reset();
    problem.reset();
    message.reset();
    type.reset();
    choicesSeen = 0;
    if (!streaming) {
      events.begin();
    }
  }

  /** A document is over: tells what stands at its root. */
  protected void endDocument() {
    if (problem.seen()) {
      finished = true;
      events.error(problem.type(), problem.message());
    } else if (events.failed() && message.get() != null) {
      events.error(type.get(), message.get());
    }
    events.id(id.get());
    events.model(model.get());
    events.usage(inputTokens.get(), outputTokens.get());
  }

  private final JsonSink root =
      new JsonSink() {
        @Override
        public void beginObject() {
          beginDocument();
        }

        @Override
        public Repeat repeat() {
          return repeatedDocument();
        }

        @Override
        public JsonSink field(String name) {
          return rootField(name);
        }

        @Override
        public void endObject() {
          endDocument();
          if (!streaming) {
            finished = true;
            events.complete();
          }
        }
      };

  private final JsonSink usage =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "prompt_tokens" -> inputTokens;
            case "completion_tokens" -> outputTokens;
            default -> null;
          };
        }
      };

  /** Groq's own place for the usage and the error of a stream. */
  private final JsonSink groq =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "usage" -> usage;
            case "error" -> problem;
            default -> null;
          };
        }
      };

  // ---- Choices ----

  private final ChatMessage chat = new ChatMessage(this::tellHeld);

  /** A chunk's {@code message}: all that was said so far where there is a {@code delta} too. */
  private final ChatMessage soFar = new ChatMessage(this::tellSoFar);

  private boolean deltaSeen;
  private final NumberField choiceIndex = new NumberField();
  private final StringField finishReason = new StringField();
  private final StringField stopReason = new StringField();
  private final StringField completionText = new StringField();
  private int choicesSeen;
  private int lastChoice;

  private final JsonSink choice =
      new JsonSink() {
        @Override
        public void beginObject() {
          chat.reset();
          soFar.reset();
          deltaSeen = false;
          choiceIndex.reset();
          finishReason.reset();
          stopReason.reset();
          completionText.reset();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "index" -> choiceIndex;
            case "message" -> streaming ? soFar : chat;
            case "delta" -> {
              deltaSeen = true;
              yield chat;
            }
            // Moonshot's place for the usage, and OpenRouter's for an error.
            case "usage", "error" -> rootField(name);
            case "finish_reason" -> finishReason;
            case "stop_reason" -> stopReason;
            case "text" -> completionText;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          int number = choiceNumber();
          events.id(id.get());
          events.model(model.get());
          lastChoice = number;
          tell(number, streaming && !deltaSeen ? soFar : chat);
          if (chat.text.isEmpty()) {
            events.text(number, completionText.get()); // some vendors send both
          }
          String reason = finishReason.or(stopReason.get());
          if (reason != null && !reason.isEmpty()) {
            finishChoice(number, reason);
          }
          choicesSeen++;
        }
      };

  /** The choice that is being read. */
  private int choiceNumber() {
    long index = choiceIndex.get() < 0 ? choicesSeen : choiceIndex.get();
    return (int) Math.min(index, Integer.MAX_VALUE);
  }

  private void tellHeld() {
    tell(choiceNumber(), chat);
  }

  private void tellSoFar() {
    if (!deltaSeen) {
      tell(choiceNumber(), soFar);
    }
  }

  private final ListSink choices = new ListSink(choice);

  // ---- Chunks like the one before ----

  /** A part of the last choice that is all that a chunk has to say. */
  private abstract class OnlyPart extends JsonSink {
    @Override
    public final void string(JsonText text) {
      events.id(id.get());
      events.model(model.get());
      tell(text);
      events.id(id.get());
      events.model(model.get());
    }

    abstract void tell(JsonText text);
  }

  private final Repeat textOnly =
      new Repeat(
          chat.content,
          new OnlyPart() {
            @Override
            void tell(JsonText text) {
              events.text(lastChoice, text);
            }
          });

  private final Repeat thinkingOnly =
      new Repeat(
          chat.nestedThinking,
          new OnlyPart() {
            @Override
            void tell(JsonText text) {
              events.thinking(lastChoice, text);
            }
          });

  private final JsonSink argumentsOnly =
      new OnlyPart() {
        @Override
        void tell(JsonText text) {
          ToolEntry entry = chat.entries().get(0);
          if (!open.arguments(lastChoice, entry.index.get(), text)) {
            entry.arguments.string(text);
            open.entry(lastChoice, entry);
          }
        }
      };

  /** See {@link JsonSink#repeat}. */
  protected Repeat repeatedDocument() {
    boolean one =
        streaming
            && choicesSeen == 1
            && !problem.seen()
            && message.get() == null
            && inputTokens.get() < 0
            && outputTokens.get() < 0
            && finishReason.or("").isEmpty()
            && stopReason.or("").isEmpty()
            && completionText.get() == null
            && soFar.isEmpty()
            && chat.onePart();
    if (!one) {
      return null;
    }
    if (!chat.text.isEmpty()) {
      return textOnly;
    }
    if (!chat.thinking.isEmpty()) {
      return thinkingOnly;
    }
    ToolEntry entry = chat.entries().get(0);
    return entry.onlyArguments() ? new Repeat(entry.arguments, argumentsOnly) : null;
  }

  /** Tells a message or a part of one. */
  protected final void tell(int number, ChatMessage part) {
    part.thinking.forEach(text -> events.thinking(number, text));
    part.text.forEach(text -> events.text(number, text));
    events.refusal(number, part.refusal.get());
    for (ToolEntry entry : part.entries()) {
      if (streaming) {
        open.entry(number, entry);
      } else {
        whole(entry);
      }
    }
    if (part.functionSeen && !part.function.isEmpty()) {
      if (streaming) {
        open.legacy(number, part.function);
      } else {
        whole(part.function);
      }
    }
  }

  private void whole(ToolEntry entry) {
    String callId = entry.id.get();
    events.call(
        callId == null || callId.isEmpty() ? null : callId,
        entry.toolName() == null ? "" : entry.toolName(),
        entry.kind(),
        null,
        entry.argumentText(),
        entry.cut());
  }

  /** A choice is finished: its calls are complete. */
  protected final void finishChoice(int number, String reason) {
    finished = true;
    open.close(number);
    if (number == 0) {
      events.stop(reason);
    }
  }
}
