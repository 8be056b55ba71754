package dev.quintai.parsers.gemini;

import dev.quintai.parsers.json.BoolField;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.ListSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.RawField;
import dev.quintai.parsers.json.StringField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a content, in requests and responses; names in camel case and, as some clients write
 * them, in snake case.
 *
 * @see <a href="https://ai.google.dev/api/caching#Part">Part</a>
 */
class GeminiPart extends JsonSink {

  /** Characters that a value counts for beside its own. */
  private static final int PARTIAL_COST = 64;

  /** One value of {@code partialArgs}; {@code value} is a String, Boolean, Long or null. */
  record PartialArg(String path, Object value, boolean goesOn) {}

  final StringField text = new StringField();
  final BoolField thought = new BoolField();
  final Invocation call;
  final Invocation response = new Invocation(0);
  final Invocation serverCall = new Invocation(0);
  final Code code = new Code();

  /**
   * A part.
   *
   * @param maxPartial characters kept of the {@code partialArgs} of its call
   */
  GeminiPart(int maxPartial) {
    this.call = new Invocation(maxPartial);
  }

  @Override
  public void beginObject() {
    text.reset();
    thought.reset();
    call.reset();
    response.reset();
    serverCall.reset();
    code.reset();
  }

  /** Whether there is a text, and nothing beside it that is read. */
  boolean onlyText() {
    return text.get() != null
        && !call.present
        && !response.present
        && !serverCall.present
        && !code.present;
  }

  @Override
  public JsonSink field(String name) {
    return switch (name) {
      case "text" -> text;
      case "thought" -> thought;
      case "functionCall", "function_call" -> call;
      case "functionResponse", "function_response" -> response;
      case "toolCall", "tool_call" -> serverCall;
      case "executableCode", "executable_code" -> code;
      default -> null;
    };
  }

  /** A call or the response to one. */
  static final class Invocation extends JsonSink {
    final StringField id = new StringField();
    final StringField name = new StringField();
    final StringField toolType = new StringField();
    final RawField args = new RawField();
    final RawField response = new RawField();
    final BoolField goesOn = new BoolField();
    final List<PartialArg> partial = new ArrayList<>();
    private final int maxPartial;
    private long partialSize;
    private boolean valueCut;
    boolean present;

    Invocation(int maxPartial) {
      this.maxPartial = maxPartial;
    }

    /** Whether values of {@code partial} are missing that are over the limit. */
    boolean partialCut() {
      return valueCut || (partialSize > maxPartial && maxPartial > 0);
    }

    void reset() {
      id.reset();
      name.reset();
      toolType.reset();
      args.reset();
      response.reset();
      goesOn.reset();
      partial.clear();
      partialSize = 0;
      valueCut = false;
      present = false;
    }

    @Override
    public void beginObject() {
      present = true;
    }

    @Override
    public JsonSink field(String field) {
      return switch (field) {
        case "id" -> id;
        case "name" -> name;
        case "toolType", "tool_type" -> toolType;
        case "args" -> args;
        case "response" -> response;
        case "partialArgs", "partial_args" -> partialList;
        case "willContinue", "will_continue" -> goesOn;
        default -> null;
      };
    }

    private final StringField path = new StringField();
    private final BoolField partGoesOn = new BoolField();
    private Object value;

    private final JsonSink valueSink =
        new JsonSink() {
          @Override
          public void string(JsonText newText) {
            value = newText.toString();
            valueCut |= newText.cut();
          }

          @Override
          public void bool(boolean newValue) {
            value = newValue;
          }
        };

    private final JsonSink nullSink =
        new JsonSink() {
          @Override
          public void string(JsonText newText) {
            value = null; // NULL_VALUE
          }
        };

    private final NumberText number = new NumberText();

    /** A number, whole or not. */
    private final class NumberText extends NumberSink {
      @Override
      void value(Number newValue) {
        value = newValue;
      }
    }

    private final ListSink partialList =
        new ListSink(
            new JsonSink() {
              @Override
              public void beginObject() {
                path.reset();
                partGoesOn.reset();
                value = null;
              }

              @Override
              public JsonSink field(String field) {
                return switch (field) {
                  case "jsonPath", "json_path" -> path;
                  case "stringValue", "string_value", "boolValue", "bool_value" -> valueSink;
                  case "numberValue", "number_value" -> number;
                  case "nullValue", "null_value" -> nullSink;
                  case "willContinue", "will_continue" -> partGoesOn;
                  default -> null;
                };
              }

              @Override
              public void endObject() {
                if (path.get() == null) {
                  return;
                }
                partialSize += PARTIAL_COST + path.get().length() + String.valueOf(value).length();
                if (partialSize <= maxPartial) {
                  partial.add(new PartialArg(path.get(), value, partGoesOn.isTrue()));
                }
              }
            });
  }

  /** Code that the provider runs. */
  static final class Code extends JsonSink {
    final StringField id = new StringField();
    private final StringField language = new StringField();
    private final StringField source = new StringField();
    boolean present;

    void reset() {
      id.reset();
      language.reset();
      source.reset();
      present = false;
    }

    @Override
    public void beginObject() {
      present = true;
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "id" -> id;
        case "language" -> language;
        case "code" -> source;
        default -> null;
      };
    }

    /** Language and code as arguments. */
    String arguments() {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("language", language.get());
      object.put("code", source.or(""));
      return PartialArguments.json(object);
    }

    boolean cut() {
      return source.cut();
    }
  }

  /** Takes a number with its fraction. */
  abstract static class NumberSink extends JsonSink {
    abstract void value(Number value);

    @Override
    public void number(long value) {
      value(value);
    }

    @Override
    public void fraction(double value) {
      value(value);
    }
  }

  /** Counts of {@code usageMetadata}. */
  static final class Usage extends JsonSink {
    final NumberField input = new NumberField();
    final NumberField output = new NumberField();
    boolean present;

    void reset() {
      input.reset();
      output.reset();
      present = false;
    }

    @Override
    public void beginObject() {
      present = true;
    }

    @Override
    public JsonSink field(String name) {
      return switch (name) {
        case "promptTokenCount", "prompt_token_count" -> input;
        case "candidatesTokenCount", "candidates_token_count" -> output;
        default -> null;
      };
    }
  }
}
