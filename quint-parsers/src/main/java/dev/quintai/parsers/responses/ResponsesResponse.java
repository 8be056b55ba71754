package dev.quintai.parsers.responses;

import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.Repeat;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextField;
import dev.quintai.parsers.turn.Call;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.Problem;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Responses of OpenAI's Responses API: one response object, or the events that build it up, over
 * SSE or a WebSocket. A call is complete with {@code response.output_item.done}; what the events
 * left out is taken from the closing response object.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming
 *     events</a>
 */
public final class ResponsesResponse implements Dialect {

  /** Items of a response that are noted as told, for each call that may be open. */
  private static final int ITEMS_A_CALL = 4;

  /** An item of a closing object. */
  private record Late(long place, OutputItem item) {}

  private final ResponseEvents events;
  private final LlmLimits limits;
  private final boolean streaming;

  private final Map<Long, Call> open = new HashMap<>();
  private final ToldItems done;
  private final ToldItems spoken;
  private final List<Late> late = new ArrayList<>();
  private long lateWeight;
  private boolean lateLeftOut;
  private boolean fullTold;
  private boolean finished;

  private final StringField type = new StringField();
  private final NumberField outputIndex = new NumberField();
  private final StringField itemId = new StringField();
  private final TextField delta = new TextField();
  private final StringField code = new StringField();
  private final StringField message = new StringField();
  private final OutputItem item;
  private final Problem problem = new Problem();
  private final StringField id = new StringField();
  private final StringField model = new StringField();
  private final StringField status = new StringField();
  private final StringField object = new StringField();
  private final NumberField inputTokens = new NumberField();
  private final NumberField outputTokens = new NumberField();
  private boolean itemSeen;

  /**
   * A reader of one body.
   *
   * @param streaming whether the body is a stream of events
   */
  public ResponsesResponse(ResponseEvents events, LlmLimits limits, boolean streaming) {
    this.events = events;
    this.limits = limits;
    this.streaming = streaming;
    this.item = new OutputItem(limits);
    this.done = new ToldItems(ITEMS_A_CALL * limits.maxOpenCalls());
    this.spoken = new ToldItems(ITEMS_A_CALL * limits.maxOpenCalls());
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    return root;
  }

  @Override
  public void end() {
    events.end(finished);
  }

