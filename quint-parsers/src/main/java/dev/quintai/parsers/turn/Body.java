package dev.quintai.parsers.turn;

import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmFraming;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.frame.ArrayFramer;
import dev.quintai.parsers.frame.DocumentFramer;
import dev.quintai.parsers.frame.EventStreamFramer;
import dev.quintai.parsers.frame.FrameSink;
import dev.quintai.parsers.frame.Framer;
import dev.quintai.parsers.frame.LineFramer;
import dev.quintai.parsers.frame.MessageFramer;
import dev.quintai.parsers.frame.SseFramer;
import dev.quintai.parsers.json.JsonFeed;
import dev.quintai.parsers.json.JsonSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One body: finds out how it is framed, and passes each frame's JSON to a {@link Dialect}.
 *
 * <p>The framing follows from the content type and the first byte that is not white space, since
 * servers answer with a JSON error under a streaming content type, and the reverse.
 */
public final class Body implements LlmStream {

  /** Makes the dialect of a body once its framing is known. */
  public interface Opener {

    /** The dialect of a body with that framing. */
    Dialect open(LlmFraming framing, Findings findings);
  }

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final int COPY = 8192;

  private final LlmLimits limits;
  private final LlmHandler handler;
  private final Opener opener;
  private final String contentType;
  private final Frames frames = new Frames();
  private final JsonFeed feed;

  private LlmFraming framing;
  private Framer framer;
  private Dialect dialect;
  private byte[] scratch = new byte[0];
  private long position;
  private long findings;
  private long dialectTruncations;
  private boolean ended;

  /**
   * A body whose framing is found out.
   *
   * @param contentType its media type, or null
   */
  public Body(LlmLimits limits, LlmHandler handler, String contentType, Opener opener) {
    this(limits, handler, contentType, null, opener);
  }

  /** A body with this framing. */
  public Body(
      LlmLimits limits, LlmHandler handler, String contentType, LlmFraming framing, Opener opener) {
    this.limits = limits;
    this.handler = handler;
    this.opener = opener;
    this.contentType = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    this.feed = new JsonFeed(limits.maxDepth(), limits.maxString(), limits.maxArguments());
    if (framing != null) {
      open(framing);
    }
  }

  @Override
  public void feed(ByteBuffer buffer) {
    if (ended) {
      throw new IllegalStateException("the body has ended");
    }
    if (buffer.hasArray()) {
      int from = buffer.arrayOffset() + buffer.position();
      int to = from + buffer.remaining();
      buffer.position(buffer.limit());
      take(buffer.array(), from, to);
      return;
    }
    int piece = framing == LlmFraming.MESSAGES ? buffer.remaining() : COPY;
    while (buffer.hasRemaining()) {
      int count = Math.min(piece, buffer.remaining());
      if (scratch.length < count) {
        scratch = new byte[count];
      }
      buffer.get(scratch, 0, count);
      take(scratch, 0, count);
    }
  }

