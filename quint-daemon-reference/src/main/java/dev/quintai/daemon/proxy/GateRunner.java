package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Arrays;

/**
 * Runs a {@link ResponseGate} over one response's body: decodes it, keeps what the gate holds, and
 * puts its decisions into effect. Everything happens on the connection's event loop.
 */
final class GateRunner {
  /** The client's side of a gated response. */
  interface Output {
    /** Sends body bytes, and before the first of them the head. */
    void pass(byte[] bytes, int offset, int length);

    /**
     * Ends the response regularly.
     *
     * @param replaced whether the gate ended it, so that what the upstream host still sends is to
     *     be dropped
     */
    void complete(boolean replaced);

    /** Sends another response if the head is still held; else its body, as the end of this one. */
    void answer(LocalResponse response);

    /** Ends the response so that the client sees that it is not whole. */
    void cut();

    /** Stops or goes on with reading this response. */
    void waiting(boolean waiting);
  }

  private final ProxyContext context;
  private final ResponseGate gate;
  private final ContentDecoder decoder;
  private final EventLoop loop;
  private final Output out;
  private final int limit;
  private byte[] held = new byte[8 * 1024];
  private int length;
  private int shown;
  private boolean waiting;
  private boolean ended;
  private boolean done;

  GateRunner(
      ProxyContext context, ResponseGate gate, String contentEncoding, EventLoop loop, Output out) {
    this.context = context;
    this.gate = gate;
    ContentDecoder undone = ContentDecoder.of(contentEncoding);
    this.decoder = undone == null ? ContentDecoder.of(null) : undone;
    this.loop = loop;
    this.out = out;
    this.limit = context.limits().heldBytes();
  }

  /** Takes payload in the wire's coding. */
  void data(ByteBuf in, int index, int count) {
    if (done) {
      return;
    }
    byte[] bytes = new byte[count];
    in.getBytes(index, bytes);
    try {
      decoder.decode(bytes, 0, count, this::decoded);
    } catch (ContentDecoder.BrokenException e) {
      cut();
    }
  }

  /** The upstream host's body is complete. */
  void end() {
    ended = true;
    if (!done && !waiting) {
      finish();
    }
  }

  /** The exchange is over; nothing more is sent. */
  void close() {
    done = true;
    decoder.close();
    held = new byte[0];
    length = 0;
  }

  private boolean decoded(byte[] bytes, int offset, int count) {
    int from = offset;
    int left = count;
    while (left > 0 && !done) {
      // What comes while a decision is awaited is at most the rest of one read.
      int room = waiting ? left : Math.min(left, limit - length);
      append(bytes, from, room);
      from += room;
      left -= room;
      if (waiting) {
        if (length > 2 * (long) limit) {
          cut();
        }
      } else {
        show();
      }
    }
    return !done;
  }

  private void append(byte[] bytes, int offset, int count) {
    if (length + count > held.length) {
      held = Arrays.copyOf(held, Math.max(length + count, held.length * 2));
    }
    System.arraycopy(bytes, offset, held, length, count);
    length += count;
  }

  /** Asks the gate, and asks again as long as it passes a part of what is held. */
  private void show() {
    int before;
    do {
      int fresh = length - shown;
      before = length;
      shown = length;
      boolean full = length >= limit;
      apply(
          context.guard(
              () -> full ? gate.full(held, length) : gate.data(held, length, fresh), null));
      if (full && !done && !waiting && length >= limit) {
        cut();
      }
    } while (!done && !waiting && length > 0 && length < before);
  }

  private void finish() {
    int last = length;
    shown = length;
    GateDecision decision = context.guard(() -> gate.end(held, last), null);
    apply(decision);
    if (!done && !waiting) {
      done = true;
      decoder.close();
      out.complete(false);
    }
  }

  private void apply(GateDecision decision) {
    if (decision == null) {
      cut();
      return;
    }
    switch (decision.kind()) {
      case PASS -> pass(decision.count());
      case REPLACE -> {
        pass(decision.count());
        byte[] rest = decision.bytes();
        if (rest.length > 0) {
          out.pass(rest, 0, rest.length);
        }
        close();
        out.complete(true);
      }
      case ANSWER -> {
        close();
        out.answer(decision.response());
      }
      case LATER -> {
        waiting = true;
        out.waiting(true);
        decision
            .stage()
            .whenComplete(
                (verdict, error) -> loop.execute(() -> decided(error == null ? verdict : null)));
      }
    }
  }

  private void decided(GateDecision verdict) {
    if (done) {
      return;
    }
    waiting = false;
    int before = length;
    apply(verdict);
    if (!done && !waiting && length > 0 && (shown < length || length < before)) {
      show();
    }
    if (done || waiting) {
      return;
    }
    if (ended) {
      finish();
    }
    if (!done && !waiting) {
      out.waiting(false);
    }
  }

  /** Passes bytes that the gate was shown. */
  private void pass(int wanted) {
    int count = Math.min(wanted, shown);
    if (count == 0) {
      return;
    }
    out.pass(held, 0, count);
    length -= count;
    shown -= count;
    if (length == 0 && held.length > 64 * 1024) {
      held = new byte[8 * 1024];
    } else {
      System.arraycopy(held, count, held, 0, length);
    }
  }

  private void cut() {
    if (!done) {
      close();
      out.cut();
    }
  }
}
