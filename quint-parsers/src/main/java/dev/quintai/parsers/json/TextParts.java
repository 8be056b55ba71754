package dev.quintai.parsers.json;

/**
 * Joins the text of a result's content: a string, or an array of parts each with a {@code text},
 * with JSON ({@code json}, {@code document.data}), or with what a shell put out. Parts are joined
 * by line feeds; what goes over the limit is cut.
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
            case "text", "output", "refusal", "content", "stdout", "stderr" -> TextParts.this;
            case "document" -> document;
            case "json" -> value;
            default -> null;
          };
        }

        @Override
        public void string(JsonText value) {
          TextParts.this.string(value);
        }
      };

  private final JsonSink document =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("data") ? value : null;
        }
      };

  /** A value that is JSON: kept as its text. */
  private final JsonSink value =
      new JsonSink() {
        @Override
        public boolean captures() {
          return true;
        }

        @Override
        public void raw(String json, boolean wasCut) {
          append(json, wasCut);
        }

        @Override
        public void string(JsonText text) {
          TextParts.this.string(text);
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
    append(value, value.cut());
  }

  private void append(CharSequence added, boolean wasCut) {
    if (any && text.length() < limit) {
      text.append('\n');
    }
    any = true;
    cut |= wasCut;
    int room = limit - text.length();
    if (added.length() > room) {
      cut = true;
      text.append(added, 0, Math.max(0, room));
    } else if (added instanceof JsonText string) {
      string.appendTo(text);
    } else {
      text.append(added);
    }
  }
}
