package dev.quintai.parsers.support;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmToolCall;
import dev.quintai.core.spi.LlmToolResult;
import java.util.ArrayList;
import java.util.List;

/** Writes down every event as a line. */
public final class Recorder implements LlmHandler {

  public final List<String> lines = new ArrayList<>();

  /** The lines without frames and framing, for expectations that are not about offsets. */
  public List<String> told() {
    return lines.stream().filter(line -> !line.startsWith("fram")).toList();
  }

  /** The lines that begin with one of the words. */
  public List<String> only(String... words) {
    return lines.stream()
        .filter(line -> List.of(words).contains(line.substring(0, (line + " ").indexOf(' '))))
        .toList();
  }

  @Override
  public void framing(LlmFraming framing) {
    lines.add("framing " + framing);
  }

  @Override
  public void frame(long start, long end) {
    lines.add("frame " + start + "-" + end);
  }

  @Override
  public void begin(LlmDirection direction) {
    lines.add("begin " + direction);
  }

  @Override
  public void complete(LlmDirection direction, boolean whole) {
    lines.add("complete " + direction + (whole ? "" : " cut"));
  }

  @Override
  public void requestModel(String model) {
    lines.add("requestModel " + model);
  }

  @Override
  public void streamRequested(boolean stream) {
    lines.add("stream " + stream);
  }

  @Override
  public void conversation(String id) {
    lines.add("conversation " + id);
  }

  @Override
  public void previousResponse(String id) {
    lines.add("previous " + id);
  }

  @Override
  public void workingDirectory(String path) {
    lines.add("cwd " + path);
  }

  @Override
  public void prewarm() {
    lines.add("prewarm");
  }

  @Override
  public void declaredTool(String name, LlmToolCall.Kind kind) {
    lines.add("tool " + name + " " + kind.wireName());
  }

  @Override
  public void message(String role) {
    lines.add("message " + role);
  }

  @Override
  public boolean wantsMessageText() {
    return true;
  }

  @Override
  public void messageText(CharSequence text) {
    lines.add("said " + text);
  }

  @Override
  public void priorToolCall(String id, String name) {
    lines.add("prior " + id + " " + name);
  }

  @Override
  public void toolResult(LlmToolResult result) {
    lines.add(
        "result "
            + result.id()
            + " "
            + result.name()
            + (result.isError() ? " error " : " ok ")
            + result.text()
            + (result.truncated() ? " cut" : ""));
  }

  @Override
  public void responseId(String id) {
    lines.add("id " + id);
  }

  @Override
  public void responseModel(String model) {
    lines.add("model " + model);
  }

  @Override
  public void text(int choice, CharSequence delta) {
    lines.add("text " + choice + " " + delta);
  }

  @Override
  public void thinking(int choice, CharSequence delta) {
    lines.add("thinking " + choice + " " + delta);
  }

  @Override
  public void refusal(int choice, CharSequence delta) {
    lines.add("refusal " + choice + " " + delta);
  }

  @Override
  public void toolCallStart(LlmToolCall call) {
    lines.add("start " + head(call));
  }

  @Override
  public void toolCallDelta(int index, CharSequence delta) {
    lines.add("delta " + index + " " + delta);
  }

  @Override
  public void toolCallEnd(LlmToolCall call, Arguments arguments) {
    lines.add(
        "end "
            + head(call)
            + " "
            + arguments.value()
            + (arguments.truncated() ? " truncated" : ""));
  }

  @Override
  public void toolCallLost(LlmToolCall call) {
    lines.add("lost " + head(call));
  }

  private static String head(LlmToolCall call) {
    return call.index()
        + " "
        + call.id()
        + " "
        + call.name()
        + " "
        + call.kind().wireName()
        + (call.server() == null ? "" : " of " + call.server());
  }

  @Override
  public void stopReason(String reason) {
    lines.add("stop " + reason);
  }

  @Override
  public void usage(long inputTokens, long outputTokens) {
    lines.add("usage " + inputTokens + " " + outputTokens);
  }

  @Override
  public void error(String type, String message) {
    lines.add("error [" + type + "] " + message);
  }

  @Override
  public void finding(LlmFinding finding) {
    lines.add("finding " + finding.kind() + " " + finding.offset());
  }
}
