package dev.quintai.daemon.llm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * An exception message of the AWS event stream encoding: prelude (total length, headers length,
 * their CRC-32), headers (name length, name, type 7, value length, value), payload, CRC-32 of it
 * all.
 */
final class ExceptionFrame {

  private static final byte STRING = 7;

  private ExceptionFrame() {}

  static byte[] of(String exceptionType, String json) {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    header(headers, ":exception-type", exceptionType);
    header(headers, ":content-type", "application/json");
    header(headers, ":message-type", "exception");
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    int total = 12 + headers.size() + payload.length + 4;
    ByteBuffer frame = ByteBuffer.allocate(total);
    frame.putInt(total).putInt(headers.size());
    frame.putInt(crc(frame.array(), 8));
    frame.put(headers.toByteArray()).put(payload);
    frame.putInt(crc(frame.array(), total - 4));
    return frame.array();
  }

  private static void header(ByteArrayOutputStream out, String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    out.write(nameBytes.length);
    out.writeBytes(nameBytes);
    out.write(STRING);
    out.write(valueBytes.length >> 8);
    out.write(valueBytes.length);
    out.writeBytes(valueBytes);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
