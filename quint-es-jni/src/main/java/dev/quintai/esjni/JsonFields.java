package dev.quintai.esjni;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object of a sensor, with fields that name themselves when they are not what they should
 * be. Numbers may be written as strings, as protobuf's JSON and osquery write them.
 */
final class JsonFields {

  /** How deep objects may be nested. */
  static final int MAX_DEPTH = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(SensorStream.MAX_LINE)
                  .maxNumberLength(100)
                  .build())
          .build();

  private final String path;
  private final Map<String, Object> values;

  private JsonFields(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /** Reads one object that must fill the whole line. */
  static JsonFields parse(byte[] line, int length) throws BadLineException {
    try (JsonParser in = FACTORY.createParser(line, 0, length)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new BadLineException("a JSON object was expected");
      }
      Map<String, Object> values = object(in);
      if (in.nextToken() != null) {
        throw new BadLineException("the end of the line was expected after the object");
      }
      return new JsonFields("", values);
    } catch (JsonProcessingException e) {
      // The location only: the message may quote what a program was given as an argument.
      throw new BadLineException(
          "valid JSON was expected at column "
              + (e.getLocation() == null ? 1 : e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new BadLineException("valid JSON was expected");
    }
  }

  private static Map<String, Object> object(JsonParser in) throws IOException {
    Map<String, Object> values = new HashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      values.put(name, value(in));
    }
    return values;
  }

  private static Object value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> items(in);
      case VALUE_TRUE, VALUE_FALSE -> in.getBooleanValue();
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT ->
          in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? in.getText()
              : (Object) in.getLongValue();
      default -> in.getText(); // a string, or a fraction: none of our fields is one
    };
  }

  private static List<Object> items(JsonParser in) throws IOException {
    List<Object> items = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(in));
    }
    return items;
  }

  /** The full name of a field. */
  String where(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  /** An object, which must be there. */
  JsonFields object(String name) throws BadLineException {
    JsonFields found = optional(name);
    if (found == null) {
      throw new BadLineException(where(name), "an object");
    }
    return found;
  }

  /** An object, or null where there is none. */
  JsonFields optional(String name) throws BadLineException {
    Object value = values.get(name);
    return value == null ? null : child(where(name), value);
  }

  @SuppressWarnings("unchecked") // only object() makes maps
  private static JsonFields child(String path, Object value) throws BadLineException {
    if (!(value instanceof Map)) {
      throw new BadLineException(path, "an object");
    }
    return new JsonFields(path, (Map<String, Object>) value);
  }

  /** The objects of an array, which must be there. */
  List<JsonFields> objects(String name) throws BadLineException {
    List<JsonFields> found = new ArrayList<>();
    List<?> items = array(name);
    for (int i = 0; i < items.size(); i++) {
      found.add(child(where(name) + "[" + i + "]", items.get(i)));
    }
    return found;
  }

  private List<?> array(String name) throws BadLineException {
    if (values.get(name) instanceof List<?> items) {
      return items;
    }
    throw new BadLineException(where(name), "an array");
  }

  /** The strings of an array; none where the field is absent. */
  List<String> texts(String name) throws BadLineException {
    List<String> found = new ArrayList<>();
    if (has(name)) {
      for (Object item : array(name)) {
        if (!(item instanceof String text)) {
          throw new BadLineException(where(name), "an array of strings");
        }
        found.add(text);
      }
    }
    return found;
  }

  /** The strings of an array that is the text of a field. */
  List<String> nestedTexts(String name, String text) throws BadLineException {
    byte[] line = ("{\"a\":" + text + "}").getBytes(StandardCharsets.UTF_8);
    try {
      return parse(line, line.length).texts("a");
    } catch (BadLineException e) {
      throw new BadLineException(where(name), "the text of a JSON array of strings");
    }
  }

  /** The item of an array of numbers. */
  int item(String name, int index) throws BadLineException {
    List<?> items = array(name);
    if (index < items.size() && items.get(index) instanceof Long number) {
      return narrow(name, number);
    }
    throw new BadLineException(where(name) + "[" + index + "]", "a number");
  }

  boolean isArray(String name) {
    return values.get(name) instanceof List;
  }

  /** A string that is not empty. */
  String text(String name) throws BadLineException {
    String found = text(name, null);
    if (found == null) {
      throw new BadLineException(where(name), "a string that is not empty");
    }
    return found;
  }

  /** A string, or another where it is absent or empty. */
  String text(String name, String otherwise) throws BadLineException {
    Object value = values.get(name);
    if (value == null || "".equals(value)) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw new BadLineException(where(name), "a string");
  }

  /** A whole number. */
  long number(String name) throws BadLineException {
    Object value = values.get(name);
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof String text) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new BadLineException(where(name), "a whole number of 64 bits");
      }
    }
    throw new BadLineException(where(name), "a whole number");
  }

  /** A whole number, or another where it is absent or an empty string. */
  long number(String name, long otherwise) throws BadLineException {
    return has(name) && !"".equals(values.get(name)) ? number(name) : otherwise;
  }

  /** A whole number of 32 bits. */
  int integer(String name) throws BadLineException {
    return narrow(name, number(name));
  }

  int integer(String name, int otherwise) throws BadLineException {
    return narrow(name, number(name, otherwise));
  }

  /** A process id. */
  int pid(String name) throws BadLineException {
    int pid = integer(name);
    if (pid < 0) {
      throw new BadLineException(where(name), "a process id");
    }
    return pid;
  }

  private int narrow(String name, long number) throws BadLineException {
    if (number < Integer.MIN_VALUE || number > 0xFFFF_FFFFL) {
      throw new BadLineException(where(name), "a whole number of 32 bits");
    }
    return (int) number;
  }

  boolean flag(String name) throws BadLineException {
    Object value = values.get(name);
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new BadLineException(where(name), "true or false");
  }

  /** An RFC 3339 time, in nanoseconds since the Unix epoch. */
  long time(String name) throws BadLineException {
    return SensorTime.nanos(where(name), text(name));
  }

  /** An RFC 3339 time in whole milliseconds, or a value that says it is unknown. */
  long startMs(String name, long otherwise) throws BadLineException {
    return has(name) ? Math.floorDiv(time(name), 1_000_000L) : otherwise;
  }
}
