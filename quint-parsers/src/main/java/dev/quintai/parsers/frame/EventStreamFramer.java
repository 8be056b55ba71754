package dev.quintai.parsers.frame;

import dev.quintai.core.spi.LlmFinding;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The binary frames of {@code application/vnd.amazon.eventstream} (AWS "Event stream encoding").
 *
 * <pre>
 *  0        4              8           12                                     total-4   total
 *  | total  | headers len  | prelude    | headers        | payload             | message |
 *  | length |              | CRC32 0-8  |                | total-headers-16    | CRC32   |
 *
 *  header: | name len 1 | name | type 1 | value |
 *  types:  0 true, 1 false, 2 byte, 3 int16, 4 int32, 5 int64, 6 bytes, 7 string, 8 timestamp, 9 UUID
 * </pre>
 *
 * <p>Integers are big-endian; the CRC is that of gzip. A frame is trusted only when both checksums
 * fit. After a damaged prelude the next frame is looked for byte by byte: a place where eight bytes
 * have the CRC that follows them. After a damaged payload the length in its sound prelude leads to
 * the next frame.
 */
public final class EventStreamFramer implements Framer {

  private static final int PRELUDE = 12;
  private static final int OVERHEAD = 16;

  private final FrameSink sink;
  private final int maxFrame;
  private final Carry carry = new Carry();
  private final CRC32 crc = new CRC32();
  private final EventStreamHeaders headers = new EventStreamHeaders();
  private long start;
  private long passOver;
  private boolean lost;

  /** A framer that hands the messages to {@code sink}. */
  public EventStreamFramer(FrameSink sink, int maxFrame) {
    this.sink = sink;
    this.maxFrame = maxFrame;
  }

  @Override
  public void feed(byte[] bytes, int from, int to, long offset) {
    int at = from;
    if (passOver > 0) {
      int passed = (int) Math.min(passOver, to - from);
      passOver -= passed;
      start += passed;
      at += passed;
    }
    if (carry.length == 0) {
      int used = frames(bytes, at, to);
      if (passOver == 0) {
        carry.append(bytes, used, to);
      }
      return;
    }
    carry.append(bytes, at, to);
    int used = frames(carry.bytes, 0, carry.length);
    int rest = carry.length - used;
    System.arraycopy(carry.bytes, used, carry.bytes, 0, rest);
    carry.length = rest;
    if (rest == 0) {
      carry.clear();
    }
  }

  /** Reads whole frames; returns the offset of what is left over. */
  private int frames(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= PRELUDE) {
      long total = u32(bytes, at);
      long headerLength = u32(bytes, at + 4);
      if (crc(bytes, at, at + 8) != u32(bytes, at + 8)) {
        if (!lost) {
          lost = true;
          sink.finding(
              LlmFinding.Kind.CHECKSUM, start, "event stream prelude checksum does not fit");
        }
        at++;
        start++;
        continue;
      }
      lost = false;
      if (total < OVERHEAD || headerLength > total - OVERHEAD) {
        sink.finding(LlmFinding.Kind.MALFORMED, start, "event stream lengths do not fit");
        at++;
        start++;
        lost = true;
        continue;
      }
      if (total > maxFrame) {
        sink.finding(LlmFinding.Kind.LIMIT, start, "event stream message over the limit");
        int here = (int) Math.min(total, to - at);
        passOver = total - here;
        start += here;
        at += here;
        continue;
      }
      if (to - at < total) {
        return at;
      }
      message(bytes, at, (int) total, (int) headerLength);
      start += total;
      at += (int) total;
    }
    return at;
  }

  private void message(byte[] bytes, int at, int total, int headerLength) {
    if (crc(bytes, at, at + total - 4) != u32(bytes, at + total - 4)) {
      sink.finding(LlmFinding.Kind.CHECKSUM, start, "event stream message checksum does not fit");
      return;
    }
    int payload = at + PRELUDE + headerLength;
    if (!headers.read(bytes, at + PRELUDE, payload)) {
      sink.finding(
          LlmFinding.Kind.MALFORMED, start, "event stream headers do not follow the format");
      return;
    }
    sink.begin(start, start + total);
    String type = headers.get(":message-type");
    if ("exception".equals(type)) {
      sink.name(orEmpty(headers.get(":exception-type")), true);
    } else if ("error".equals(type)) {
      sink.name(orEmpty(headers.get(":error-code")), true);
      byte[] message = orEmpty(headers.get(":error-message")).getBytes(StandardCharsets.UTF_8);
      if (payload == at + total - 4) {
        sink.data(message, 0, message.length);
        sink.end();
        return;
      }
    } else if (headers.get(":event-type") != null) {
      sink.name(headers.get(":event-type"), false);
    }
    sink.data(bytes, payload, at + total - 4);
    sink.end();
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private long crc(byte[] bytes, int from, int to) {
    crc.reset();
    crc.update(bytes, from, to - from);
    return crc.getValue();
  }

  private static long u32(byte[] bytes, int at) {
    return (bytes[at] & 0xFFL) << 24
        | (bytes[at + 1] & 0xFFL) << 16
        | (bytes[at + 2] & 0xFFL) << 8
        | (bytes[at + 3] & 0xFFL);
  }

  @Override
  public void end(long offset) {
    if (carry.length > 0 || passOver > 0) {
      if (!lost) {
        sink.finding(LlmFinding.Kind.CUT, start, "the body ends within an event stream message");
      }
      carry.clear();
    }
  }

  @Override
  public long settled() {
    return start;
  }
}
