package dev.quintai.parsers.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Reads one document twice, once with the walk and once with Jackson alone, and compares all that
 * the sinks are told. The sinks want some values, pass over some, capture some, and take the
 * strings of some in pieces, by the names of the fields.
 */
public final class WalkAndJackson {

  private WalkAndJackson() {}

  /** Whether the walk read the document to its end by itself. */
  public static boolean compare(byte[] document, Random splits, int maxString) {
    JsonFeed walk = new JsonFeed(40, maxString, 2 * maxString);
    JsonFeed jackson = JsonFeed.ofJackson(40, maxString, 2 * maxString);
    boolean walked = false;
    // Twice, for what is kept from one document to the next.
    for (int round = 0; round < 2; round++) {
      String expected = read(jackson, document, document.length);
      int largest = 1 + splits.nextInt(round == 0 ? 4 : 100);
      String pieces = read(walk, document, splits, largest);
      walked = !walk.handedOver();
      assertThat(pieces)
          .as("%s in pieces up to %d", new String(document, StandardCharsets.ISO_8859_1), largest)
          .isEqualTo(expected);
      assertThat(read(walk, document, document.length)).as("whole").isEqualTo(expected);
      assertThat(read(jackson, document, splits, largest))
          .as("by Jackson, in pieces up to %d", largest)
          .isEqualTo(expected);
      assertThat(walk.truncations()).isEqualTo(jackson.truncations());
    }
    return walked;
  }

  private static String read(JsonFeed feed, byte[] document, int chunk) {
    Trace trace = new Trace();
    feed.start(trace.sink);
    feed.feed(document, 0, Math.min(chunk, document.length));
    return end(feed, trace);
  }

  private static String read(JsonFeed feed, byte[] document, Random splits, int largest) {
    Trace trace = new Trace();
    feed.start(trace.sink);
    int at = 0;
    while (at < document.length) {
      int end = Math.min(document.length, at + 1 + splits.nextInt(largest));
      // Each piece in an array of its own, with other bytes around it.
      byte[] piece = new byte[end - at + 20];
      splits.nextBytes(piece);
      System.arraycopy(document, at, piece, 7, end - at);
      feed.feed(piece, 7, 7 + end - at);
      at = end;
    }
    return end(feed, trace);
  }

  private static String end(JsonFeed feed, Trace trace) {
    boolean begun = feed.begun();
    boolean whole = feed.finish();
    String how = feed.failure() == null ? " begun " + begun : " failed: " + feed.failure();
    return trace.text + how + (whole ? " whole" : "");
  }

  /** Writes down everything. */
  private static final class Trace {
    private final StringBuilder text = new StringBuilder();
    private final JsonSink sink = new Sink(false, false);

    private final class Sink extends JsonSink {
      private final boolean captures;
      private final boolean pieces;

      Sink(boolean captures, boolean pieces) {
        this.captures = captures;
        this.pieces = pieces;
      }

      @Override
      public JsonSink field(String name) {
        text.append(" .").append(name);
        return switch (Math.floorMod(name.hashCode(), 7)) {
          case 0 -> null;
          case 1 -> new Sink(true, false);
          case 2 -> new Sink(false, true);
          default -> sink;
        };
      }

      @Override
      public JsonSink element() {
        text.append(" -");
        return this;
      }

      @Override
      public boolean captures() {
        return captures;
      }

      @Override
      public boolean inPieces() {
        return pieces;
      }

      @Override
      public void piece(byte[] bytes, int from, int to, boolean last) {
        text.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        text.append(last ? "|" : "");
      }

      @Override
      public void beginObject() {
        text.append(" {");
      }

      @Override
      public void endObject() {
        text.append(" }");
      }

      @Override
      public void beginArray() {
        text.append(" [");
      }

      @Override
      public void endArray() {
        text.append(" ]");
      }

      @Override
      public void string(JsonText value) {
        text.append(" \"").append(value.toString()).append('"').append(value.cut());
        StringBuilder again = new StringBuilder();
        value.appendTo(again);
        assertThat(again.toString()).isEqualTo(value.toString());
        assertThat(value.length()).isEqualTo(again.length());
      }

      @Override
      public void number(long value) {
        text.append(" #").append(value);
      }

      @Override
      public void fraction(double value) {
        text.append(" ~").append(value);
      }

      @Override
      public void bool(boolean value) {
        text.append(' ').append(value);
      }

      @Override
      public void nothing() {
        text.append(" null");
      }

      @Override
      public void raw(String raw, boolean cut) {
        text.append(" raw ").append(raw).append(cut);
      }
    }
  }
}
