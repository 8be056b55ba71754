package dev.quintai.core.contract;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What callers rely on in an {@link LlmParser} and its streams:
 *
 * <ul>
 *   <li>{@code detect} looks at the body without moving the buffer, and never answers null;
 *   <li>a stream takes all bytes it is fed, keeps no buffer, and tells the same for every split of
 *       the same bytes;
 *   <li>no bytes make it throw: what it cannot read is a finding, and the counts agree;
 *   <li>calls and messages that begin are told to end, at the latest by {@code end}, which may be
 *       called again;
 *   <li>{@code settled} never falls and never passes {@code position};
 *   <li>under the smallest limits it cuts and counts, and goes on.
 * </ul>
 */
public final class LlmParserContract {
  private static final long SEED = 20_261_121L;
  private static final int[] SPLITS = {1, 3, 7, 64};
  private static final int MUTATIONS = 40;

  private static final LlmLimits SMALL = new LlmLimits(8, 16, 32, 2, 64);

  /** A body of the parser's format, to be read as it is, cut and damaged. Immutable. */
  public static final class Sample {
    private final LlmHead head;
    private final LlmDirection direction;
    private final byte[] body;

    /**
     * A body.
     *
     * @param head the exchange
     * @param direction which body of it
     * @param body its decompressed bytes
     */
    public Sample(LlmHead head, LlmDirection direction, byte[] body) {
      this.head = Objects.requireNonNull(head, "head");
      this.direction = Objects.requireNonNull(direction, "direction");
      this.body = body.clone();
    }
  }

  private LlmParserContract() {}

  /**
   * Checks an implementation.
   *
   * @param parser the parser
   * @param samples bodies that it reads well; the more of its ways they show, the better
   * @throws AssertionError listing every promise broken
   */
  public static void verify(LlmParser parser, List<Sample> samples) {
    Violations violations = new Violations("The parser " + parser.format());
    String format = parser.format();
    violations.check(format != null && !format.isBlank(), "format() is not blank");
    violations.same(format, parser.format(), "format() never changes");
    List<Sample> all = new ArrayList<>(samples);
    all.addAll(hostile(samples));
    Random random = new Random(SEED);
    for (Sample sample : all) {
      detect(violations, parser, sample);
      read(violations, parser, sample);
    }
    for (Sample sample : samples) {
      for (int i = 0; i < MUTATIONS; i++) {
        read(violations, parser, damaged(sample, random));
      }
    }
    violations.tell();
  }

  private static void detect(Violations violations, LlmParser parser, Sample sample) {
    for (ByteBuffer body : new ByteBuffer[] {ByteBuffer.allocate(0), readOnly(sample.body)}) {
      int position = body.position();
      int limit = body.limit();
      LlmParser.Evidence evidence =
          violations.call("detect() takes any body", () -> parser.detect(sample.head, body));
      violations.check(evidence != null, "detect() is never null");
      violations.check(
          body.position() == position && body.limit() == limit, "detect() leaves the buffer alone");
      violations.same(
          evidence,
          violations.call("detect()", () -> parser.detect(sample.head, body)),
          "detect() answers the same again");
    }
  }

  private static void read(Violations violations, LlmParser parser, Sample sample) {
    List<String> whole =
        transcript(violations, parser, sample, LlmLimits.DEFAULT, sample.body.length);
    for (int split : SPLITS) {
      if (split < sample.body.length) {
        List<String> parts = transcript(violations, parser, sample, LlmLimits.DEFAULT, split);
        difference(violations, sample, whole, parts, split);
      }
    }
    List<String> small = transcript(violations, parser, sample, SMALL, sample.body.length);
    difference(violations, sample, small, transcript(violations, parser, sample, SMALL, 5), 5);
  }

  private static void difference(
      Violations violations, Sample sample, List<String> whole, List<String> parts, int split) {
    if (whole.equals(parts)) {
      return;
    }
    int at = 0;
    while (at < Math.min(whole.size(), parts.size()) && whole.get(at).equals(parts.get(at))) {
      at++;
    }
    violations.same(
        at < whole.size() ? whole.get(at) : "nothing more",
        at < parts.size() ? parts.get(at) : "nothing more",
        "the same events for every split (whole and "
            + split
            + " bytes at a time) of "
            + sample.direction
            + " "
            + beginning(sample.body));
  }

