package dev.quintai.parsers.responses;

import dev.quintai.core.spi.LlmLimits;
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

  /** Characters that a part counts for beside its text. */
  private static final int PART_COST = 64;

  private final List<Part> parts = new ArrayList<>();
  private final int maxText;
  private long textSize;
  private boolean textCut;
  private final StringField partType = new StringField();
  private final StringField text = new StringField();
  private final StringField refusal = new StringField();

  OutputItem(LlmLimits limits) {
    super(limits.maxString());
    this.maxText = limits.maxArguments();
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
            keep(partType.or(""), text.get());
          } else if (refusal.get() != null) {
            keep("refusal", refusal.get());
          }
        }

        private void keep(String kind, String value) {
          textSize += PART_COST + value.length();
          if (textSize > maxText) {
            textCut = true;
          } else {
            parts.add(new Part(kind, value));
          }
        }
      };

  private final ListSink content = new ListSink(part);

  @Override
  public void beginObject() {
    super.beginObject();
    parts.clear();
    textSize = 0;
    textCut = false;
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
    if (textCut) {
      events.leftOut("text of an item over " + maxText + " characters");
    }
    parts.clear();
  }

  /** Characters that it holds, roughly. */
  long weight() {
    return textSize + argumentText().length();
  }
}
