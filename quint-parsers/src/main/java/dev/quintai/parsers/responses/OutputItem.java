package dev.quintai.parsers.responses;

import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.ArrayList;
import java.util.List;

/** An item of {@code output}, with the text that messages and reasoning carry. */
class OutputItem extends Item {

  /** One part of a message or of reasoning. */
  private record Part(String type, String text) {}

  private final List<Part> parts = new ArrayList<>();
  private final StringField partType = new StringField();
  private final StringField text = new StringField();
  private final StringField refusal = new StringField();

  OutputItem(int maxString) {
    super(maxString);
  }

  private final JsonSink part =
      new JsonSink() {
        @Override
        public void beginObject() {
          partType.reset();
          text.reset();
          refusal.reset();
        }

        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "type" -> partType;
            case "text" -> text;
            case "refusal" -> refusal;
            default -> null;
          };
        }

        @Override
        public void endObject() {
          if (text.get() != null) {
            parts.add(new Part(partType.or(""), text.get()));
          } else if (refusal.get() != null) {
            parts.add(new Part("refusal", refusal.get()));
          }
        }
      };

  private final ListSink content = new ListSink(part);

  @Override
  public void beginObject() {
    super.beginObject();
    parts.clear();
  }

  @Override
  public JsonSink field(String name) {
    return switch (name) {
      case "content", "summary" -> content;
      default -> super.field(name);
    };
  }

  /** Tells the text of the item. */
  void tellText(ResponseEvents events) {
    for (Part each : parts) {
      if (type.is("reasoning")) {
        events.thinking(0, each.text());
      } else if (each.type().equals("refusal")) {
        events.refusal(0, each.text());
      } else {
        events.text(0, each.text());
      }
    }
    parts.clear();
  }
}
