package dev.quintai.parsers.bedrock;

import dev.quintai.core.spi.LlmLimits;
import dev.quintai.parsers.json.JsonFeed;
import dev.quintai.parsers.json.JsonSink;
import dev.quintai.parsers.json.JsonText;
import dev.quintai.parsers.json.StringField;
import dev.quintai.parsers.turn.Dialect;
import dev.quintai.parsers.turn.ResponseEvents;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The event stream of Bedrock's InvokeModelWithResponseStream: each {@code chunk} event holds a
 * JSON document of the model's own dialect as base64 in {@code bytes}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ResponseStream.html">
 *     ResponseStream</a>
 */
public final class InvokeStream implements Dialect {

  private final Dialect inner;
  private final ResponseEvents events;
  private final JsonFeed feed;
  private final StringField message = new StringField();
  private String exceptionName;

  /** Reads the chunks with {@code inner}. */
  public InvokeStream(Dialect inner, ResponseEvents events, LlmLimits limits) {
    this.inner = inner;
    this.events = events;
    this.feed = new JsonFeed(limits.maxDepth(), limits.maxString(), limits.maxArguments());
  }

  @Override
  public JsonSink document(String name, boolean exception) {
    exceptionName = exception ? name : null;
    message.reset();
    return exception ? problem : chunk;
  }

  @Override
  public void frameEnd(boolean whole) {
    if (exceptionName != null) {
      events.error(exceptionName, message.get());
    }
  }

  @Override
  public void end() {
    inner.end();
  }

  private final JsonSink chunk =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equals("bytes") ? bytes : null;
        }
      };

  private final JsonSink bytes =
      new JsonSink() {
        @Override
        public void string(JsonText text) {
          if (text.cut()) {
            events.malformed("the bytes of a chunk are over the limit");
            return;
          }
          byte[] document;
          try {
            document =
                Base64.getDecoder().decode(text.toString().getBytes(StandardCharsets.US_ASCII));
          } catch (IllegalArgumentException e) {
            events.malformed("the bytes of a chunk are not base64");
            return;
          }
          feed.start(inner.document("", false));
          boolean whole = feed.feed(document, 0, document.length) && feed.finish();
          if (!whole) {
            events.malformed("the bytes of a chunk are not a JSON document");
          }
          inner.frameEnd(whole);
        }
      };

  private final JsonSink problem =
      new JsonSink() {
        @Override
        public JsonSink field(String name) {
          return name.equalsIgnoreCase("message") ? message : null;
        }
      };
}
