package dev.quintai.parsers.turn;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmToolCall;
import dev.quintai.parsers.ArgumentsReader;
import dev.quintai.parsers.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells a handler the events of responses: keeps the open calls within their limits, tells nothing
 * twice, and settles what is open when a response ends.
 */
public final class ResponseEvents {

  private final LlmLimits limits;
  private final LlmHandler handler;
  private final Findings findings;
  private final int status;
  private final ArgumentsReader reader;

  private final List<Call> open = new ArrayList<>();
  private int calls;
  private boolean begun;
  private boolean stopped;
  private boolean errorTold; // of the present response
  private boolean anyErrorTold;
  private String id;
  private String model;
  private long inputTokens = -1;
  private long outputTokens = -1;

  /**
   * Events of the responses of one body.
   *
   * @param status the response's HTTP status, or 0: an error status is told as an error, even where
   *     the body has none
   */
  public ResponseEvents(LlmLimits limits, LlmHandler handler, Findings findings, int status) {
    this.status = status;
    this.limits = limits;
    this.handler = handler;
    this.findings = findings;
    this.reader = new ArgumentsReader(limits.maxDepth());
  }

  /** A response begins, unless one has. */
  public void begin() {
    if (!begun) {
      begun = true;
      handler.begin(LlmDirection.RESPONSE);
    }
  }

  /** Forgets the response, so that nothing of it is told of the next one in the same body. */
  private void over(boolean whole) {
    begun = false;
    calls = 0;
    stopped = false;
    errorTold = false;
    id = null;
    model = null;
    inputTokens = -1;
    outputTokens = -1;
    handler.complete(LlmDirection.RESPONSE, whole);
  }

  /** Whether a response has begun and not ended. */
  public boolean begun() {
    return begun;
  }

  /** The response's id; null and repetitions are ignored. */
  public void id(String value) {
    if (value != null && !value.isEmpty() && !value.equals(id)) {
      begin();
      id = value;
      handler.responseId(value);
    }
  }

  /** The response's model; null, empty and repetitions are ignored. */
  public void model(String value) {
    if (value != null && !value.isEmpty() && !value.equals(model)) {
      begin();
      model = value;
      handler.responseModel(value);
    }
  }

  /** A part of the text. */
  public void text(int choice, CharSequence delta) {
    if (delta != null && !delta.isEmpty()) {
      begin();
      handler.text(choice, delta);
    }
  }

  /** A part of the thinking. */
  public void thinking(int choice, CharSequence delta) {
    if (delta != null && !delta.isEmpty()) {
      begin();
      handler.thinking(choice, delta);
    }
  }

  /** A part of a refusal. */
  public void refusal(int choice, CharSequence delta) {
    if (delta != null && !delta.isEmpty()) {
      begin();
      handler.refusal(choice, delta);
    }
  }

  /**
   * A call begins; it is told when its name is known.
   *
   * @return the call, or null when too many are open
   */
  public Call open(String callId, String name, LlmToolCall.Kind kind, String server) {
    begin();
    if (open.size() >= limits.maxOpenCalls()) {
      findings.limit("more than " + limits.maxOpenCalls() + " open tool calls");
      return null;
    }
    Call call = new Call(calls++, callId, name, kind, server);
    open.add(call);
    announce(call);
    return call;
  }

  private void announce(Call call) {
    if (!call.started && call.name != null && !call.name.isEmpty()) {
      call.started = true;
      handler.toolCallStart(call.toCall());
    }
  }

  /** More of a call's head: null and empty values tell nothing. */
  public void head(Call call, String callId, String name, LlmToolCall.Kind kind, String server) {
    if (call == null) {
      return;
    }
    call.id = callId == null || callId.isEmpty() ? call.id : callId;
    call.name = name == null || name.isEmpty() ? call.name : name;
    call.kind = kind == null ? call.kind : kind;
    call.server = server == null ? call.server : server;
    announce(call);
  }

  /** A part of a call's arguments. */
  public void append(Call call, CharSequence delta) {
    if (call == null || delta.isEmpty()) {
      return;
    }
    if (call.started) {
      handler.toolCallDelta(call.index, delta);
    }
    keep(call, delta);
  }

  private void keep(Call call, CharSequence delta) {
    int room = limits.maxArguments() - call.arguments.length();
    if (delta.length() <= room) {
      if (delta instanceof JsonText text) {
        text.appendTo(call.arguments);
      } else {
        call.arguments.append(delta);
      }
      return;
    }
    call.arguments.append(delta, 0, Math.max(0, room));
    if (!call.truncated) {
      call.truncated = true;
      findings.limit("arguments of a tool call over " + limits.maxArguments() + " characters");
    }
  }

