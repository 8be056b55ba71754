package dev.quintai.parsers.json;

/**
 * Drives a tree of {@link JsonSink}s from bytes that come in pieces.
 *
 * <p>Plain JSON is walked ({@link JsonWalk}); where a document is not plain, Jackson's non-blocking
 * parser reads the rest of it ({@link JsonTokens}). Which of them reads makes no difference to the
 * sinks, and a string that nobody asked for costs one scan. A document that is like the one before
 * it but for one string is not even walked ({@link JsonShape}).
 *
 * <p>Memory: one string and one captured value within their limits, and, once a document was not
 * plain, Jackson's own buffers, which see no long text. Not thread-safe.
 */
public final class JsonFeed {

  private final int maxDepth;
  private final JsonValues values;
  private final JsonWalk walk;
  private final boolean walks;
  private final JsonShape shape = new JsonShape();
  private JsonTokens tokens;
  private boolean walking;
  private boolean fresh;

  /**
   * A feed with no document begun.
   *
   * @param maxDepth levels of nesting; deeper is malformed
   * @param maxString bytes kept of one string
   * @param maxCapture bytes kept of one captured value
   */
  public JsonFeed(int maxDepth, int maxString, int maxCapture) {
    this(maxDepth, maxString, maxCapture, true);
  }

  private JsonFeed(int maxDepth, int maxString, int maxCapture, boolean walks) {
    this.maxDepth = maxDepth;
    Names names = new Names();
    this.values = new JsonValues(maxDepth, maxString, maxCapture, names);
    this.walk = new JsonWalk(values, maxDepth, names, shape);
    this.walks = walks;
  }

  /** A feed that Jackson reads all of: what the walk is held against. */
  static JsonFeed ofJackson(int maxDepth, int maxString, int maxCapture) {
    return new JsonFeed(maxDepth, maxString, maxCapture, false);
  }

  /** Begins a document for {@code newRoot}; what was not complete of the last one is dropped. */
  public void start(JsonSink newRoot) {
    if (tokens != null) {
      tokens.start();
    }
    values.start(newRoot);
    walk.start();
    walking = walks;
    fresh = walks;
    if (!walks) {
      handOver();
    }
  }

  /** Whether the document is complete. */
  public boolean complete() {
    return values.rootDone() && values.failure() == null;
  }

  /** Whether anything but white space was read since {@link #start}. */
  public boolean begun() {
    return values.rootDone() || values.inside() || (walking ? walk.begun() : tokens.begun());
  }

  /** Whether the document has been handed to Jackson. */
  boolean handedOver() {
    return !walking;
  }

  /** What is wrong with the document, or null. */
  public String failure() {
    return values.failure();
  }

  /** How many strings and captured values were cut since the feed was made. */
  public long truncations() {
    return values.truncations();
  }

  /**
   * Takes the next bytes.
   *
   * @return false when the document is malformed; the rest of it is not read then
   */
  public boolean feed(byte[] bytes, int from, int to) {
    if (values.failure() != null) {
      return false;
    }
    values.beginPiece(from);
    int at = from;
    if (fresh && from < to) {
      fresh = false;
      at = repeated(bytes, from, to);
    }
    if (walking && at < to) {
      at = walk.walk(bytes, at, to);
      if (walk.unusual()) {
        handOver();
      }
    }
    if (!walking) {
      tokens.feed(bytes, at, to);
    }
    if (values.failure() != null) {
      return false;
    }
    if (shape.recording()) {
      shape.learn(values.root(), bytes);
    }
    values.endPiece(bytes, to);
    return true;
  }

  /** Passes a document that is like the one before; gives where to read on. */
  private int repeated(byte[] bytes, int from, int to) {
    int end = shape.match(values.root(), bytes, from, to, values.maxString());
    if (end < 0) {
      shape.record(from);
      return from;
    }
    walk.passDocument();
    shape.tellNumbers(bytes);
    values.repeat(shape.next(), bytes, shape.stringFrom(), shape.stringTo());
    return end;
  }

  private void handOver() {
    walking = false;
    shape.giveUp();
    if (tokens == null) {
      tokens = new JsonTokens(values, maxDepth);
    }
    tokens.startBehind(walk.prefix());
    byte[] held = walk.held();
    tokens.feed(held, 0, held.length);
  }

  /** The document's bytes are over: a number or literal at its root ends here. */
  public boolean finish() {
    if (walking && values.failure() == null) {
      walk.finish();
      if (walk.unusual()) {
        handOver();
      }
    }
    if (!walking) {
      tokens.finish();
    }
    return complete();
  }
}
