package dev.quintai.core.spi;

import dev.quintai.core.event.Arguments;

/**
 * Receives what a parser reads, as soon as it is certain. Every method does nothing unless it is
 * overridden, so that parsers may tell more later. A {@link CharSequence} is valid during the call
 * only; everything else is immutable and may be kept.
 *
 * <p>Between {@link #begin} and {@link #complete} stand the events of one request or one response;
 * a stream of messages carries several.
 */
public interface LlmHandler {

  /** How the body is divided; told once, before anything else. */
  default void framing(LlmFraming framing) {}

  /**
   * The events that follow, up to the next call of this method, are told by the bytes from {@code
   * start} to {@code end} of the decompressed body. The ranges of a body do not overlap and rise.
   *
   * @param start offset of the frame's first byte
   * @param end offset behind its last byte, delimiter included, or -1 while it is not known: a body
   *     that is one document, or a frame longer than {@link LlmLimits#maxFrame()}
   */
  default void frame(long start, long end) {}

  /** A request or response begins. */
  default void begin(LlmDirection direction) {}

  /**
   * A request or response is over.
   *
   * @param whole false if it was cut before its end
   */
  default void complete(LlmDirection direction, boolean whole) {}

  // Requests

  /** The model that the request names, in its body or its URL. */
  default void requestModel(String model) {}

  /** Whether the request asks for a streamed response. */
  default void streamRequested(boolean stream) {}

  /** The conversation's id, where the request names one. */
  default void conversation(String id) {}

  /** The response whose conversation this request goes on, where it names one. */
  default void previousResponse(String id) {}

  /** The agent's working directory, where the agent states it in its prompt. */
  default void workingDirectory(String path) {}

  /** The request only warms up the model; no response will be generated. */
  default void prewarm() {}

  /** A tool that the request offers to the model. Tools that the provider defines have its name. */
  default void declaredTool(String name, LlmToolCall.Kind kind) {}

  /**
   * A message of the request begins; the system prompt has the role {@code system}.
   *
   * @param role the role on the wire
   */
  default void message(String role) {}

  /** Whether {@link #messageText} is wanted; without it, the text of messages is not decoded. */
  default boolean wantsMessageText() {
    return false;
  }

  /** A text part of the message that began last, cut at {@link LlmLimits#maxString()}. */
  default void messageText(CharSequence text) {}

  /** An earlier call that the request repeats in its history. */
  default void priorToolCall(String id, String name) {}

  /**
   * Whether the text of tool results is wanted; without it {@link LlmToolResult#text} is empty, and
   * what may be most of a request is passed over without being decoded.
   */
  default boolean wantsResultText() {
    return true;
  }

  /** The result of a tool call. */
  default void toolResult(LlmToolResult result) {}

  // Responses

  /** The response's id. */
  default void responseId(String id) {}

  /** The model that the response names. */
  default void responseModel(String model) {}

  /**
   * A part of the text.
   *
   * @param choice the alternative it belongs to, 0 for the first
   */
  default void text(int choice, CharSequence delta) {}

  /** A part of what the model thought, where the wire marks it so. */
  default void thinking(int choice, CharSequence delta) {}

  /** A part of a refusal, where the wire marks it so. */
  default void refusal(int choice, CharSequence delta) {}

  /** A tool call begins. */
  default void toolCallStart(LlmToolCall call) {}

  /** A part of the arguments of the call with that index, as text of the wire. */
  default void toolCallDelta(int index, CharSequence delta) {}

  /**
   * A tool call is complete.
   *
   * @param call as it began, but for an id, name or server that the wire told later
   * @param arguments its arguments; marked truncated when over {@link LlmLimits#maxArguments()}
   */
  default void toolCallEnd(LlmToolCall call, Arguments arguments) {}

  /** A call that began will never be complete: the stream ended, or the provider took it back. */
  default void toolCallLost(LlmToolCall call) {}

  /** Why the model stopped, in the wire's own word. Told at most once for the first choice. */
  default void stopReason(String reason) {}

  /**
   * The provider's own two numbers, without cache or thinking tokens; later values replace earlier
   * ones.
   *
   * @param inputTokens or -1 when absent
   * @param outputTokens or -1 when absent
   */
  default void usage(long inputTokens, long outputTokens) {}

  /**
   * The provider reports an error, in a body of its own or in the middle of a stream.
   *
   * @param type the wire's type or code; empty when it gives none
   * @param message the wire's message; empty when it gives none
   */
  default void error(String type, String message) {}

  // Either

  /** Something could not be read or was cut. */
  default void finding(LlmFinding finding) {}
}
