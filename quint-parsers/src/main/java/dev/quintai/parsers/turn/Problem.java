package dev.quintai.parsers.turn;

import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.StringField;

/** The value of an {@code error} field: an object, or the message alone. */
public final class Problem extends JsonSink {

  private final StringField type = new StringField();
  private final StringField code = new StringField();
  private final StringField message = new StringField();
  private long number;
  private boolean seen;

  private final JsonSink codeSink =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          code.string(text);
        }

        @Override
        public void number(long value) {
          number = value;
        }
      };

  /** No error. */
  public Problem() {}

  /** Forgets the error. */
  public void reset() {
    type.reset();
    code.reset();
    message.reset();
    number = -1;
    seen = false;
  }

  /** Whether there is an error. */
  public boolean seen() {
    return seen;
  }

  /** Its status, type or code; empty when it has none. */
  public String type() {
    String known = type.or(code.or(""));
    return known.isEmpty() && number >= 0 ? Long.toString(number) : known;
  }

  /** Its message; empty when it has none. */
  public String message() {
    return message.or("");
  }

  @Override
  public void beginObject() {
    seen = true;
  }

  @Override
  public void string(JsonText text) {
    seen |= !text.isEmpty();
    message.string(text);
  }

  @Override
  public JsonSink field(String name) {
    return switch (name) {
      case "type", "status" -> type;
      case "code" -> codeSink;
      case "message" -> message;
      default -> null;
    };
  }
}
