package dev.quintai.parsers.turn;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmToolCall;
import dev.quintai.core.spi.LlmToolResult;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import java.nio.charset.StandardCharsets;

/** Tells a handler the events of requests, and looks for the working directory in prompts. */
public final class RequestEvents {

  private final LlmLimits limits;
  private final LlmHandler handler;
  private final Findings findings;
  private final boolean wantsText;
  private final boolean wantsResults;
  private final String urlModel;
  private boolean begun;
  private boolean any;
  private String model;
  private String workingDirectory;
  private boolean withinText;
  private final WorkingDirectory directories = new WorkingDirectory();
  private final JsonSink text = new TextSink(this);

  /**
   * Events of the requests of one body.
   *
   * @param urlModel the model that the URL names, or null; it is told first
   */
  public RequestEvents(LlmLimits limits, LlmHandler handler, Findings findings, String urlModel) {
    this.urlModel = urlModel;
    this.limits = limits;
    this.handler = handler;
    this.findings = findings;
    this.wantsText = handler.wantsMessageText();
    this.wantsResults = handler.wantsResultText();
  }

  /** The limits. */
  public LlmLimits limits() {
    return limits;
  }

  /** Whether the text of results is wanted. */
  public boolean wantsResults() {
    return wantsResults;
  }

  /** The sink of a result's content: {@code parts}, or none where nobody wants the text. */
  public JsonSink resultSink(JsonSink parts) {
    return wantsResults ? parts : null;
  }

  /** A request begins, unless one has. */
  public void begin() {
    if (!begun) {
      begun = true;
      any = true;
      handler.begin(LlmDirection.REQUEST);
      model(urlModel);
    }
  }

  /** A document begins; a text that the one before left open is over. */
  public void beginDocument() {
    withinText = false;
    directories.restart();
  }

  /** The model that is asked; null, empty and repetitions are ignored. */
  public void model(String value) {
    if (value != null && !value.isEmpty() && !value.equals(model)) {
      begin();
      model = value;
      handler.requestModel(value);
    }
  }

  /** Whether a streamed response is asked for. */
  public void stream(boolean value) {
    begin();
    handler.streamRequested(value);
  }

  /** The conversation's id. */
  public void conversation(String id) {
    if (id != null && !id.isEmpty()) {
      begin();
      handler.conversation(id);
    }
  }

  /** The response that is gone on from. */
  public void previousResponse(String id) {
    if (id != null && !id.isEmpty()) {
      begin();
      handler.previousResponse(id);
    }
  }

  /** The request generates nothing. */
  public void prewarm() {
    begin();
    handler.prewarm();
  }

  /** A tool is offered. */
  public void declaredTool(String name, LlmToolCall.Kind kind) {
    if (name != null && !name.isEmpty()) {
      begin();
      handler.declaredTool(name, kind);
    }
  }

  /** A message begins. */
  public void message(String role) {
    begin();
    handler.message(role == null ? "" : role);
  }

  /** A call of the history. */
  public void priorCall(String id, String name) {
    begin();
    handler.priorToolCall(id, name == null ? "" : name);
  }

  /** A tool result. */
  public void result(String id, String name, boolean isError, String text, boolean cut) {
    begin();
    handler.toolResult(new LlmToolResult(id, name, isError, text == null ? "" : text, cut));
  }

  /** The sink of a text of the conversation, a string of the wire. */
  public JsonSink textSink() {
    return text;
  }

  /** Whether anybody wants the texts of the conversation. */
  boolean wantsText() {
    return wantsText;
  }

  /** A text of the conversation. */
  void text(JsonText value) {
    value.asPiece(searched);
    handler.messageText(value);
  }

  private final JsonSink searched =
      new JsonSink() {
        @Override
        public void piece(byte[] bytes, int from, int to, boolean last) {
          searchText(bytes, from, to, last);
        }
      };

  /** A text of the conversation that was gathered before it was known to be one. */
  public void text(String value) {
    byte[] bytes = value.replace("\\", "\\\\").getBytes(StandardCharsets.UTF_8);
    searchText(bytes, 0, bytes.length, true);
    if (wantsText) {
      handler.messageText(value);
    }
  }

  /** Whether a text goes on whose last piece is still to come. */
  boolean withinText() {
    return withinText;
  }

  /** A piece of a text. */
  void searchText(byte[] bytes, int from, int to, boolean last) {
    begin();
    withinText = !last;
    if (workingDirectory == null) {
      found(directories.piece(bytes, from, to, last));
    }
  }

  private void found(String directory) {
    if (directory != null) {
      workingDirectory = directory;
      handler.workingDirectory(directory);
    }
  }

  /** The request is over. */
  public void complete() {
    if (begun) {
      over(true);
    }
  }

  /** Forgets the request, so that nothing of it is told of the next one in the same body. */
  private void over(boolean whole) {
    begun = false;
    model = null;
    workingDirectory = null;
    handler.complete(LlmDirection.REQUEST, whole);
  }

  /** The body is over; a request that is still going on was cut. */
  public void end() {
    if (!any && urlModel != null) {
      begin();
      complete();
    }
    if (begun) {
      findings.report(LlmFinding.Kind.CUT, "the body ends before the request does");
      over(false);
    }
  }
}
