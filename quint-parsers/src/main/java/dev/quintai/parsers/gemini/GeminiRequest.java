package dev.quintai.parsers.gemini;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.RequestEvents;
import dev.quintai.parsers.turn.TextSink;

/**
 * Requests of Gemini's {@code generateContent} and {@code streamGenerateContent}.
 *
 * <p>The API has no mark for errors: what a function's response holds is the agent's affair, so
 * that no result counts as one.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Generating content</a>
 */
public final class GeminiRequest implements Dialect {

  private final RequestEvents events;

  /** A reader of one body. */
  public GeminiRequest(RequestEvents events) {
    this.events = events;
    this.systemContent = new Content(false);
    this.contents = new ListSink(new Content(true));
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    events.beginDocument();
    return root;
  }

  @Override
  public void end() {
    events.end();
  }

  private final JsonSink modelSink =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.model(text.toString());
        }
      };

  private class Envelope extends JsonSink {
    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "contents" -> contents;
        case "systemInstruction", "system_instruction" -> {
          events.message("system");
          yield systemContent;
        }
        case "tools" -> tools;
        case "model" -> modelSink;
        case "request" -> inner;
        case "session_id", "sessionId" -> conversation;
        default -> null;
      };
    }
  }

  private final JsonSink conversation =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          events.conversation(text.toString());
        }
      };

  /** The request in the envelope of Code Assist, which Gemini CLI speaks for signed-in users. */
  private final JsonSink inner = new Envelope();

  private final JsonSink root =
      new Envelope() {
        @Override
        public void beginObject() {
          events.begin();
        }

        @Override
        public void endObject() {
          events.complete();
        }
      };

  private final Content systemContent;
  private final ListSink contents;
  private final ListSink tools = new ListSink(new Tools());

  /** A content: a role and parts. */
  private final class Content extends TextSink {
    private final boolean withRole;
    private final ListSink parts = new ListSink(new Part());

    Content(boolean withRole) {
      super(events);
      this.withRole = withRole;
    }

    private final JsonSink role =
        new JsonSink() {
          @Override
          public void string(JsonText text) {
            events.message(text.toString());
          }
        };

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "role" -> withRole ? role : null;
        case "parts" -> parts;
        default -> null;
      };
    }
  }

  /** A part of a content. */
  private final class Part extends GeminiPart {
    Part() {
      super(0);
    }

    @Override
    public JsonSink field(String name) {
      if (name.equals("text")) {
        return events.textSink();
      }
      if (name.equals("functionResponse") || name.equals("function_response")) {
        response.response.want(events.wantsResults());
      }
      return super.field(name);
    }

    @Override
    public void endObject() {
      if (call.present) {
        events.priorCall(call.id.get(), call.name.get());
      }
      if (response.present) {
        String text = response.response.get();
        events.result(response.id.get(), response.name.get(), false, text, response.response.cut());
      }
    }
  }

  /**
   * One entry of {@code tools}: function declarations, or a tool of Google's by its field's name.
   */
  private final class Tools extends JsonSink {
    private final StringField name = new StringField();

    private final JsonSink declaration =
        new JsonSink() {
          @Override
          public void beginObject() {
            name.reset();
          }

          @Override
          public JsonSink field(String field) {
            return field.equals("name") ? name : null;
          }

          @Override
          public void endObject() {
            events.declaredTool(name.get(), Kind.FUNCTION);
          }
        };

    private final ListSink declarations = new ListSink(declaration);

    @Override
    public JsonSink field(String field) {
      if (field.equals("functionDeclarations") || field.equals("function_declarations")) {
        return declarations;
      }
      events.declaredTool(field, Kind.SERVER);
      return null;
    }
  }
}
