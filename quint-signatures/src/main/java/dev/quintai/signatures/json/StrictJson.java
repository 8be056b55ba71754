package dev.quintai.signatures.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one I-JSON value (RFC 7493) into an immutable tree of {@link Map} (in wire order), {@link
 * List}, {@link String}, {@link Long} (a number without fraction and exponent), {@link Double},
 * {@link Boolean} and null.
 *
 * <p>What two readers could understand differently is refused, because the tree is what gets
 * verified: duplicate names, lone surrogates, numbers that overflow a double, integers that a
 * double cannot hold, text after the value. Thread-safe.
 */
public final class StrictJson {

  /** The largest integer that every reader of I-JSON understands: 2^53 - 1. */
  public static final long MAX_INTEGER = (1L << 53) - 1;

  /** Most of a flow is zero. */
  private static final Double ZERO = 0.0;

  private final JsonLimits limits;
  private final boolean canonical;
  private final JsonFactory factory;

  /** A reader with the given limits. */
  public StrictJson(JsonLimits limits) {
    this(limits, false);
  }

  /**
   * A reader of what {@link CanonicalJson} has written. The canonical form writes the double 1e17
   * like an integer: here integers beyond 2^53-1 are the doubles that they were.
   */
  public static StrictJson ofCanonical(JsonLimits limits) {
    return new StrictJson(limits, true);
  }

  private StrictJson(JsonLimits limits, boolean canonical) {
    this.limits = limits;
    this.canonical = canonical;
    // The reader's own limits stand one above ours, so that ours give the message.
    this.factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxDepth() + 1)
                    .maxStringLength(2 * limits.maxString() + 2)
                    .maxNameLength(2 * limits.maxString() + 2)
                    .maxNumberLength(limits.maxString() + 1)
                    .build())
            .build();
  }

  /**
   * Reads one value.
   *
   * @throws JsonProblem when it is no I-JSON or exceeds a limit; the message names line and column
   */
  public Object read(String text) throws JsonProblem {
    if (text.length() > limits.maxText()) {
      throw new JsonProblem(
          true, "the text has " + text.length() + " characters, at most " + limits.maxText());
    }
    try (JsonParser parser = factory.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new JsonProblem(false, "the text is empty");
      }
      Object value = value(parser, 0);
      if (parser.nextToken() != null) {
        throw new JsonProblem(false, "text after the value" + at(parser));
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw new JsonProblem(true, message(e));
    } catch (JsonProcessingException e) {
      throw new JsonProblem(false, message(e));
    } catch (IOException e) {
      throw new JsonProblem(false, "unreadable: " + e.getMessage());
    }
  }

  private Object value(JsonParser parser, int depth) throws IOException, JsonProblem {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, deeper(parser, depth));
      case START_ARRAY -> array(parser, deeper(parser, depth));
      case VALUE_STRING -> string(parser, parser.getText());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> number(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new JsonProblem(false, "a value was expected" + at(parser));
    };
  }

  private int deeper(JsonParser parser, int depth) throws JsonProblem {
    if (depth + 1 > limits.maxDepth()) {
      throw new JsonProblem(true, "nested deeper than " + limits.maxDepth() + at(parser));
    }
    return depth + 1;
  }

  private Map<String, Object> object(JsonParser parser, int depth) throws IOException, JsonProblem {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = string(parser, parser.currentName());
      if (fields.containsKey(name)) {
        throw new JsonProblem(
            false, "the name \"" + Clean.text(name) + "\" stands twice" + at(parser));
      }
      parser.nextToken();
      fields.put(name, value(parser, depth));
    }
    return Collections.unmodifiableMap(fields);
  }

  private List<Object> array(JsonParser parser, int depth) throws IOException, JsonProblem {
    List<Object> values = new ArrayList<>(12);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (values.size() == limits.maxArray()) {
        throw new JsonProblem(
            true, "an array of more than " + limits.maxArray() + " elements" + at(parser));
      }
      values.add(value(parser, depth));
    }
    return Collections.unmodifiableList(values);
  }

  private String string(JsonParser parser, String text) throws JsonProblem {
    int characters = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new JsonProblem(false, "a lone surrogate" + at(parser));
        }
        i++;
      }
      characters++;
    }
    if (characters > limits.maxString()) {
      throw new JsonProblem(
          true, "a string of more than " + limits.maxString() + " characters" + at(parser));
    }
    return text;
  }

  private Number integer(JsonParser parser) throws IOException, JsonProblem {
    checkLength(parser);
    // 17 characters hold every such integer and its sign; what is longer is beyond, not parsed.
    if (parser.getTextLength() > 17 || Math.abs(parser.getLongValue()) > MAX_INTEGER) {
      if (canonical) {
        return number(parser);
      }
      throw new JsonProblem(true, "an integer beyond 2^53-1" + at(parser));
    }
    return parser.getLongValue();
  }

  private Double number(JsonParser parser) throws IOException, JsonProblem {
    checkLength(parser);
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw new JsonProblem(false, "a number that overflows a double" + at(parser));
    }
    return Double.doubleToRawLongBits(value) == 0 ? ZERO : value;
  }

  private void checkLength(JsonParser parser) throws IOException, JsonProblem {
    if (parser.getTextLength() > limits.maxString()) {
      throw new JsonProblem(
          true, "a number of more than " + limits.maxString() + " characters" + at(parser));
    }
  }

  private static String at(JsonParser parser) {
    var location = parser.currentLocation();
    return " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String message(JsonProcessingException e) {
    var location = e.getLocation();
    String where =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    return Clean.text(e.getOriginalMessage()) + where;
  }
}