  /**
   * Puts the whole text in the place of what was gathered of a call's arguments. Only what goes on
   * from the parts is told as one more part.
   */
  public void replace(Call call, String text, boolean cut) {
    if (call == null) {
      return;
    }
    if (text.startsWith(call.arguments.toString())) {
      append(call, text.substring(call.arguments.length()));
    } else {
      call.arguments.setLength(0);
      keep(call, text);
    }
    call.truncated |= cut;
  }

  /** Whether the arguments that have arrived are a JSON object, so that no more can follow. */
  public boolean isWhole(Call call) {
    return call.hasArguments() && reader.read(call.arguments.toString()).value() instanceof Map;
  }

  /** A call is complete. */
  public void close(Call call) {
    if (call == null || !open.remove(call)) {
      return;
    }
    if (!call.started) {
      call.started = true;
      handler.toolCallStart(call.toCall());
    }
    String text = call.arguments.toString();
    Arguments arguments;
    if (call.kind == LlmToolCall.Kind.CUSTOM) {
      arguments = new Arguments(text, text, call.truncated);
    } else {
      arguments = reader.read(text);
      if (call.truncated) {
        arguments = new Arguments(arguments.text(), arguments.value(), true);
      }
    }
    handler.toolCallEnd(call.toCall(), arguments);
  }

  /** A call that stands whole in a document. */
  public void call(
      String callId,
      String name,
      LlmToolCall.Kind kind,
      String server,
      String arguments,
      boolean cut) {
    Call call = open(callId, name, kind, server);
    if (call != null) {
      append(call, arguments == null ? "" : arguments);
      call.truncated |= cut;
      close(call);
    }
  }

  /** Completes all open calls, in the order in which they began. */
  public void closeAll() {
    while (!open.isEmpty()) {
      close(open.get(0));
    }
  }

  /** Why the first choice stopped; null and repetitions are ignored. */
  public void stop(String reason) {
    if (reason != null && !stopped) {
      begin();
      stopped = true;
      handler.stopReason(reason);
    }
  }

  /** Whether a stop reason was told of the present response. */
  public boolean stopped() {
    return stopped;
  }

  /** The usage; -1 leaves the earlier value. */
  public void usage(long input, long output) {
    replaceUsage(input < 0 ? inputTokens : input, output < 0 ? outputTokens : output);
  }

  /** The usage, whole: -1 is an absent value. */
  public void replaceUsage(long input, long output) {
    if (input != inputTokens || output != outputTokens) {
      begin();
      inputTokens = input;
      outputTokens = output;
      handler.usage(input, output);
    }
  }

  /** The provider reports an error. */
  public void error(String type, String message) {
    begin();
    errorTold = true;
    anyErrorTold = true;
    handler.error(type == null ? "" : type, message == null ? "" : message);
  }

  /** Something of the response could not be read. */
  public void malformed(String detail) {
    findings.report(LlmFinding.Kind.MALFORMED, detail);
  }

  /** Something was left out at a limit. */
  public void leftOut(String detail) {
    findings.limit(detail);
  }

  /** Whether the HTTP status is that of an error. */
  public boolean failed() {
    return status >= 400;
  }

  private void tellStatus() {
    if (failed() && !anyErrorTold) {
      error(Integer.toString(status), "");
    }
  }

  /** The response is over, by its own mark. Calls that are open will never be complete. */
  public void complete() {
    if (begun) {
      tellStatus();
      loseOpenCalls();
      over(true);
    }
  }

  /**
   * A response with this id begins. One that is told still, of another id or with an error, ends
   * without its mark.
   *
   * @return whether one ended so
   */
  public boolean next(String nextId) {
    boolean other = begun && (errorTold || (id != null && nextId != null && !id.equals(nextId)));
    if (other) {
      loseOpenCalls();
      findings.report(LlmFinding.Kind.CUT, "a response begins before the one before it ends");
      over(false);
    }
    begin();
    return other;
  }

  /**
   * The body is over.
   *
   * @param whole whether what was read can be a whole response
   */
  public void end(boolean whole) {
    boolean nothingRead = !begun;
    tellStatus();
    if (!begun) {
      return;
    }
    loseOpenCalls();
    if (!whole && !nothingRead) {
      findings.report(LlmFinding.Kind.CUT, "the body ends before the response does");
    }
    over(whole || nothingRead);
  }

  private void loseOpenCalls() {
    for (Call call : open) {
      if (call.started) {
        handler.toolCallLost(call.toCall());
      }
    }
    open.clear();
  }
}
