package dev.quintai.parsers.json;

/**
 * Joins the text of a message's content: a string, or an array of parts each with a {@code text}.
 * Parts are joined by line feeds; what goes over the limit is cut.
 */
public final class TextParts extends JsonSink {

  private final int limit;
  private final StringBuilder text = new StringBuilder();
  private boolean cut;
  private boolean any;

  /** No text yet. */
  public TextParts(int limit) {
    this.limit = limit;
  }

  private final JsonSink part =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "text", "output", "refusal" -> TextParts.this;
            case "content" -> TextParts.this;
            default -> null;
          };
        }

        @Override
        public void string(JsonText value) {
          TextParts.this.string(value);
        }
      };

  /** Forgets the text. */
  public void reset() {
    text.setLength(0);
    if (text.capacity() > 1 << 16) {
      text.trimToSize();
    }
    cut = false;
    any = false;
  }

  /** Whether there was no text. */
  public boolean isEmpty() {
    return text.length() == 0;
  }

  /** The text; empty when there was none. */
  public String get() {
    return text.toString();
  }

  /** Whether the text was cut. */
  public boolean cut() {
    return cut;
  }

  @Override
  public JsonSink element() {
    return part;
  }

  @Override
  public JsonSink field(String name) {
    return part.field(name);
  }

  @Override
  public void string(JsonText value) {
    if (any && text.length() < limit) {
      text.append('\n');
    }
    any = true;
    cut |= value.cut();
    int room = limit - text.length();
    if (value.length() > room) {
      cut = true;
      text.append(value, 0, Math.max(0, room));
    } else {
      value.appendTo(text);
    }
  }
}
