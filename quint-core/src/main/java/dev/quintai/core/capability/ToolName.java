package dev.quintai.core.capability;

/**
 * A tool's name without its MCP server.
 *
 * @param server the MCP server, or null
 * @param plain the name that the server gave it
 */
record ToolName(String server, String plain) {

  /**
   * Reads {@code mcp__server__tool} (Claude Code, Gemini CLI and others); the server's name may
   * hold single underscores.
   */
  static ToolName of(String tool) {
    if (tool.startsWith("mcp__")) {
      int end = tool.indexOf("__", 5);
      if (end > 5 && end + 2 < tool.length()) {
        return new ToolName(tool.substring(5, end), tool.substring(end + 2));
      }
    }
    return new ToolName(null, tool);
  }
}
