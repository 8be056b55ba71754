package dev.quintai.signatures;

import dev.quintai.signatures.json.CanonicalJson;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.JsonProblem;
import dev.quintai.signatures.json.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file form of a {@link RegistryState}: JSON Lines, whose first line bears the SHA-256 of all
 * that follows, so that a torn file is told from a whole one.
 */
final class RegistryCodec {
  private static final String SET_FORMAT = "quint-signature-set/1";
  private static final String VERSIONS_FORMAT = "quint-signature-versions/1";

  // A stored line is a signature with a few words around it.
  private static final StrictJson READER =
      new StrictJson(new JsonLimits(1 << 20, 20, 8 << 10, 4096));

  private RegistryCodec() {}

  /** A file that is not what was written. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  static byte[] encode(RegistryState state) {
    StringBuilder body = new StringBuilder(1024);
    for (Map.Entry<Channel, Long> entry : state.highest().entrySet()) {
      line(body, "channel", entry.getKey().name(), "highest", entry.getValue());
    }
    for (LoadedSignature loaded : state.signatures().values()) {
      String around =
          CanonicalJson.write(
              map(
                  "channel",
                  loaded.channel().name(),
                  "lane",
                  loaded.lane().id(),
                  "held",
                  loaded.held()));
      // The signature goes in as it is: reading it only to write it again would double the time.
      body.append(around, 0, around.length() - 1)
          .append(",\"signature\":")
          .append(loaded.signature().json())
          .append("}\n");
    }
    for (Map.Entry<String, Lane> entry : state.lanes().entrySet()) {
      line(body, "id", entry.getKey(), "lane", entry.getValue().id());
    }
    for (Suppression s : state.suppressions()) {
      line(
          body,
          "suppress",
          s.signatureId(),
          "agent",
          s.agent(),
          "session",
          s.session(),
          "tool",
          s.tool(),
          "path",
          s.path(),
          "expires",
          s.expires().toString(),
          "reason",
          s.reason());
    }
    return withHeader(
        body.toString(),
        "format",
        SET_FORMAT,
        "generation",
        state.generation(),
        "parent",
        state.parent());
  }

  static RegistryState decode(byte[] file) throws DamagedException {
    List<Map<?, ?>> lines = lines(file, SET_FORMAT);
    Map<?, ?> header = lines.get(0);
    Map<Channel, Long> highest = new LinkedHashMap<>();
    Map<RegistryState.Key, LoadedSignature> signatures = new LinkedHashMap<>();
    Map<String, Lane> lanes = new LinkedHashMap<>();
    List<Suppression> suppressions = new ArrayList<>();
    try {
      for (Map<?, ?> line : lines.subList(1, lines.size())) {
        if (line.containsKey("highest")) {
          highest.put(new Channel((String) line.get("channel")), (Long) line.get("highest"));
        } else if (line.containsKey("signature")) {
          LoadedSignature loaded = signature(line);
          signatures.put(new RegistryState.Key(loaded.channel(), loaded.signature().id()), loaded);
        } else if (line.containsKey("suppress")) {
          suppressions.add(suppression(line));
        } else {
          lanes.put((String) line.get("id"), lane(line));
        }
      }
      return new RegistryState(
          (Long) header.get("generation"),
          (Long) header.get("parent"),
          highest,
          signatures,
          lanes,
          suppressions);
    } catch (SignatureRejectedException | RuntimeException e) {
      throw new DamagedException("a line has another content than was written: " + e.getMessage());
    }
  }

  static byte[] encodeVersions(RegistryState state) {
    StringBuilder body = new StringBuilder(128);
    for (Map.Entry<Channel, Long> entry : state.highest().entrySet()) {
      line(body, "channel", entry.getKey().name(), "highest", entry.getValue());
    }
    return withHeader(body.toString(), "format", VERSIONS_FORMAT, "generation", state.generation());
  }

  /** The highest versions, and the generation as of which they stand. */
  static RegistryState decodeVersions(byte[] file) throws DamagedException {
    List<Map<?, ?>> lines = lines(file, VERSIONS_FORMAT);
    Map<Channel, Long> highest = new LinkedHashMap<>();
    try {
      for (Map<?, ?> line : lines.subList(1, lines.size())) {
        highest.put(new Channel((String) line.get("channel")), (Long) line.get("highest"));
      }
      return RegistryState.EMPTY
          .withHighest(highest)
          .withGeneration((Long) lines.get(0).get("generation"), 0);
    } catch (RuntimeException e) {
      throw new DamagedException("a line has another content than was written: " + e.getMessage());
    }
  }

  @SuppressWarnings("unchecked") // the reader makes maps with string keys only
  private static LoadedSignature signature(Map<?, ?> line) throws SignatureRejectedException {
    SignatureDocument document = SignatureDocument.of((Map<String, Object>) line.get("signature"));
    return new LoadedSignature(
        SignatureSchema.read(document),
        new Channel((String) line.get("channel")),
        lane(line),
        (String) line.get("held"));
  }

  private static Lane lane(Map<?, ?> line) {
    Lane lane = Lane.of((String) line.get("lane"));
    if (lane == null) {
      throw new IllegalArgumentException("no such lane");
    }
    return lane;
  }

  private static Suppression suppression(Map<?, ?> line) {
    return new Suppression(
        (String) line.get("suppress"),
        (String) line.get("agent"),
        (String) line.get("session"),
        (String) line.get("tool"),
        (String) line.get("path"),
        Instant.parse((String) line.get("expires")),
        (String) line.get("reason"));
  }

  private static List<Map<?, ?>> lines(byte[] file, String format) throws DamagedException {
    int end = 0;
    while (end < file.length && file[end] != '\n') {
      end++;
    }
    if (end == file.length) {
      throw new DamagedException("the file is torn");
    }
    List<Map<?, ?>> lines = new ArrayList<>();
    Map<?, ?> header = object(new String(file, 0, end, StandardCharsets.UTF_8));
    byte[] body = Arrays.copyOfRange(file, end + 1, file.length);
    if (!format.equals(header.get("format"))) {
      throw new DamagedException("the format is another than " + format);
    }
    if (!sha256(body).equals(header.get("sha256"))) {
      throw new DamagedException("the content is not what was written");
    }
    lines.add(header);
    int start = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n') {
        lines.add(object(new String(body, start, i - start, StandardCharsets.UTF_8)));
        start = i + 1;
      }
    }
    return lines;
  }

  private static Map<?, ?> object(String line) throws DamagedException {
    try {
      if (READER.read(line) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (JsonProblem e) {
      throw new DamagedException("a line is not what was written: " + e.getMessage());
    }
    throw new DamagedException("a line is not what was written");
  }

  private static byte[] withHeader(String body, Object... fields) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    Map<String, Object> header = map(fields);
    header.put("sha256", sha256(content));
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 256);
    out.writeBytes(CanonicalJson.write(header).getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static void line(StringBuilder out, Object... fields) {
    out.append(CanonicalJson.write(map(fields))).append('\n');
  }

  private static Map<String, Object> map(Object... fields) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return map;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
