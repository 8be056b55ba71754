package dev.quintai.parsers.bedrock;

import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextParts;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.TextSink;

/** A content block of a Converse request: text, an earlier call, or a result. */
public final class ConverseContent extends TextSink {

  private final RequestEvents events;
  private final StringField id = new StringField();
  private final StringField name = new StringField();
  private final StringField status = new StringField();
  private final StringField type = new StringField();
  private final TextParts result;
  private boolean call;
  private boolean isResult;

  /** Tells what it reads to {@code events}. */
  public ConverseContent(RequestEvents events) {
    super(events);
    this.events = events;
    this.result = new TextParts(events.limits().maxString());
  }

  private final JsonSink invocation =
      new JsonSink() {
        @Override
        public JsonSink field(String field) {
          return switch (field) {
            case "toolUseId" -> id;
            case "name" -> name;
            case "status" -> status;
            case "type" -> type;
            case "content" -> events.resultSink(result);
            default -> null;
          };
        }
      };

  @Override
  public void beginObject() {
    id.reset();
    name.reset();
    status.reset();
    type.reset();
    result.reset();
    call = false;
    isResult = false;
  }

  @Override
  public JsonSink field(String field) {
    return switch (field) {
      case "text" -> events.textSink();
      case "toolUse" -> {
        call = true;
        yield invocation;
      }
      case "toolResult" -> {
        isResult = true;
        yield invocation;
      }
      default -> null;
    };
  }

  @Override
  public void endObject() {
    if (call) {
      events.priorCall(id.get(), name.get());
    } else if (isResult) {
      events.result(id.get(), null, status.is("error"), result.get(), result.cut());
    }
  }
}
