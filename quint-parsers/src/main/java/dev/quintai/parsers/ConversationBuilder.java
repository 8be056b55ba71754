package dev.quintai.parsers;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmToolCall;
import dev.quintai.core.spi.LlmToolResult;
import java.util.ArrayList;
import java.util.List;

/** Gathers the events of one exchange; text beyond the limit is cut. */
final class ConversationBuilder implements LlmHandler {

  private final int maxText;
  private boolean inResponse;
  private boolean streaming;
  private String requestModel;
  private String responseModel;
  private final List<Conversation.ToolCall> toolCalls = new ArrayList<>();
  private final List<LlmToolCall> lostCalls = new ArrayList<>();
  private final List<LlmToolResult> toolResults = new ArrayList<>();
  private final List<String> declaredTools = new ArrayList<>();
  private long inputTokens = -1;
  private long outputTokens = -1;
  private String stopReason;
  private Conversation.Problem error;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private String workingDirectory;
  private String conversationId;
  private String previousResponseId;
  private String responseId;
  private final List<LlmFinding> findings = new ArrayList<>();

  ConversationBuilder(int maxText) {
    this.maxText = maxText;
  }

  /** The events from now on are those of the response. */
  void response() {
    inResponse = true;
  }

  Conversation build(String format, String provider) {
    return new Conversation(
        format,
        provider,
        streaming,
        requestModel,
        responseModel,
        toolCalls,
        lostCalls,
        toolResults,
        declaredTools,
        inputTokens,
        outputTokens,
        stopReason,
        error,
        text.toString(),
        thinking.toString(),
        refusal.toString(),
        workingDirectory,
        conversationId,
        previousResponseId,
        responseId,
        findings);
  }

  @Override
  public void framing(LlmFraming framing) {
    streaming = inResponse && framing.streaming();
  }

  @Override
  public void requestModel(String model) {
    requestModel = model;
  }

  @Override
  public void conversation(String id) {
    conversationId = id;
  }

  @Override
  public void previousResponse(String id) {
    previousResponseId = id;
  }

  @Override
  public void workingDirectory(String path) {
    workingDirectory = path;
  }

  @Override
  public void declaredTool(String name, LlmToolCall.Kind kind) {
    declaredTools.add(name);
  }

  @Override
  public void toolResult(LlmToolResult result) {
    toolResults.add(result);
  }

  @Override
  public void responseId(String id) {
    responseId = id;
  }

  @Override
  public void responseModel(String model) {
    responseModel = model;
  }

  @Override
  public void text(int choice, CharSequence delta) {
    append(text, choice, delta);
  }

  @Override
  public void thinking(int choice, CharSequence delta) {
    append(thinking, choice, delta);
  }

  @Override
  public void refusal(int choice, CharSequence delta) {
    append(refusal, choice, delta);
  }

  private void append(StringBuilder target, int choice, CharSequence delta) {
    if (choice == 0) {
      target.append(delta, 0, Math.min(delta.length(), maxText - target.length()));
    }
  }

  @Override
  public void toolCallEnd(LlmToolCall call, Arguments arguments) {
    toolCalls.add(new Conversation.ToolCall(call, arguments));
  }

  @Override
  public void toolCallLost(LlmToolCall call) {
    lostCalls.add(call);
  }

  @Override
  public void stopReason(String reason) {
    stopReason = reason;
  }

  @Override
  public void usage(long newInput, long newOutput) {
    inputTokens = newInput;
    outputTokens = newOutput;
  }

  @Override
  public void error(String type, String message) {
    error = new Conversation.Problem(type, message);
  }

  @Override
  public void finding(LlmFinding finding) {
    findings.add(finding);
  }
}
