package dev.quintai.parsers;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmToolCall;
import dev.quintai.core.spi.LlmToolResult;
import java.util.List;

/**
 * What one HTTP exchange with a language model says, whole. Immutable.
 *
 * @param format the format's id, for example {@code anthropic}
 * @param provider the owner of the host, for example {@code aws-bedrock}, or null when unknown
 * @param streaming whether the response is a stream
 * @param requestModel the model that the request names, or null
 * @param responseModel the model that the response names, or null; never copied from the request
 * @param toolCalls the complete calls, of all choices, in order
 * @param lostCalls the calls that began and were never complete
 * @param toolResults the results that the request hands back, in order
 * @param declaredTools the names of the tools that the request offers, in order
 * @param inputTokens the provider's count, or -1
 * @param outputTokens the provider's count, or -1
 * @param stopReason the wire's value for the first choice, or null
 * @param error what the provider reports as an error, or null
 * @param text the text of the first choice
 * @param thinking the thinking of the first choice
 * @param refusal the refusal of the first choice, or empty
 * @param workingDirectory where the agent says it works, or null
 * @param conversationId the conversation, where the request names one, or null
 * @param previousResponseId the response that the request goes on from, or null
 * @param responseId the response's id, or null
 * @param findings what could not be read or was cut
 */
public record Conversation(
    String format,
    String provider,
    boolean streaming,
    String requestModel,
    String responseModel,
    List<ToolCall> toolCalls,
    List<LlmToolCall> lostCalls,
    List<LlmToolResult> toolResults,
    List<String> declaredTools,
    long inputTokens,
    long outputTokens,
    String stopReason,
    Problem error,
    String text,
    String thinking,
    String refusal,
    String workingDirectory,
    String conversationId,
    String previousResponseId,
    String responseId,
    List<LlmFinding> findings) {

  public Conversation {
    toolCalls = List.copyOf(toolCalls);
    lostCalls = List.copyOf(lostCalls);
    toolResults = List.copyOf(toolResults);
    declaredTools = List.copyOf(declaredTools);
    findings = List.copyOf(findings);
  }

  /**
   * A complete call.
   *
   * @param call its head
   * @param arguments its arguments
   */
  public record ToolCall(LlmToolCall call, Arguments arguments) {}

  /**
   * An error that the provider reports.
   *
   * @param type the wire's type or code; empty when it gives none
   * @param message the wire's message; empty when it gives none
   */
  public record Problem(String type, String message) {}
}
