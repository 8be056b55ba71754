package dev.quintai.parsers.gemini;

import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.Repeat;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.Call;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.ArrayList;
import java.util.List;

/**
 * Responses of Gemini's {@code generateContent} and {@code streamGenerateContent}, at Google AI, on
 * Vertex AI, and within the envelope of Code Assist.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse">
 *     GenerateContentResponse</a>
 */
public final class GeminiResponse implements Dialect {

  private final ResponseEvents events;
  private final LlmLimits limits;
  private final boolean streaming;

  /** Parts of a candidate that are held until its index is known. */
  private static final int MAX_HELD = 16;

  private final List<GeminiPart> held = new ArrayList<>();
  private int heldCount;
  private final GeminiPart.Usage usage = new GeminiPart.Usage();
  private final StringField model = new StringField();
  private final StringField id = new StringField();
  private final StringField blockReason = new StringField();
  private final StringField errorStatus = new StringField();
  private final StringField errorMessage = new StringField();
  private final NumberField errorCode = new NumberField();
  private final NumberField candidateIndex = new NumberField();
  private String finish;
  private int candidatesSeen;
  private int partsSeen;
  private boolean errorSeen;
  private boolean finished;
  private Call streamed;
  private PartialArguments arguments;

  /**
   * A reader of one body.
   *
   * @param streaming whether the body is a stream of responses
   */
  public GeminiResponse(ResponseEvents events, LlmLimits limits, boolean streaming) {
    this.events = events;
    this.limits = limits;
    this.streaming = streaming;
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    return root;
  }

  @Override
  public void frameEnd(boolean whole) {
    tellHeld();
  }

  @Override
  public void end() {
    // A stream has no closing mark: it is whole once a reason to finish was given.
    events.end(finished);
  }

