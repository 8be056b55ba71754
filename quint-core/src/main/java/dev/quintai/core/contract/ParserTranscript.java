package dev.quintai.core.contract;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmToolCall;
import dev.quintai.core.spi.LlmToolResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything a parser told, as text to compare, with what was out of order. Parts of one text that
 * follow each other are one line, since their borders say nothing.
 */
final class ParserTranscript implements LlmHandler {
  private final Violations violations;
  private final List<String> lines = new ArrayList<>();
  private final Set<Integer> open = new HashSet<>();
  private final StringBuilder part = new StringBuilder();
  private String partKey;
  private int depth;
  private long frameEnd;
  private long findings;

  ParserTranscript(Violations violations) {
    this.violations = violations;
  }

  List<String> lines() {
    endPart();
    return List.copyOf(lines);
  }

  long findings() {
    return findings;
  }

  /** Checks what must hold once the body is over. */
  void over() {
    violations.check(open.isEmpty(), "each call that began ends or is lost by end()");
    violations.check(depth == 0, "each begin() has its complete() by end()");
  }

  private void line(String text) {
    endPart();
    lines.add(text);
  }

  private void part(String key, CharSequence text) {
    violations.check(text != null, "parts of text are never null");
    if (!key.equals(partKey)) {
      endPart();
      partKey = key;
      part.append(key);
    }
    part.append(text);
  }

  private void endPart() {
    if (partKey != null) {
      lines.add(part.toString());
      part.setLength(0);
      partKey = null;
    }
  }

  @Override
  public void framing(LlmFraming framing) {
    violations.check(lines.isEmpty() && partKey == null, "framing() comes before anything else");
    line("framing " + framing);
  }

  @Override
  public void frame(long start, long end) {
    violations.check(start >= frameEnd, "the ranges of frames rise and do not overlap");
    violations.check(end == -1 || end >= start, "a frame does not end before it starts");
    frameEnd = Math.max(frameEnd, Math.max(start, end));
    line("frame " + start); // its end may be known earlier in one split than in another
  }

  @Override
  public void begin(LlmDirection direction) {
    depth++;
    violations.check(depth == 1, "one request or response at a time");
    line("begin " + direction);
  }

  @Override
  public void complete(LlmDirection direction, boolean whole) {
    depth--;
    violations.check(depth == 0, "complete() follows its begin()");
    line("complete " + direction + " " + whole);
  }

  @Override
  public void requestModel(String model) {
    line("requestModel " + model);
  }

  @Override
  public void streamRequested(boolean stream) {
    line("streamRequested " + stream);
  }

  @Override
  public void conversation(String id) {
    line("conversation " + id);
  }

  @Override
  public void previousResponse(String id) {
    line("previousResponse " + id);
  }

  @Override
  public void workingDirectory(String path) {
    line("workingDirectory " + path);
  }

  @Override
  public void prewarm() {
    line("prewarm");
  }

  @Override
  public void declaredTool(String name, LlmToolCall.Kind kind) {
    line("declaredTool " + name + " " + kind);
  }

  @Override
  public void message(String role) {
    line("message " + role);
  }

  @Override
  public boolean wantsMessageText() {
    return true;
  }

  @Override
  public void messageText(CharSequence text) {
    part("messageText ", text);
  }

  @Override
  public void priorToolCall(String id, String name) {
    line("priorToolCall " + id + " " + name);
  }

  @Override
  public void toolResult(LlmToolResult result) {
    line("toolResult " + result);
  }

  @Override
  public void responseId(String id) {
    line("responseId " + id);
  }

  @Override
  public void responseModel(String model) {
    line("responseModel " + model);
  }

  @Override
  public void text(int choice, CharSequence delta) {
    part("text " + choice + " ", delta);
  }

  @Override
  public void thinking(int choice, CharSequence delta) {
    part("thinking " + choice + " ", delta);
  }

  @Override
  public void refusal(int choice, CharSequence delta) {
    part("refusal " + choice + " ", delta);
  }

  @Override
  public void toolCallStart(LlmToolCall call) {
    violations.check(open.add(call.index()), "a call begins once");
    line("toolCallStart " + call);
  }

  @Override
  public void toolCallDelta(int index, CharSequence delta) {
    violations.check(open.contains(index), "arguments belong to a call that has begun");
    part("toolCallDelta " + index + " ", delta);
  }

  @Override
  public void toolCallEnd(LlmToolCall call, Arguments arguments) {
    violations.check(open.remove(call.index()), "a call ends once, after it began");
    violations.check(arguments != null, "a call that ends has arguments");
    line("toolCallEnd " + call + " " + arguments);
  }

  @Override
  public void toolCallLost(LlmToolCall call) {
    violations.check(open.remove(call.index()), "a call is lost once, after it began");
    line("toolCallLost " + call);
  }

  @Override
  public void stopReason(String reason) {
    line("stopReason " + reason);
  }

  @Override
  public void usage(long inputTokens, long outputTokens) {
    line("usage " + inputTokens + " " + outputTokens);
  }

  @Override
  public void error(String type, String message) {
    line("error " + type + " " + message);
  }

  @Override
  public void finding(LlmFinding finding) {
    findings++;
    line("finding " + finding);
  }
}
