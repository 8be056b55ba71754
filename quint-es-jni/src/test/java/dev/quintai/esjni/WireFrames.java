package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes what a supervisor writes, by the description in {@code wire.h}. */
final class WireFrames {

  static final int LOSS = 7;
  static final long OFFSET = 1_700_000_000_000_000_000L;

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private long sequence;

  /** What a decoder made of it. */
  record Decoded(
      WireDecoder.Hello hello,
      List<Event> events,
      WireDecoder.End end,
      WireDecoder.Refusal refusal) {}

  byte[] bytes() {
    return stream.toByteArray();
  }

  WireFrames raw(int type, long time, ByteBuffer payload) {
    ByteBuffer frame =
        ByteBuffer.allocate(WireDecoder.HEADER + payload.remaining())
            .order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(frame.capacity()).put((byte) type).put((byte) 0).putShort((short) 0);
    frame.putLong(sequence++).putLong(time).put(payload);
    stream.writeBytes(frame.array());
    return this;
  }

  private static ByteBuffer payload() {
    return ByteBuffer.allocate(WireDecoder.FRAME_MAX).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer process(ByteBuffer to, int pid, long startMs) {
    return to.putInt(pid).putLong(startMs);
  }

  private static ByteBuffer string(ByteBuffer to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return to.putShort((short) bytes.length).put(bytes);
  }

  WireFrames skip() {
    sequence++;
    return this;
  }

  WireFrames hello(int features, int pid, long startMs) {
    ByteBuffer to = payload().putInt(0x43525451).putShort((short) 1).putShort((short) 0);
    return raw(1, 0, process(to.putInt(features), pid, startMs).putLong(OFFSET).flip());
  }

  WireFrames fork(long time, int pid, long startMs, int child, long childStartMs) {
    return raw(2, time, process(process(payload(), pid, startMs), child, childStartMs).flip());
  }

  WireFrames exec(
      long time, int pid, long startMs, int ppid, int uid, String exe, String cwd, String... argv) {
    ByteBuffer to = process(payload(), pid, startMs).putInt(ppid).putInt(uid);
    string(string(to, exe), cwd).putShort((short) argv.length);
    for (String argument : argv) {
      string(to, argument);
    }
    return raw(3, time, to.flip());
  }

  WireFrames exit(long time, int pid, long startMs, int code) {
    return raw(4, time, process(payload(), pid, startMs).putInt(code).flip());
  }

  WireFrames file(
      long time,
      int pid,
      long startMs,
      int op,
      int access,
      String path,
      String requested,
      String newPath) {
    ByteBuffer to = process(payload(), pid, startMs).put((byte) op).put((byte) access);
    return raw(
        5, time, string(string(string(to.putShort((short) 0), path), requested), newPath).flip());
  }

  WireFrames connect(long time, int pid, long startMs, int family, int port, int... address) {
    ByteBuffer to = process(payload(), pid, startMs).put((byte) family).put((byte) 6);
    to.putShort((short) port);
    for (int i = 0; i < 16; i++) {
      to.put((byte) (i < address.length ? address[i] : 0));
    }
    return raw(6, time, to.flip());
  }

  WireFrames local(long time, int pid, long startMs, String path) {
    return raw(10, time, string(process(payload(), pid, startMs), path).flip());
  }

  WireFrames loss(long time, long lost) {
    return raw(LOSS, time, payload().putLong(lost).flip());
  }

  WireFrames end(long time, int status, int execError) {
    return raw(8, time, payload().putInt(status).putInt(execError).flip());
  }

  WireFrames error(long time, int code, int errno, String message) {
    return raw(9, time, string(payload().putInt(code).putInt(errno), message).flip());
  }

  /** Decodes the bytes, given in chunks of at most so many. */
  Decoded decode(int chunk) throws WireFormatException {
    return decode(bytes(), chunk);
  }

  static Decoded decode(byte[] bytes, int chunk) throws WireFormatException {
    Collector collector = new Collector();
    WireDecoder decoder = new WireDecoder(collector);
    ByteBuffer buffer = ByteBuffer.allocate(2 * WireDecoder.FRAME_MAX);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(Math.min(chunk, bytes.length - at), buffer.remaining());
      buffer.put(bytes, at, length);
      at += length;
      buffer.flip();
      decoder.decode(buffer);
      buffer.compact();
    }
    return new Decoded(collector.hello, collector.events, collector.end, collector.refusal);
  }

  private static final class Collector implements WireDecoder.Frames {
    private final List<Event> events = new ArrayList<>();
    private WireDecoder.Hello hello;
    private WireDecoder.End end;
    private WireDecoder.Refusal refusal;

    @Override
    public void hello(WireDecoder.Hello greeting) {
      hello = greeting;
    }

    @Override
    public void event(Event event) {
      events.add(event);
    }

    @Override
    public void end(WireDecoder.End last) {
      end = last;
    }

    @Override
    public void error(WireDecoder.Refusal why) {
      refusal = why;
    }
  }
}
