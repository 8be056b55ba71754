package dev.quintai.parsers.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quintai.parsers.support.JsonDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The feed against Jackson's own blocking parser, at random splits. */
class JsonFeedPropertiesTest {

  /** Builds the tree of what it is told. */
  private static final class Tree extends JsonSink {
    private final List<Object> stack = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private Object result;
    private String name;

    private void value(Object value) {
      if (stack.isEmpty()) {
        result = value;
      } else if (stack.get(stack.size() - 1) instanceof List<?> list) {
        add(list, value);
      } else {
        put((Map<?, ?>) stack.get(stack.size() - 1), name, value);
      }
    }

    @SuppressWarnings("unchecked")
    private static void add(List<?> list, Object value) {
      ((List<Object>) list).add(value);
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<?, ?> map, String name, Object value) {
      ((Map<String, Object>) map).put(name, value);
    }

    @Override
    public JsonSink field(String field) {
      name = field;
      return this;
    }

    @Override
    public JsonSink element() {
      return this;
    }

    @Override
    public void beginObject() {
      names.add(name);
      stack.add(new LinkedHashMap<>());
    }

    @Override
    public void beginArray() {
      names.add(name);
      stack.add(new ArrayList<>());
    }

    private void pop() {
      Object top = stack.remove(stack.size() - 1);
      name = names.remove(names.size() - 1);
      value(top);
    }

    @Override
    public void endObject() {
      pop();
    }

    @Override
    public void endArray() {
      pop();
    }

    @Override
    public void string(JsonText text) {
      value(text.toString());
    }

    @Override
    public void number(long number) {
      value(number);
    }

    @Override
    public void fraction(double number) {
      value(number);
    }

    @Override
    public void bool(boolean bool) {
      value(bool);
    }

    @Override
    public void nothing() {
      value(null);
    }
  }

  private static final class Raw extends JsonSink {
    private String text;

    @Override
    public boolean captures() {
      return true;
    }

    @Override
    public void raw(String raw, boolean cut) {
      text = raw;
    }
  }

  private static JsonFeed feed() {
    return new JsonFeed(100, 1 << 20, 1 << 20);
  }

  private static boolean run(JsonFeed feed, JsonSink root, byte[] json, Random random) {
    feed.start(root);
    int at = 0;
    while (at < json.length) {
      int end = Math.min(json.length, at + 1 + random.nextInt(random.nextBoolean() ? 3 : 50));
      if (!feed.feed(json, at, end)) {
        return false;
      }
      at = end;
    }
    return feed.finish();
  }

  @Property(tries = 400)
  void readsWhatJacksonReads(@ForAll("documents") String json, @ForAll Random random)
      throws IOException {
    JsonFeed feed = feed();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 2; round++) {
      Tree tree = new Tree();
      assertThat(run(feed, tree, bytes, random)).as(feed.failure()).isTrue();
      assertThat(tree.result).isEqualTo(reference(json));
    }
  }

  /** Documents of one skeleton, whole, as the events of a stream come. */
  @Property(tries = 300)
  void readsKnownSkeletons(@ForAll("documents") String json, @ForAll Random random)
      throws IOException {
    JsonFeed feed = feed();
    String document = "{\"n\":-17,\"s\":\"abc\",\"d\":" + json + ",\"want\":[1, {\"x\":\"y\"}]}";
    for (int round = 0; round < 4; round++) {
      String next =
          document
              .replace("-17", Long.toString(random.nextInt(2000) - 1000))
              .replace("abc", "z".repeat(random.nextInt(40)));
      byte[] bytes = next.getBytes(StandardCharsets.UTF_8);
      Tree tree = new Tree();
      feed.start(tree);
      assertThat(feed.feed(bytes, 0, bytes.length)).isTrue();
      assertThat(feed.finish()).isTrue();
      assertThat(tree.result).isEqualTo(reference(next));
      Raw raw = new Raw();
      feed.start(
          new JsonSink() {
            @Override
            public JsonSink field(String name) {
              return name.equals("want") ? raw : null;
            }
          });
      assertThat(feed.feed(bytes, 0, bytes.length) && feed.finish()).isTrue();
      assertThat(raw.text).isEqualTo("[1, {\"x\":\"y\"}]");
      // One wrong byte is refused as before.
      bytes[bytes.length - 1] = ']';
      feed.start(new Tree());
      assertThat(feed.feed(bytes, 0, bytes.length) && feed.finish()).isFalse();
    }
  }

  @Property(tries = 400)
  void acceptsAndRefusesWhatJacksonDoes(@ForAll("documents") String json, @ForAll Random random) {
    byte[] bytes = json.getBytes(StandardCharsets.ISO_8859_1);
    char[] structure = {'{', '}', '[', ']', ',', ':', '1', ' ', 't', '"'};
    for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) structure[random.nextInt(structure.length)];
    }
    String damaged = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean valid;
    try {
      reference(damaged);
      valid = true;
    } catch (IOException e) {
      valid = false;
    }
    // Inside strings the feed is more lenient than Jackson, never less.
    boolean read = run(feed(), new Tree(), damaged.getBytes(StandardCharsets.UTF_8), random);
    if (valid) {
      assertThat(read).isTrue();
    } else if (!damaged.contains("\\")) {
      assertThat(read).as(damaged).isFalse();
    }
  }

  @Property(tries = 200)
  void capturesTheExactBytes(@ForAll("documents") String json, @ForAll Random random) {
    Raw raw = new Raw();
    JsonSink root =
        new JsonSink() {
          @Override
          public JsonSink field(String name) {
            return name.equals("want") ? raw : null;
          }
        };
    String document =
        "{\"a\\\"b\":\""
            + "x".repeat(random.nextInt(30))
            + "\",\"o\":{\"want\":1},\"want\": ["
            + json
            + " ] ,\"z\":[\"y\"]}";
    assertThat(run(feed(), root, document.getBytes(StandardCharsets.UTF_8), random)).isTrue();
    assertThat(raw.text).isEqualTo("[" + json + " ]");
  }

  private static Object reference(String json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      Object value = value(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw new IOException("more");
      }
      return value;
    }
  }

  private static Object value(JsonParser parser, JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("nothing");
    }
    switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          map.put(name, value(parser, parser.nextToken()));
        }
        return map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(value(parser, next));
        }
        return list;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            ? (Object) parser.getDoubleValue()
            : (Object) parser.getLongValue();
      }
      case VALUE_NUMBER_FLOAT -> {
        return parser.getDoubleValue();
      }
      case VALUE_TRUE -> {
        return true;
      }
      case VALUE_FALSE -> {
        return false;
      }
      default -> {
        return null;
      }
    }
  }

  @Provide
  Arbitrary<String> documents() {
    return JsonDocuments.any();
  }
}
