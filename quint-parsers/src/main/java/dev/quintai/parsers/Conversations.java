package dev.quintai.parsers;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmParsers;
import dev.quintai.core.spi.LlmStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads whole exchanges: the blocking convenience on top of the parsers. Immutable and thread-safe.
 */
public final class Conversations {

  private final LlmParsers parsers;
  private final LlmLimits limits;
  private final ContentDecoders decoders;
  private final int chunk;

  private Conversations(LlmParsers parsers, LlmLimits limits, ContentDecoders decoders, int chunk) {
    this.parsers = parsers;
    this.limits = limits;
    this.decoders = decoders;
    this.chunk = chunk;
  }

  /** Reads with all parsers of this module, default limits, and gzip and deflate. */
  public static Conversations standard() {
    return new Conversations(
        StandardParsers.all(), LlmLimits.DEFAULT, ContentDecoders.standard(), 1 << 16);
  }

  /** The same with other parsers. */
  public Conversations withParsers(LlmParsers newParsers) {
    return new Conversations(newParsers, limits, decoders, chunk);
  }

  /** The same with other limits. */
  public Conversations withLimits(LlmLimits newLimits) {
    return new Conversations(parsers, newLimits, decoders, chunk);
  }

  /** The same with other content decoders. */
  public Conversations withDecoders(ContentDecoders newDecoders) {
    return new Conversations(parsers, limits, newDecoders, chunk);
  }

  /**
   * The same, but bodies are handed to the parsers so many bytes at a time. What is read does not
   * depend on it.
   */
  public Conversations withChunk(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a chunk has at least one byte, not " + bytes);
    }
    return new Conversations(parsers, limits, decoders, bytes);
  }

  /**
   * What the exchange says.
   *
   * @throws IOException if a body's content encoding is unknown, damaged, or expands over the limit
   */
  public Conversation parse(LlmExchange exchange) throws IOException {
    LlmHead head = exchange.head();
    ByteBuffer request = decoders.decode(exchange.request(), exchange.requestEncoding());
    ByteBuffer start = request.duplicate();
    start.limit(start.position() + Math.min(start.remaining(), LlmParsers.SNIFF_BYTES));
    Optional<LlmParsers.Choice> choice = parsers.detect(head, start);
    if (choice.isEmpty()) {
      throw new IOException("no parser knows the exchange and none is a fallback");
    }
    return parse(exchange, choice.get().parser(), request);
  }

  /**
   * What the exchange says when read by {@code parser}.
   *
   * @throws IOException if a body's content encoding is unknown, damaged, or expands over the limit
   */
  public Conversation parse(LlmExchange exchange, LlmParser parser) throws IOException {
    return parse(exchange, parser, decoders.decode(exchange.request(), exchange.requestEncoding()));
  }

  private Conversation parse(LlmExchange exchange, LlmParser parser, ByteBuffer request)
      throws IOException {
    ConversationBuilder builder = new ConversationBuilder(limits.maxArguments());
    run(parser, exchange.head(), LlmDirection.REQUEST, request, builder);
    builder.response();
    ByteBuffer response = decoders.decode(exchange.response(), exchange.responseEncoding());
    run(parser, exchange.head(), LlmDirection.RESPONSE, response, builder);
    return builder.build(parser.format(), Providers.of(exchange.head()));
  }

  private void run(
      LlmParser parser, LlmHead head, LlmDirection direction, ByteBuffer body, LlmHandler handler) {
    LlmStream stream = parser.open(head, direction, limits, handler);
    int end = body.limit();
    while (body.position() < end) {
      body.limit(Math.min(end, body.position() + chunk));
      stream.feed(body);
    }
    stream.end();
  }
}