  private final JsonSink usage =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "input_tokens" -> inputTokens;
            case "output_tokens" -> outputTokens;
            default -> null;
          };
        }
      };

  /** The fields of a response object. */
  private class Response extends JsonSink {
    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "id" -> id;
        case "model" -> model;
        case "status" -> status;
        case "object" -> object;
        case "usage" -> usage;
        case "error" -> problem;
        case "output" -> output();
        default -> null;
      };
    }

    JsonSink output() {
      return lateOutput;
    }
  }

  private final Response response = new Response();

  private final JsonSink root =
      new Response() {
        private final Repeat deltas = Repeat.ofField(delta, this);

        @Override
        public Repeat repeat() {
          boolean isDelta = type.or("").endsWith(".delta");
          return streaming && isDelta && !problem.seen() ? deltas : null;
        }

        @Override
        public void beginObject() {
          type.reset();
          outputIndex.reset();
          itemId.reset();
          delta.reset();
          code.reset();
          message.reset();
          problem.reset();
          id.reset();
          model.reset();
          status.reset();
          object.reset();
          inputTokens.reset();
          outputTokens.reset();
          itemSeen = false;
          late.clear();
          lateWeight = 0;
          lateLeftOut = false;
          if (!streaming) {
            events.begin();
          }
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "type" -> type;
            case "output_index" -> outputIndex;
            case "item_id" -> itemId;
            case "delta" -> delta;
            case "code" -> code;
            case "message" -> message;
            case "response" -> response;
            case "item" -> {
              itemSeen = true;
              yield item;
            }
            default -> super.field(name);
          };
        }

        @Override
        JsonSink output() {
          return streaming ? lateOutput : wholeOutput;
        }

        @Override
        public void endObject() {
          if (type.get() == null) {
            document();
          } else {
            event();
            if (!streaming) {
              finished = true;
              events.complete();
            }
          }
        }
      };

  /** The output of a response that is the document: told item by item. */
  private final JsonSink wholeOutput =
      new JsonSink() {
        @Override
        public JsonSink element() {
          return wholeItem;
        }
      };

  private final JsonSink wholeItem =
      new JsonSink() {
        @Override
        public void beginObject() {
          item.beginObject();
        }

        @Override
        public JsonSink field(String name) {
          return item.field(name);
        }

        @Override
        public void endObject() {
          tellWhole(item);
        }
      };

  /** The output that an event repeats: only items that no event told are read. */
  private final JsonSink lateOutput =
      new JsonSink() {
        private long next;

        @Override
        public void beginArray() {
          next = 0;
        }

        @Override
        public JsonSink element() {
          long index = next++;
          if (done.hasPlace(index) || spoken.hasPlace(index) || done.full() || spoken.full()) {
            return null;
          }
          if (!late.isEmpty()) {
            lateWeight += late.get(late.size() - 1).item.weight();
          }
          if (late.size() >= limits.maxOpenCalls() || lateWeight > limits.maxArguments()) {
            lateLeftOut = true;
            return null;
          }
          OutputItem each = new OutputItem(limits);
          late.add(new Late(index, each));
          return each;
        }
      };

  private void document() {
    if (problem.seen()) {
      events.error(problem.type(), problem.message());
    }
    head();
    if (status.get() != null) {
      events.stop(status.get());
    }
    events.usage(inputTokens.get(), outputTokens.get());
    finished = true;
    tellLate();
    events.complete();
  }

  /** Tells what no event has told. */
  private void tellLate() {
    for (Late each : late) {
      OutputItem told = each.item;
      String known = told.id.get();
      Call call = open.remove(each.place);
      call = call == null && known != null ? open.remove(placeOf(known)) : call;
      if (call != null && told.kind() != null) {
        finish(call, told);
      } else if (!done.hasId(known) && !spoken.hasId(known)) {
        tellWhole(told);
      }
    }
    if (lateLeftOut) {
      events.leftOut("items of a closing response over the limits");
    }
  }

  private void finish(Call call, OutputItem told) {
    Kind kind = told.kind();
    events.head(call, callId(told, kind), told.name.get(), kind, told.serverOrNamespace());
    if (told.arguments.get() != null || told.input.get() != null) {
      events.replace(call, told.argumentText(), told.argumentsCut());
    }
    events.close(call);
  }

  private static long placeOf(String itemId) {
    return -2L - (itemId.hashCode() & 0x7FFFFFFFL);
  }

  private void head() {
    events.id(id.get());
    events.model(model.get());
  }

  private void event() {
    switch (type.get()) {
      case "response.created" -> {
        if (events.next(id.get())) {
          forget();
        }
        head();
      }
      case "response.in_progress", "response.queued" -> {
        events.begin();
        head();
      }
      case "response.output_item.added" -> added();
      case "response.function_call_arguments.delta",
          "response.custom_tool_call_input.delta",
          "response.mcp_call_arguments.delta" -> {
        if (delta.get() != null) {
          events.append(open.get(key()), delta.get());
        }
      }
      case "response.output_text.delta" -> {
        speak();
        events.text(0, delta.get());
      }
      case "response.refusal.delta" -> {
        speak();
        events.refusal(0, delta.get());
      }
      case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" -> {
        speak();
        events.thinking(0, delta.get());
      }
      case "response.output_item.done" -> itemDone();
      case "response.completed",
          "response.done",
          "response.incomplete",
          "response.failed",
          "response.cancelled" ->
          closing();
      case "error" -> {
        if (problem.seen()) {
          events.error(problem.type(), problem.message());
        } else {
          events.error(code.get(), message.get());
        }
      }
      default -> {
        if (problem.seen() && !type.get().startsWith("response.")) {
          events.error(problem.type(), problem.message());
        }
      }
    }
  }

  /** The item that an event is about. */
  private long key() {
    if (outputIndex.get() >= 0) {
      return outputIndex.get();
    }
    String known = itemSeen ? item.id.get() : itemId.get();
    return known == null ? ToldItems.NOWHERE : placeOf(known);
  }

  private void speak() {
    spoken.add(key(), itemId.get());
    tellFull();
  }

  /** What is told beyond the limit cannot be noted, so that the closing object is not read. */
  private void tellFull() {
    if (!fullTold && (done.full() || spoken.full())) {
      fullTold = true;
      events.leftOut("more items in a response than are noted; its closing object is not read");
    }
  }

  private void added() {
    if (!itemSeen) {
      return;
    }
    // Built-in tools have their input with the closing event only.
    Kind kind = item.kind();
    if (kind == Kind.FUNCTION || kind == Kind.CUSTOM || kind == Kind.MCP) {
      Call call = events.open(callId(item, kind), item.toolName(), kind, item.serverOrNamespace());
      if (call != null) {
        open.put(key(), call);
      }
    }
  }

  private static String callId(Item item, Kind kind) {
    return kind == Kind.MCP || kind == Kind.SERVER ? item.id.get() : item.callIdOrId();
  }

  private void itemDone() {
    if (!itemSeen) {
      return;
    }
    long key = key();
    boolean first = done.add(key, item.id.get());
    tellFull();
    Call call = open.remove(key);
    Kind kind = item.kind();
    if (call != null && kind != null) {
      finish(call, item);
    } else if (first && (kind != null || !spoken.hasPlace(key))) {
      tellWhole(item);
    }
  }

  private void tellWhole(OutputItem each) {
    Kind kind = each.kind();
    if (kind != null) {
      events.call(
          callId(each, kind),
          each.toolName(),
          kind,
          each.serverOrNamespace(),
          each.argumentText(),
          each.argumentsCut());
    } else {
      each.tellText(events);
    }
  }

  private void closing() {
    events.begin();
    head();
    tellLate();
    if (problem.seen()) {
      events.error(problem.type(), problem.message());
    }
    events.stop(status.get());
    events.usage(inputTokens.get(), outputTokens.get());
    finished = true;
    events.complete();
    forget();
  }

  /** The response is over; the next one in the same stream has items of its own. */
  private void forget() {
    open.clear();
    done.clear();
    spoken.clear();
    fullTold = false;
  }
}
