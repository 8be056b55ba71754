package dev.quintai.parsers.openai;

import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.StringField;
import java.util.ArrayList;
import java.util.List;

/**
 * A response's {@code message} or {@code delta}. It is gathered and told at its choice's end, since
 * the choice's index may stand behind it; a long one before.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">The chat completion
 *     object</a>
 * @see <a href="https://api-docs.deepseek.com/guides/reasoning_model">DeepSeek: {@code
 *     reasoning_content}</a>
 */
public final class ChatMessage extends JsonSink {

  /** Texts and entries that are held at most before they are told. */
  private static final int MAX_HELD = 64;

  /** Text of the content, in order. */
  final List<String> text = new ArrayList<>();

  /** Text marked as thinking, in order. */
  final List<String> thinking = new ArrayList<>();

  final StringField refusal = new StringField();
  final ToolEntry function = new ToolEntry();
  boolean functionSeen;

  private final List<ToolEntry> entries = new ArrayList<>();
  private int entryCount;
  private final Runnable full;
  private boolean toldBefore;
  private String thinkingName;
  private boolean thinkingPassed;

  /**
   * An empty message.
   *
   * @param full tells what is held of a long message, before its end; then {@link #told} follows
   */
  public ChatMessage(Runnable full) {
    this.full = full;
  }

  /** Forgets the message. */
  public void reset() {
    told();
    toldBefore = false;
    thinkingName = null;
    thinkingPassed = false;
  }

  /** Forgets what has been told of the message. */
  private void told() {
    text.clear();
    thinking.clear();
    refusal.reset();
    functionSeen = false;
    entryCount = 0;
    toldBefore = true;
  }

  private void makeRoom(int held) {
    if (held == MAX_HELD) {
      full.run();
      told();
    }
  }

  /** Whether the message is one text or one entry and nothing else. */
  boolean onePart() {
    return !toldBefore
        && !thinkingPassed
        && refusal.get() == null
        && !functionSeen
        && text.size() + thinking.size() + entryCount == 1;
  }

  /** Whether there is nothing in it. */
  boolean isEmpty() {
    return !toldBefore
        && refusal.get() == null
        && !functionSeen
        && text.isEmpty()
        && thinking.isEmpty()
        && entryCount == 0;
  }

  /** The entries of {@code tool_calls}. */
  List<ToolEntry> entries() {
    return entries.subList(0, entryCount);
  }

  private JsonSink into(List<String> target) {
    return new JsonSink() {
      @Override
      public void string(JsonText value) {
        if (value.length() > 0) {
          makeRoom(target.size());
          target.add(value.toString());
        }
      }
    };
  }

  private final JsonSink textSink = into(text);
  private final JsonSink thinkingSink = into(thinking);

  /** A part of the content; Mistral nests thinking as a list of text parts. */
  private final JsonSink part =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return switch (name) {
            case "text" -> textSink;
            case "refusal" -> refusal;
            case "thinking" -> nestedThinking;
            default -> null;
          };
        }

        @Override
        public void string(JsonText value) {
          textSink.string(value);
        }
      };

  private final JsonSink thinkingPart =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("text") ? thinkingSink : null;
        }
      };

  /** What is marked as thinking: a text, or a list of parts. */
  final JsonSink nestedThinking =
      new JsonSink() {
        @Override
        public JsonSink element() {
          return thinkingPart;
        }

        @Override
        public void string(JsonText value) {
          thinkingSink.string(value);
        }
      };

  /** The content: a text, parts, or (in Cohere's deltas) one part. */
  final JsonSink content =
      new JsonSink() {
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
          textSink.string(value);
        }
      };

  private final JsonSink calls =
      new JsonSink() {
        private ToolEntry entry;

        @Override
        public JsonSink element() {
          return nextEntry();
        }

        @Override
        public void beginObject() {
          entry = nextEntry();
          entry.beginObject();
        }

        @Override
        public JsonSink field(String name) {
          return entry.field(name);
        }
      };

  private ToolEntry nextEntry() {
    makeRoom(entryCount);
    if (entryCount == entries.size()) {
      entries.add(new ToolEntry());
    }
    return entries.get(entryCount++);
  }

  @Override
  public JsonSink field(String name) {
    return switch (name) {
      case "content" -> content;
      case "refusal" -> refusal;
      case "reasoning_content", "reasoning", "thinking", "tool_plan" -> thinking(name);
      case "tool_calls" -> calls;
      case "function_call" -> functionSink;
      default -> null;
    };
  }

  /** Some vendors say the same under two names; the first that says something counts. */
  private JsonSink thinking(String name) {
    if (thinking.isEmpty()) {
      thinkingName = name;
    }
    if (name.equals(thinkingName)) {
      return nestedThinking;
    }
    thinkingPassed = true;
    return null;
  }

  private final JsonSink functionSink =
      new JsonSink() {
        @Override
        public void beginObject() {
          functionSeen = true;
          function.beginObject();
        }

        @Override
        public JsonSink field(String name) {
          return function.field(name);
        }
      };
}
