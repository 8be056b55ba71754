package dev.quintai.daemon.proxy;

import java.util.concurrent.CompletionStage;

/** What a {@link ResponseGate} wants done with the bytes that are held. Immutable. */
public final class GateDecision {
  /** What is done. */
  enum Kind {
    PASS,
    REPLACE,
    ANSWER,
    LATER
  }

  private static final GateDecision HOLD = new GateDecision(Kind.PASS, 0, null, null, null);

  private final Kind kind;
  private final int count;
  private final byte[] bytes;
  private final LocalResponse response;
  private final CompletionStage<GateDecision> stage;

  private GateDecision(
      Kind kind,
      int count,
      byte[] bytes,
      LocalResponse response,
      CompletionStage<GateDecision> stage) {
    this.kind = kind;
    this.count = count;
    this.bytes = bytes;
    this.response = response;
    this.stage = stage;
  }

  /** Lets the first bytes of those held go to the client, and holds the rest. */
  public static GateDecision pass(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count " + count + " is negative");
    }
    return new GateDecision(Kind.PASS, count, null, null, null);
  }

  /** Lets everything that is held go to the client. */
  public static GateDecision passAll() {
    return new GateDecision(Kind.PASS, Integer.MAX_VALUE, null, null, null);
  }

  /** Holds everything until more comes. */
  public static GateDecision hold() {
    return HOLD;
  }

  /**
   * Ends the response with these bytes. What is held is dropped, as is whatever the upstream host
   * still sends; to let a part of it go first, use {@link #passThenReplace}.
   */
  public static GateDecision replace(byte[] rest) {
    return new GateDecision(Kind.REPLACE, 0, rest.clone(), null, null);
  }

  /** Lets the first bytes of those held go, then ends the response with other bytes. */
  public static GateDecision passThenReplace(int count, byte[] rest) {
    if (count < 0) {
      throw new IllegalArgumentException("count " + count + " is negative");
    }
    return new GateDecision(Kind.REPLACE, count, rest.clone(), null, null);
  }

  /**
   * Gives the client this response in the place of the upstream host's, head included. Possible
   * only where {@link ResponseGate#holdsHead()} and nothing has passed yet; else the body of the
   * response ends what the client is given, as with {@link #replace}.
   */
  public static GateDecision answer(LocalResponse response) {
    return new GateDecision(Kind.ANSWER, 0, null, response, null);
  }

  /**
   * Decides when the stage completes. Until then nothing passes and nothing more is read of this
   * response. A stage that fails ends the response as cut.
   */
  public static GateDecision later(CompletionStage<GateDecision> stage) {
    return new GateDecision(Kind.LATER, 0, null, null, stage);
  }

  Kind kind() {
    return kind;
  }

  int count() {
    return count;
  }

  byte[] bytes() {
    return bytes;
  }

  LocalResponse response() {
    return response;
  }

  CompletionStage<GateDecision> stage() {
    return stage;
  }
}
