package dev.quintai.core.spi;

/**
 * The result of a tool call, as the agent hands it back in a request.
 *
 * @param id the call's id, or null where the format has none
 * @param name the tool's name where the wire repeats it, or null
 * @param isError whether it is marked as an error
 * @param text its text, several parts joined by line feeds, or its JSON where it has no text; cut
 *     at {@link LlmLimits#maxString()}; empty unless {@link LlmHandler#wantsResultText()}
 * @param truncated whether {@code text} was cut
 */
public record LlmToolResult(
    String id, String name, boolean isError, String text, boolean truncated) {}
