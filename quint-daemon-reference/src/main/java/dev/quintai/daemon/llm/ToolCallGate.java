package dev.quintai.daemon.llm;

import dev.quintai.core.Verdict;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.daemon.proxy.GateDecision;
import dev.quintai.daemon.proxy.LocalResponse;
import dev.quintai.daemon.proxy.ResponseGate;

/**
 * Holds back exactly the tool calls that wait for their verdict, and ends the response with an
 * error of its own format when one is refused. The parser has seen the bytes before this gate has.
 */
final class ToolCallGate implements ResponseGate {

  private final LlmStream parsed;
  private final ResponseReader reader;
  private final String format;
  private final boolean streaming;
  private long passed;

  ToolCallGate(LlmStream parsed, ResponseReader reader, String format, boolean streaming) {
    this.parsed = parsed;
    this.reader = reader;
    this.format = format;
    this.streaming = streaming;
  }

  /** As long as nothing has passed, the response can still become an error of its own. */
  @Override
  public boolean holdsHead() {
    return true;
  }

  @Override
  public GateDecision data(byte[] held, int length, int fresh) {
    return decide(length, false);
  }

  @Override
  public GateDecision end(byte[] held, int length) {
    parsed.end(); // a document that is its own frame is understood only now
    return decide(length, true);
  }

  @Override
  public GateDecision full(byte[] held, int length) {
    return GateDecision.hold(); // passing unread bytes would open the gate: the response is cut
  }

  private GateDecision decide(int length, boolean complete) {
    Verdict refused = reader.refused();
    long until = complete ? passed + length : Math.min(parsed.settled(), passed + length);
    until = Math.min(until, reader.heldFrom());
    int may = (int) Math.max(0, until - passed);
    if (refused != null) {
      if (!streaming || (passed == 0 && may == 0)) {
        return GateDecision.answer(LocalResponse.json(403, Refusal.document(format, refused)));
      }
      return GateDecision.passThenReplace(may, Refusal.event(format, reader, refused));
    }
    if (complete) {
      passed += length;
      return GateDecision.passAll();
    }
    passed += may;
    return GateDecision.pass(may);
  }
}
