package dev.quintai.parsers.turn;

import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import java.util.Objects;

/**
 * A text of the conversation, where it is a string; where it may be something else, a subclass
 * knows of that. A text that nobody wants is only searched for the working directory, as it comes.
 */
public class TextSink extends JsonSink {

  private final RequestEvents events;
  private final String role;

  /** Tells its strings to {@code events} as texts of the message that began last. */
  public TextSink(RequestEvents events) {
    this(events, null);
  }

  /** Tells its strings to {@code events} as messages of that role. */
  public TextSink(RequestEvents events, String role) {
    this.events = Objects.requireNonNull(events, "events");
    this.role = role;
  }

  private void message() {
    if (role != null) {
      events.message(role);
    }
  }

  @Override
  public void string(JsonText text) {
    message();
    events.text(text);
  }

  @Override
  public boolean inPieces() {
    return !events.wantsText();
  }

  @Override
  public void piece(byte[] bytes, int from, int to, boolean last) {
    if (!events.withinText()) {
      message();
    }
    events.searchText(bytes, from, to, last);
  }
}
