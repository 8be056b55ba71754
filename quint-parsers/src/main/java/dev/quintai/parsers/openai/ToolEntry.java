package dev.quintai.parsers.openai;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.NumberField;
import dev.quintai.parsers.json.RawField;
import dev.quintai.parsers.json.StringField;

/**
 * An entry of {@code tool_calls}, whole or a part of one. Some vendors leave out the index, the id
 * or the type, and some send the arguments as an object.
 */
final class ToolEntry extends JsonSink {

  final NumberField index = new NumberField();
  final StringField id = new StringField();
  final StringField type = new StringField();
  final StringField name = new StringField();
  final RawField arguments = new RawField();
  private final StringField customName = new StringField();
  private final StringField input = new StringField();

  private final JsonSink function =
      new JsonSink() {
        @Override
        public JsonSink field(String field) {
          return switch (field) {
            case "name" -> name;
            case "arguments", "parameters" -> arguments;
            default -> null;
          };
        }
      };

  private final JsonSink customTool =
      new JsonSink() {
        @Override
        public JsonSink field(String field) {
          return switch (field) {
            case "name" -> customName;
            case "input" -> input;
            default -> null;
          };
        }
      };

  @Override
  public void beginObject() {
    index.reset();
    id.reset();
    type.reset();
    name.reset();
    arguments.reset();
    customName.reset();
    input.reset();
  }

  @Override
  public JsonSink field(String field) {
    return switch (field) {
      case "index" -> index;
      case "id" -> id;
      case "type" -> type;
      case "function" -> function;
      case "custom" -> customTool;
      // The legacy function_call, and calls of Cohere v1, have these at their top.
      case "name" -> name;
      case "arguments", "parameters" -> arguments;
      default -> null;
    };
  }

  /** Whether the tool is one with free text; some vendors send the part empty beside a function. */
  boolean custom() {
    return type.is("custom") || !customName.or("").isEmpty() || !input.or("").isEmpty();
  }

  /** Who runs the call, and what its arguments are. */
  Kind kind() {
    return custom() ? Kind.CUSTOM : Kind.FUNCTION;
  }

  /** The tool's name, or null. */
  String toolName() {
    return custom() && customName.get() != null ? customName.get() : name.get();
  }

  /** The argument text; empty when there is none. */
  String argumentText() {
    String text = custom() && input.get() != null ? input.get() : arguments.get();
    return text == null ? "" : text;
  }

  /** Whether the argument text was cut. */
  boolean cut() {
    return arguments.cut() || input.cut();
  }

  /** Whether it is no more than a part of the arguments of a call that has begun. */
  boolean onlyArguments() {
    return id.or("").isEmpty() && name.or("").isEmpty() && !custom();
  }

  /** Whether nothing of it says anything. */
  boolean isEmpty() {
    String toolName = toolName();
    return (toolName == null || toolName.isEmpty()) && argumentText().isEmpty();
  }
}