  private class Envelope extends JsonSink {
    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "candidates" -> candidates;
        case "usageMetadata", "usage_metadata" -> usage;
        case "modelVersion", "model_version" -> model;
        case "responseId", "response_id" -> id;
        case "promptFeedback", "prompt_feedback" -> feedback;
        case "error" -> error;
        case "response" -> inner;
        default -> null;
      };
    }
  }

  private final JsonSink inner = new Envelope();

  private final JsonSink root =
      new Envelope() {
        @Override
        public void beginObject() {
          events.begin();
          usage.reset();
          model.reset();
          id.reset();
          blockReason.reset();
          errorStatus.reset();
          errorMessage.reset();
          errorCode.reset();
          errorSeen = false;
          candidatesSeen = 0;
          partsSeen = 0;
          heldCount = 0;
        }

        @Override
        public Repeat repeat() {
          return repeatedDocument();
        }

        @Override
        public void endObject() {
          events.id(id.get());
          events.model(model.get());
          if (usage.present) {
            events.replaceUsage(usage.input.get(), usage.output.get());
          }
          if (blockReason.get() != null) {
            finished = true;
            events.stop(blockReason.get());
          }
          if (errorSeen) {
            finished = true;
            String code = errorCode.get() < 0 ? null : Long.toString(errorCode.get());
            events.error(errorStatus.or(code), errorMessage.get());
          }
          if (!streaming) {
            finished = true;
            events.complete();
          }
        }
      };

  private final JsonSink feedback =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("blockReason") || name.equals("block_reason") ? blockReason : null;
        }
      };

  private final JsonSink error =
      new JsonSink() {
        @Override
        public void beginObject() {
          errorSeen = true;
        }

        @Override
        public void string(JsonText text) {
          errorSeen = true;
          errorMessage.string(text);
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "status" -> errorStatus;
            case "message" -> errorMessage;
            case "code" -> errorCode;
            default -> null;
          };
        }
      };

  /** Reasons are names, or numbers where the client asked for {@code enum-encoding=int}. */
  private final JsonSink finishSink =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          finish = text.toString();
        }

        @Override
        public void number(long value) {
          finish = Long.toString(value);
        }
      };

  private final JsonSink candidate =
      new JsonSink() {
        @Override
        public void beginObject() {
          finish = null;
          candidateIndex.reset();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "content" -> content;
            case "finishReason", "finish_reason" -> finishSink;
            case "index" -> candidateIndex;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          tellHeld();
          if (finish != null) {
            finished = true;
            if (choice() == 0) {
              events.stop(finish);
            }
          }
          candidatesSeen++;
        }
      };

  private final ListSink candidates = new ListSink(candidate);

  /** The candidate that is being read. */
  private int choice() {
    long index = candidateIndex.get() < 0 ? candidatesSeen : candidateIndex.get();
    return (int) Math.min(index, Integer.MAX_VALUE);
  }

  private final JsonSink partSink =
      new JsonSink() {
        private GeminiPart part;

        @Override
        public void beginObject() {
          if (heldCount == held.size()) {
            held.add(new GeminiPart(limits.maxArguments()));
          }
          part = held.get(heldCount);
          part.beginObject();
        }

        @Override
        public JsonSink field(String name) {
          return part.field(name);
        }

        @Override
        public void endObject() {
          partsSeen++;
          heldCount++;
          if (candidateIndex.get() >= 0 || heldCount == MAX_HELD) {
            tellHeld();
          }
        }
      };

  private final ListSink parts = new ListSink(partSink);

  private final JsonSink content =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("parts") ? parts : null;
        }
      };

  private void tellHeld() {
    for (int i = 0; i < heldCount; i++) {
      tell(held.get(i));
    }
    heldCount = 0;
    if (held.size() > 1) {
      held.subList(1, held.size()).clear();
    }
  }

  /** A document with one text and nothing else; its usage grows from one to the next. */
  private final JsonSink textOnly =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.begin();
          int choice = (int) Math.min(Math.max(0, candidateIndex.get()), Integer.MAX_VALUE);
          if (held.get(0).thought.isTrue()) {
            events.thinking(choice, text);
          } else {
            events.text(choice, text);
          }
          root.endObject();
        }
      };

  private Repeat repeatedDocument() {
    boolean one =
        streaming
            && candidatesSeen == 1
            && partsSeen == 1
            && finish == null
            && !errorSeen
            && blockReason.get() == null
            && held.get(0).onlyText();
    return one ? new Repeat(held.get(0).text, textOnly, true) : null;
  }

  private void tell(GeminiPart part) {
    if (part.text.get() != null) {
      if (part.thought.isTrue()) {
        events.thinking(choice(), part.text.get());
      } else {
        events.text(choice(), part.text.get());
      }
    }
    if (part.call.present) {
      call(part.call);
    }
    if (part.serverCall.present) {
      GeminiPart.Invocation call = part.serverCall;
      events.call(
          call.id.get(),
          call.toolType.or(call.name.or("")),
          Kind.SERVER,
          null,
          call.args.get(),
          call.args.cut());
    }
    if (part.code.present) {
      events.call(
          part.code.id.get(),
          "code_execution",
          Kind.SERVER,
          null,
          part.code.arguments(),
          part.code.cut());
    }
  }

  private void call(GeminiPart.Invocation call) {
    boolean goesOn = call.goesOn.isTrue();
    boolean named = call.name.get() != null && !call.name.get().isEmpty();
    if (streamed == null && !goesOn && call.partial.isEmpty()) {
      events.call(
          call.id.get(), call.name.or(""), Kind.FUNCTION, null, call.args.get(), call.args.cut());
      return;
    }
    if (streamed == null || named) {
      finishStreamed();
      streamed = events.open(call.id.get(), call.name.get(), Kind.FUNCTION, null);
      arguments = new PartialArguments(limits.maxArguments());
    }
    for (GeminiPart.PartialArg each : call.partial) {
      arguments.put(each.path(), each.value(), each.goesOn());
    }
    if (call.partialCut()) {
      arguments.markCut();
    }
    if (call.args.get() != null) {
      events.append(streamed, call.args.get());
    }
    if (!goesOn) {
      finishStreamed();
    }
  }

  private void finishStreamed() {
    if (streamed != null) {
      if (!streamed.hasArguments()) {
        events.replace(streamed, arguments.json(), arguments.cut());
      }
      events.close(streamed);
      streamed = null;
      arguments = null;
    }
  }
}