  /** Enough of a body to find it again. */
  private static String beginning(byte[] body) {
    int length = Math.min(60, body.length);
    StringBuilder text = new StringBuilder(body.length + " bytes ");
    for (int i = 0; i < length; i++) {
      int c = body[i] & 0xFF;
      text.append(c >= ' ' && c < 127 ? (char) c : '?');
    }
    return text.toString();
  }

  private static List<String> transcript(
      Violations violations, LlmParser parser, Sample sample, LlmLimits limits, int split) {
    ParserTranscript heard = new ParserTranscript(violations);
    LlmStream stream =
        violations.call("open()", () -> parser.open(sample.head, sample.direction, limits, heard));
    violations.check(stream != null, "open() is never null");
    if (stream == null) {
      return List.of();
    }
    long settled = 0;
    for (int from = 0; from < sample.body.length; from += Math.max(1, split)) {
      int to = Math.min(sample.body.length, from + Math.max(1, split));
      byte[] chunk = Arrays.copyOfRange(sample.body, from, to);
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      violations.run("feed() takes any bytes", () -> stream.feed(buffer));
      violations.check(!buffer.hasRemaining(), "feed() takes all bytes");
      Arrays.fill(chunk, (byte) 'X'); // the buffer is the caller's again
      violations.check(stream.position() == to, "position() counts the bytes taken");
      violations.check(
          stream.settled() >= settled && stream.settled() <= stream.position(),
          "settled() never falls and never passes position()");
      settled = stream.settled();
    }
    violations.run("feed() of nothing", () -> stream.feed(ByteBuffer.allocate(0)));
    violations.run("end()", stream::end);
    heard.over();
    List<String> lines = heard.lines();
    violations.run("end() again", stream::end);
    violations.same(lines, heard.lines(), "end() again tells nothing");
    violations.same(heard.findings(), stream.findings(), "findings() counts what was told");
    violations.check(stream.truncations() >= 0, "truncations() is a count");
    return lines;
  }

  /** A copy with some bytes changed, and cut somewhere. */
  private static Sample damaged(Sample sample, Random random) {
    byte[] bytes = sample.body.clone();
    if (bytes.length > 0) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }
    return new Sample(sample.head, sample.direction, bytes);
  }

  /** Bodies of no format under every head. */
  private static List<Sample> hostile(List<Sample> samples) {
    List<byte[]> bodies = new ArrayList<>();
    for (String text :
        new String[] {
          "",
          " ",
          "null",
          "[]",
          "{",
          "{\"a\":",
          "[".repeat(5_000),
          "{\"a\":".repeat(2_000),
          "data: [DONE]\n\n",
          "data:\n\ndata:\n\n",
          "data: {\n\nevent: x\n\ndata: [1\n\n",
          "\r\n\r\n",
          "\ufeff{}",
          "{\"choices\":[{\"index\":2147483648}]}",
          "{\"content\":[{\"type\":\"tool_use\"}],\"output\":{},\"candidates\":7}",
          "\"" + "x".repeat(20_000),
        }) {
      bodies.add(text.getBytes(StandardCharsets.UTF_8));
    }
    bodies.add(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2, (byte) 0x80});
    bodies.add(new byte[64]);
    byte[] noise = new byte[512];
    new Random(SEED).nextBytes(noise);
    bodies.add(noise);
    List<LlmHead> heads = new ArrayList<>();
    heads.add(LlmHead.of("POST", "https://example.org/", null));
    heads.add(LlmHead.of("", "", ""));
    heads.add(
        LlmHead.of("POST", "https://example.org/v1", "text/plain")
            .withResponse(500, "text/event-stream"));
    samples.stream().limit(4).forEach(sample -> heads.add(sample.head));
    List<Sample> all = new ArrayList<>();
    for (LlmHead head : heads) {
      for (byte[] body : bodies) {
        for (LlmDirection direction : LlmDirection.values()) {
          all.add(new Sample(head, direction, body));
        }
      }
    }
    return all;
  }

  private static ByteBuffer readOnly(byte[] body) {
    return ByteBuffer.wrap(body).asReadOnlyBuffer();
  }
}
