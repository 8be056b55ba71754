package dev.quintai.parsers.responses;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.RawField;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.json.TextParts;

/**
 * An item of the Responses API, in {@code input} or {@code output}.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/object">The response
 *     object</a>
 */
class Item extends JsonSink {

  final StringField type = new StringField();
  final StringField id = new StringField();
  final StringField callId = new StringField();
  final StringField name = new StringField();
  final StringField role = new StringField();
  final StringField status = new StringField();
  final StringField execution = new StringField();
  final StringField server = new StringField();
  final StringField namespace = new StringField();
  final RawField arguments = new RawField();
  final RawField input = new RawField();
  final RawField action = new RawField();
  final RawField actions = new RawField();
  final RawField operation = new RawField();
  final RawField code = new RawField();
  final RawField queries = new RawField();
  final TextParts output;

  Item(int maxString) {
    output = new TextParts(maxString);
  }

  @Override
  public void beginObject() {
    type.reset();
    id.reset();
    callId.reset();
    name.reset();
    role.reset();
    status.reset();
    execution.reset();
    server.reset();
    namespace.reset();
    arguments.reset();
    input.reset();
    action.reset();
    actions.reset();
    operation.reset();
    code.reset();
    queries.reset();
    output.reset();
  }

  @Override
  public JsonSink field(String field) {
    return switch (field) {
      case "type" -> type;
      case "id" -> id;
      case "call_id" -> callId;
      case "name" -> name;
      case "role" -> role;
      case "status" -> status;
      case "execution" -> execution;
      case "server_label" -> server;
      case "namespace" -> namespace;
      case "arguments" -> arguments;
      case "input" -> input;
      case "action" -> action;
      case "actions" -> actions;
      case "operation" -> operation;
      case "code" -> code;
      case "queries" -> queries;
      case "output" -> outputSink();
      default -> null;
    };
  }

  /** The sink of an output's text. */
  JsonSink outputSink() {
    return null;
  }

  /** Who runs the call that the item is; null where it is none. */
  Kind kind() {
    return switch (type.or("")) {
      case "function_call" -> Kind.FUNCTION;
      case "custom_tool_call" -> Kind.CUSTOM;
      case "mcp_call" -> Kind.MCP;
      case "computer_call", "local_shell_call", "shell_call", "apply_patch_call" ->
          Kind.CLIENT_BUILTIN;
      case "tool_search_call" -> execution.is("client") ? Kind.CLIENT_BUILTIN : Kind.SERVER;
      case "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call" ->
          Kind.SERVER;
      default -> null;
    };
  }

  /** The call's id: that of the call, or of the item where the call has none. */
  String callIdOrId() {
    return callId.get() == null ? id.get() : callId.get();
  }

  /** The tool's name: as declared, or the item's type without {@code _call} for built-in tools. */
  String toolName() {
    if (name.get() != null) {
      return name.get();
    }
    String itemType = type.or("");
    return itemType.endsWith("_call") ? itemType.substring(0, itemType.length() - 5) : itemType;
  }

  /** The MCP server or the namespace, or null. */
  String serverOrNamespace() {
    return server.get() == null ? namespace.get() : server.get();
  }

  /** The arguments as text of the wire; built-in tools have their field's name around it. */
  String argumentText() {
    if (arguments.get() != null) {
      return arguments.get();
    }
    if (input.get() != null) {
      return input.get();
    }
    if (action.json()) {
      return "{\"action\":" + action.get() + "}";
    }
    if (actions.json()) {
      return "{\"actions\":" + actions.get() + "}";
    }
    if (operation.json()) {
      return "{\"operation\":" + operation.get() + "}";
    }
    if (queries.json()) {
      return "{\"queries\":" + queries.get() + "}";
    }
    return code.get() == null ? "" : code.get();
  }

  /** Whether the argument text was cut. */
  boolean argumentsCut() {
    return arguments.cut()
        || input.cut()
        || action.cut()
        || actions.cut()
        || operation.cut()
        || queries.cut()
        || code.cut();
  }
}