  private void take(byte[] bytes, int from, int to) {
    int at = from;
    if (framing == null) {
      while (at < to && isBlank(bytes[at])) {
        at++;
      }
      // White space before the first frame says nothing; gateways send it to keep connections open.
      position += at - from;
      if (at == to) {
        return;
      }
      open(choose(bytes[at]));
    }
    framer.feed(bytes, at, to, position);
    position += to - at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private LlmFraming choose(byte first) {
    boolean eventStream = contentType.contains("vnd.amazon.eventstream");
    if (first == '{') {
      return contentType.contains("ndjson")
              || contentType.contains("jsonl")
              || contentType.contains("stream+json")
          ? LlmFraming.NDJSON
          : LlmFraming.JSON;
    }
    if (first == '[') {
      return LlmFraming.JSON_ARRAY;
    }
    if (first == 0 || eventStream) {
      return LlmFraming.EVENT_STREAM;
    }
    boolean sse = contentType.contains("event-stream");
    // The first letters of data, event, id, retry, a comment, and a byte order mark.
    return sse || "deir:\u00EF".indexOf(first & 0xFF) >= 0 ? LlmFraming.SSE : LlmFraming.JSON;
  }

  private void open(LlmFraming chosen) {
    framing = chosen;
    framer =
        switch (chosen) {
          case JSON -> new DocumentFramer(frames);
          case SSE -> new SseFramer(frames, limits.maxFrame());
          case EVENT_STREAM -> new EventStreamFramer(frames, limits.maxFrame());
          case NDJSON -> new LineFramer(frames, limits.maxFrame());
          case JSON_ARRAY -> new ArrayFramer(frames, limits.maxFrame());
          case MESSAGES -> new MessageFramer(frames);
        };
    handler.framing(chosen);
    dialect = opener.open(chosen, frames);
  }

  @Override
  public void end() {
    if (ended) {
      return;
    }
    ended = true;
    if (framer == null) {
      // Without a body the URL and the status still tell something.
      open(LlmFraming.JSON);
    }
    framer.end(position);
    dialect.end();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long settled() {
    return framer == null ? 0 : framer.settled();
  }

  @Override
  public long truncations() {
    return feed.truncations() + dialectTruncations;
  }

  @Override
  public long findings() {
    return findings;
  }

  /** Passes frames on to the dialect. */
  private final class Frames implements FrameSink, Findings {

    private long start;
    private String name = "";
    private boolean exception;
    private boolean documentBegun;
    private boolean unreadable;
    private int done; // bytes of the closing mark that were met
    private long cutsBefore;

    @Override
    public void begin(long frameStart, long frameEnd) {
      start = frameStart;
      name = "";
      exception = false;
      documentBegun = false;
      unreadable = false;
      done = 0;
      handler.frame(frameStart, frameEnd);
    }

    @Override
    public void name(String frameName, boolean isException) {
      name = frameName;
      exception = isException;
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
      if (unreadable || from == to) {
        return;
      }
      int at = from;
      if (framing == LlmFraming.SSE && !documentBegun && (done > 0 || bytes[from] == '[')) {
        at = closingMark(bytes, from, to);
        if (at == to) {
          return; // all of the closing mark so far, or its beginning
        }
        read(DONE, 0, done);
      }
      read(bytes, at, to);
    }

    /**
     * Passes what is part of the closing mark. What stands behind it in its event is not read: a
     * body that is cut there must not say more than the whole, and the provider's own libraries
     * look at the beginning only.
     */
    private int closingMark(byte[] bytes, int from, int to) {
      int at = from;
      while (at < to && done < DONE.length && bytes[at] == DONE[done]) {
        at++;
        done++;
      }
      return done == DONE.length ? to : at;
    }

    private void read(byte[] bytes, int from, int to) {
      if (!documentBegun) {
        documentBegun = true;
        JsonSink document = dialect.document(name, exception);
        cutsBefore = feed.truncations();
        feed.start(document);
      }
      if (!unreadable && !feed.feed(bytes, from, to)) {
        unreadable = true;
        report(LlmFinding.Kind.MALFORMED, feed.failure());
      }
    }

    @Override
    public void end() {
      if (!documentBegun && done == DONE.length) {
        dialect.done();
        return;
      }
      if (!documentBegun && done > 0) {
        read(DONE, 0, done);
      }
      if (!documentBegun) {
        return;
      }
      boolean whole = !unreadable && feed.finish();
      if (!whole && !unreadable) {
        if (feed.failure() != null) {
          report(LlmFinding.Kind.MALFORMED, feed.failure());
        } else if (feed.begun()) {
          report(LlmFinding.Kind.CUT, "a JSON document ends before its end");
        }
      }
      if (feed.truncations() > cutsBefore) {
        report(LlmFinding.Kind.LIMIT, "a value over the limit was cut");
      }
      dialect.frameEnd(whole);
    }

    @Override
    public void report(LlmFinding.Kind kind, String detail) {
      finding(kind, start, detail);
    }

    @Override
    public void limit(String detail) {
      dialectTruncations++;
      report(LlmFinding.Kind.LIMIT, detail);
    }

    @Override
    public void finding(LlmFinding.Kind kind, long offset, String detail) {
      if (kind == LlmFinding.Kind.LIMIT && !documentBegun) {
        dialectTruncations++;
      }
      findings++;
      handler.finding(new LlmFinding(kind, offset, detail));
    }
  }
}
