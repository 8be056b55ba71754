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
  boolean custom;

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
            case "name" -> name;
            case "input" -> arguments;
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
    custom = false;
  }

  @Override
  public JsonSink field(String field) {
    return switch (field) {
      case "index" -> index;
      case "id" -> id;
      case "type" -> type;
      case "function" -> function;
      case "custom" -> {
        custom = true;
        yield customTool;
      }
      // The legacy function_call has these at its top.
      case "name" -> name;
      case "arguments" -> arguments;
      default -> null;
    };
  }

  /** Who runs the call, and what its arguments are. */
  Kind kind() {
    return custom || type.is("custom") ? Kind.CUSTOM : Kind.FUNCTION;
  }

  /** The argument text; empty when there is none. */
  String argumentText() {
    return arguments.get() == null ? "" : arguments.get();
  }
}
