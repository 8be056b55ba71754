package dev.quintai.parsers.gemini;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts together arguments that arrive as values at JSON paths ({@code partialArgs} of Vertex AI).
 * Read of RFC 9535 are the paths that name one place: {@code $.a.b[0]['c']}. Strings at one path
 * are joined while the wire says that the value goes on.
 *
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling">
 *     Function calling on Vertex AI</a>
 */
final class PartialArguments {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int MAX_INDEX = 10_000;
  private static final int MAX_STEPS = 64;
  private static final long NOTHING = "null,".length();

  /** What JSON writes around a name or a place, beside what its path has: {@code {"":},}. */
  private static final long STEP = 6;

  private final int limit;
  private Map<String, Object> root = new LinkedHashMap<>();
  private String openPath;
  private long size;
  private boolean cut;

  PartialArguments(int limit) {
    this.limit = limit;
  }

  /** Whether parts were refused: over the limit, or at a path that names no one place. */
  boolean cut() {
    return cut;
  }

  /** Marks that parts are missing. */
  void markCut() {
    cut = true;
  }

  /** Puts a value at a path. */
  void put(String path, Object value, boolean goesOn) {
    List<Object> steps = steps(path);
    if (steps == null || steps.isEmpty()) {
      cut = true;
      return;
    }
    boolean joined = path.equals(openPath) && value instanceof String;
    size += written(String.valueOf(value));
    size += joined ? 0 : written(path) + STEP * steps.size();
    if (size > limit) {
      cut = true;
      return;
    }
    openPath = goesOn ? path : null;
    Object place = root;
    for (int i = 0; i < steps.size(); i++) {
      boolean last = i == steps.size() - 1;
      Object next = last ? null : steps.get(i + 1) instanceof Integer ? List.of() : Map.of();
      place = step(place, steps.get(i), last, next, value, joined);
      if (place == null && !last) {
        cut = true;
        return;
      }
    }
  }

  /** Characters of a text in JSON: an escape may take six for one. */
  private static int written(String text) {
    return JsonStringEncoder.getInstance().quoteAsString(text).length;
  }

  @SuppressWarnings("unchecked") // the tree is made here and holds nothing else
  private Object step(
      Object place, Object step, boolean last, Object next, Object value, boolean joined) {
    if (place instanceof Map && step instanceof String name) {
      Map<String, Object> map = (Map<String, Object>) place;
      Object old = map.get(name);
      map.put(name, last ? value(old, value, joined) : child(old, next));
      return map.get(name);
    }
    if (place instanceof List && step instanceof Integer index && index < MAX_INDEX) {
      List<Object> list = (List<Object>) place;
      // What stands in a gap costs as much as it would on the wire.
      size += Math.max(0, index - list.size()) * NOTHING;
      if (size > limit) {
        cut = true;
        return null;
      }
      while (list.size() <= index) {
        list.add(null);
      }
      Object old = list.get(index);
      list.set(index, last ? value(old, value, joined) : child(old, next));
      return list.get(index);
    }
    return null;
  }

  private static Object value(Object old, Object value, boolean joined) {
    if (value instanceof String text) {
      StringBuilder builder = joined && old instanceof StringBuilder b ? b : new StringBuilder();
      return builder.append(text);
    }
    return value;
  }

  private static Object child(Object old, Object wanted) {
    if (wanted instanceof List) {
      return old instanceof List ? old : new ArrayList<>();
    }
    return old instanceof Map ? old : new LinkedHashMap<String, Object>();
  }

  /** The steps of a path, names and indexes; null when it names no one place. */
  static List<Object> steps(String path) {
    List<Object> steps = new ArrayList<>();
    int at = path.startsWith("$") ? 1 : 0;
    while (at < path.length()) {
      if (steps.size() == MAX_STEPS) {
        return null;
      }
      char c = path.charAt(at);
      if (c == '[') {
        int end = path.indexOf(']', at);
        if (end < 0) {
          return null;
        }
        String inside = path.substring(at + 1, end);
        at = end + 1;
        if (inside.length() >= 2 && (inside.charAt(0) == '\'' || inside.charAt(0) == '"')) {
          steps.add(inside.substring(1, inside.length() - 1));
        } else if (inside.matches("[0-9]{1,6}")) {
          steps.add(Integer.valueOf(inside));
        } else {
          return null;
        }
        continue;
      }
      at += c == '.' ? 1 : 0;
      int end = at;
      while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
        end++;
      }
      if (end == at) {
        return null;
      }
      steps.add(path.substring(at, end));
      at = end;
    }
    return steps;
  }

  /** The arguments as JSON. */
  String json() {
    return json(root);
  }

  /** An object as JSON. */
  static String json(Map<String, Object> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(generator, object);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter does no I/O
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeFieldName((String) entry.getKey());
        write(generator, entry.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object each : list) {
        write(generator, each);
      }
      generator.writeEndArray();
    } else if (value instanceof Number number) {
      generator.writeNumber(number.toString());
    } else if (value instanceof Boolean bool) {
      generator.writeBoolean(bool);
    } else if (value == null) {
      generator.writeNull();
    } else {
      generator.writeString(value.toString());
    }
  }
}
