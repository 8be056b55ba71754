package dev.quintai.core.spi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A fixed set of parsers and the choice among them: by path, then host, then the beginning of the
 * request's body, then fallback; within one kind of evidence the earlier parser wins. Immutable and
 * thread-safe.
 */
public final class LlmParsers {

  /** How many bytes of a request body are enough for {@link #detect}. */
  public static final int SNIFF_BYTES = 4096;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final List<LlmParser> parsers;

  private LlmParsers(List<LlmParser> parsers) {
    this.parsers = List.copyOf(parsers);
  }

  /** These parsers, in this order. */
  public static LlmParsers of(List<? extends LlmParser> parsers) {
    return new LlmParsers(new ArrayList<>(parsers));
  }

  /** The parsers that {@link ServiceLoader} finds. */
  public static LlmParsers discover() {
    List<LlmParser> found = new ArrayList<>();
    ServiceLoader.load(LlmParser.class, LlmParsers.class.getClassLoader()).forEach(found::add);
    return new LlmParsers(found);
  }

  /**
   * A parser and why it was chosen.
   *
   * @param parser the parser
   * @param evidence never {@code NONE}
   */
  public record Choice(LlmParser parser, LlmParser.Evidence evidence) {}

  /** The parser of a format's id. A caller that knows the format needs no detection. */
  public Optional<LlmParser> named(String format) {
    return parsers.stream().filter(parser -> parser.format().equals(format)).findFirst();
  }

  /** The choice by the head alone. */
  public Optional<Choice> detect(LlmHead head) {
    return detect(head, NOTHING);
  }

  /**
   * The choice by head and body.
   *
   * @param body the beginning of the decompressed request body; {@link #SNIFF_BYTES} are enough
   */
  public Optional<Choice> detect(LlmHead head, ByteBuffer body) {
    Choice best = null;
    for (LlmParser parser : parsers) {
      LlmParser.Evidence evidence = parser.detect(head, body);
      if (evidence == LlmParser.Evidence.PATH) {
        return Optional.of(new Choice(parser, evidence)); // nothing is stronger
      }
      if (evidence != LlmParser.Evidence.NONE
          && (best == null || evidence.compareTo(best.evidence()) < 0)) {
        best = new Choice(parser, evidence);
      }
    }
    return Optional.ofNullable(best);
  }

  /** The parsers, in order. */
  public List<LlmParser> all() {
    return parsers;
  }
}
