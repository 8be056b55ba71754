package dev.quintai.parsers.support;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/** Makes frames of {@code application/vnd.amazon.eventstream}. */
public final class EventStreams {

  private EventStreams() {}

  /** An event with its type and a JSON payload. */
  public static byte[] event(String type, String json) {
    return message(
        json.getBytes(StandardCharsets.UTF_8),
        ":event-type",
        type,
        ":content-type",
        "application/json",
        ":message-type",
        "event");
  }

  /** An exception with its type and a JSON payload. */
  public static byte[] exception(String type, String json) {
    return message(
        json.getBytes(StandardCharsets.UTF_8),
        ":exception-type",
        type,
        ":content-type",
        "application/json",
        ":message-type",
        "exception");
  }

  /** A chunk of InvokeModel that carries {@code json}. */
  public static byte[] chunk(String json) {
    String bytes = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    return event("chunk", "{\"bytes\":\"" + bytes + "\",\"p\":\"abc\"}");
  }

  /** A message with string headers. */
  public static byte[] message(byte[] payload, String... headers) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream header = new DataOutputStream(bytes);
      for (int i = 0; i < headers.length; i += 2) {
        byte[] name = headers[i].getBytes(StandardCharsets.UTF_8);
        byte[] value = headers[i + 1].getBytes(StandardCharsets.UTF_8);
        header.writeByte(name.length);
        header.write(name);
        header.writeByte(7);
        header.writeShort(value.length);
        header.write(value);
      }
      return messageOf(payload, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A message with these bytes as headers. */
  public static byte[] messageOf(byte[] payload, byte[] headers) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(16 + headers.length + payload.length);
      out.writeInt(headers.length);
      out.writeInt(crc(bytes.toByteArray()));
      out.write(headers);
      out.write(payload);
      out.writeInt(crc(bytes.toByteArray()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** The arrays one behind the other. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
