package dev.quintai.signatures;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quintai.signatures.SealedLines.DamagedException;
import dev.quintai.signatures.json.CanonicalJson;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.JsonProblem;
import dev.quintai.signatures.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file form of a {@link RegistryState}: {@link SealedLines}, first a header, then a line for
 * each thing that is remembered.
 *
 * <p>A set is mostly like the one before it. So a signature that is known byte for byte is taken
 * over and not read again, and a set of 10,000 that differs in one allocates a few megabytes when
 * it is read, where reading it anew takes hundreds.
 */
final class RegistryCodec {
  private static final String SET_FORMAT = "quint-signature-set/2";
  private static final String VERSIONS_FORMAT = "quint-signature-versions/2";

  // A stored line is a signature with a few words around it.
  private static final StrictJson READER =
      new StrictJson(
          new JsonLimits(JsonLimits.STORED_SIGNATURE.maxText() + (64 << 10), 20, 8 << 10, 4096));

  /**
   * What stands between the words around a signature and the signature. Inside a JSON string it
   * would have a backslash before each quote.
   */
  private static final byte[] SIGNATURE = ",\"signature\":".getBytes(US_ASCII);

  private static final byte[] END = "}\n".getBytes(US_ASCII);

  private RegistryCodec() {}

  static void encode(RegistryState state, OutputStream file) throws IOException {
    SealedLines.Writer out = new SealedLines.Writer(file);
    line(
        out,
        "format",
        SET_FORMAT,
        "generation",
        state.generation(),
        "parents",
        List.copyOf(state.parents()));
    for (Map.Entry<Channel, Long> entry : state.highest().entrySet()) {
      line(out, "channel", entry.getKey().name(), "highest", entry.getValue());
    }
    LoadedSignature before = null;
    byte[] around = null;
    for (LoadedSignature loaded : state.signatures().values()) {
      if (before == null || !sameAround(before, loaded)) {
        around = around(loaded);
        before = loaded;
      }
      out.write(around, around.length - 1);
      out.write(SIGNATURE);
      out.write(loaded.signature().json());
      out.write(END);
    }
    for (Map.Entry<String, Lane> entry : state.lanes().entrySet()) {
      line(out, "id", entry.getKey(), "lane", entry.getValue().id());
    }
    for (Suppression s : state.suppressions()) {
      line(
          out,
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
    out.seal();
  }

  private static boolean sameAround(LoadedSignature a, LoadedSignature b) {
    return a.channel().equals(b.channel())
        && a.lane() == b.lane()
        && a.held() == null
        && b.held() == null;
  }

  private static byte[] around(LoadedSignature loaded) {
    return CanonicalJson.write(
            map(
                "channel",
                loaded.channel().name(),
                "lane",
                loaded.lane().id(),
                "held",
                loaded.held()))
        .getBytes(UTF_8);
  }

  /**
   * Reads a set.
   *
   * @param known signatures that need not be read again
   * @throws DamagedException when it is not what was written
   */
  static RegistryState decode(InputStream file, Iterable<LoadedSignature> known)
      throws IOException {
    return new Decoding(new SealedLines.Reader(file), known).state();
  }

  /** The sets to which a set's roll-backs return; reads the first line only. */
  static List<Long> parents(InputStream file) throws IOException {
    SealedLines.Reader lines = new SealedLines.Reader(file);
    if (!lines.next()) {
      throw new DamagedException("the file is empty");
    }
    return parents(header(lines, SET_FORMAT));
  }

  /** The reading of one set. */
  private static final class Decoding {
    private final SealedLines.Reader lines;
    private final Map<ByteBuffer, ThreatSignature> known = new HashMap<>();
    private final Map<Channel, Long> highest = new LinkedHashMap<>();
    private final Map<RegistryState.Key, LoadedSignature> signatures = new LinkedHashMap<>();
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final List<Suppression> suppressions = new ArrayList<>();

    /** The last words around a signature, and what they say; they seldom change. */
    private byte[] around = {};

    private Map<?, ?> aroundFields = Map.of();

    Decoding(SealedLines.Reader lines, Iterable<LoadedSignature> before) {
      this.lines = lines;
      for (LoadedSignature loaded : before) {
        known.put(ByteBuffer.wrap(loaded.signature().json()), loaded.signature());
      }
    }

    RegistryState state() throws IOException {
      if (!lines.next()) {
        throw new DamagedException("the file is empty");
      }
      Map<?, ?> header = header(lines, SET_FORMAT);
      try {
        while (lines.next()) {
          line();
        }
        return new RegistryState(
            (Long) header.get("generation"),
            parents(header),
            highest,
            signatures,
            lanes,
            suppressions);
      } catch (SignatureRejectedException | RuntimeException e) {
        throw damaged(e);
      }
    }

    private void line() throws DamagedException, SignatureRejectedException {
      int at = indexOf(lines.line(), lines.length(), SIGNATURE);
      if (at >= 0) {
        LoadedSignature loaded = signature(at);
        signatures.put(new RegistryState.Key(loaded.channel(), loaded.signature().id()), loaded);
        return;
      }
      Map<?, ?> line = object(lines.line(), lines.length());
      if (line.containsKey("highest")) {
        highest.put(new Channel((String) line.get("channel")), (Long) line.get("highest"));
      } else if (line.containsKey("suppress")) {
        suppressions.add(suppression(line));
      } else {
        lanes.put((String) line.get("id"), lane(line));
      }
    }

    private LoadedSignature signature(int at) throws DamagedException, SignatureRejectedException {
      byte[] line = lines.line();
      if (!Arrays.equals(line, 0, at, around, 0, around.length)) {
        around = Arrays.copyOf(line, at);
        byte[] closed = Arrays.copyOf(line, at + 1);
        closed[at] = '}';
        aroundFields = object(closed, closed.length);
      }
      int start = at + SIGNATURE.length;
      int length = lines.length() - start - 1;
      ThreatSignature signature = known.get(ByteBuffer.wrap(line, start, length));
      if (signature == null) {
        String text = new String(line, start, length, UTF_8);
        signature = SignatureSchema.read(SignatureDocument.parseStored(text));
      }
      return new LoadedSignature(
          signature,
          new Channel((String) aroundFields.get("channel")),
          lane(aroundFields),
          (String) aroundFields.get("held"));
    }
  }

  static void encodeVersions(RegistryState state, OutputStream file) throws IOException {
    SealedLines.Writer out = new SealedLines.Writer(file);
    line(out, "format", VERSIONS_FORMAT, "generation", state.generation());
    for (Map.Entry<Channel, Long> entry : state.highest().entrySet()) {
      line(out, "channel", entry.getKey().name(), "highest", entry.getValue());
    }
    out.seal();
  }

  /** The highest versions, and the generation as of which they stand. */
  static RegistryState decodeVersions(InputStream file) throws IOException {
    SealedLines.Reader lines = new SealedLines.Reader(file);
    if (!lines.next()) {
      throw new DamagedException("the file is empty");
    }
    Map<?, ?> header = header(lines, VERSIONS_FORMAT);
    Map<Channel, Long> highest = new LinkedHashMap<>();
    try {
      while (lines.next()) {
        Map<?, ?> line = object(lines.line(), lines.length());
        highest.put(new Channel((String) line.get("channel")), (Long) line.get("highest"));
      }
      return RegistryState.EMPTY
          .withHighest(highest)
          .withGeneration((Long) header.get("generation"), List.of());
    } catch (RuntimeException e) {
      throw damaged(e);
    }
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

  private static Map<?, ?> header(SealedLines.Reader lines, String format) throws DamagedException {
    Map<?, ?> header = object(lines.line(), lines.length());
    if (!format.equals(header.get("format"))) {
      throw new DamagedException("the format is another than " + format);
    }
    return header;
  }

  private static List<Long> parents(Map<?, ?> header) {
    List<Long> parents = new ArrayList<>();
    for (Object parent : (List<?>) header.get("parents")) {
      parents.add((Long) parent);
    }
    return parents;
  }

  private static int indexOf(byte[] bytes, int length, byte[] wanted) {
    for (int at = 0; at + wanted.length <= length; at++) {
      if (bytes[at] == ','
          && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static Map<?, ?> object(byte[] line, int length) throws DamagedException {
    try {
      if (READER.read(new String(line, 0, length, UTF_8)) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (JsonProblem e) {
      throw damaged(e);
    }
    throw new DamagedException("a line is not what was written");
  }

  private static DamagedException damaged(Exception e) {
    return new DamagedException("a line has another content than was written: " + e.getMessage());
  }

  private static void line(SealedLines.Writer out, Object... fields) throws IOException {
    out.write(CanonicalJson.write(map(fields)).getBytes(UTF_8));
    out.write((byte) '\n');
  }

  private static Map<String, Object> map(Object... fields) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return map;
  }
}
