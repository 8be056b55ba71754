package dev.quintai.core.spi;

import java.util.Objects;

/**
 * A tool call as its declaration begins.
 *
 * @param index its place among the calls of the response, in the order in which they began, from 0
 * @param id the id on the wire, or null where the format has none
 * @param name the tool's name
 * @param kind who runs it, and what its arguments are
 * @param server the MCP server or the tool's namespace where the wire names it, or null
 */
public record LlmToolCall(int index, String id, String name, Kind kind, String server) {

  /** Who runs a call, and what its arguments are. */
  public enum Kind {
    /** The agent runs it; arguments are JSON. */
    FUNCTION("function"),
    /** The agent runs it; the argument is free text. */
    CUSTOM("custom"),
    /** The provider calls a remote MCP server. */
    MCP("mcp"),
    /** The provider runs it, for example its web search. */
    SERVER("server"),
    /** The agent runs a tool that the provider defines, for example a local shell. */
    CLIENT_BUILTIN("client-builtin");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** The name in exchanged files, for example {@code client-builtin}. */
    public String wireName() {
      return wireName;
    }
  }

  public LlmToolCall {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
  }
}
