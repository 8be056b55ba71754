package dev.quintai.parsers.turn;

import dev.quintai.core.spi.LlmToolCall;

/** A tool call whose arguments are still arriving. */
public final class Call {

  final int index;
  String id;
  String name;
  String server;
  LlmToolCall.Kind kind;
  boolean started;
  boolean truncated;
  final StringBuilder arguments = new StringBuilder();

  Call(int index, String id, String name, LlmToolCall.Kind kind, String server) {
    this.index = index;
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.server = server;
  }

  /** The tool's name as far as it is known, or null. */
  public String name() {
    return name;
  }

  /** Whether any argument text has arrived. */
  public boolean hasArguments() {
    return arguments.length() > 0;
  }

  LlmToolCall toCall() {
    return new LlmToolCall(index, id, name == null ? "" : name, kind, server);
  }
}
