package dev.quintai.parsers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.quintai.core.event.Arguments;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of a tool call's arguments into {@link Arguments}.
 *
 * <p>Where the whole text is one JSON value within the limits, the value is its tree: maps in wire
 * order (the last of equal names wins, as in the agents' own parsers), whole numbers as {@code
 * Long} where they fit, all others as {@code BigDecimal} with the digits of the wire. Otherwise the
 * value is the text itself. A blank text stands for no arguments and gives an empty map. Immutable
 * and thread-safe; costs one tree.
 */
public final class ArgumentsReader {

  /** Digits of one number; longer ones leave the text as it is. */
  private static final int MAX_NUMBER = 1000;

  private final JsonFactory factory;

  /**
   * A reader.
   *
   * @param maxDepth levels of nesting; deeper text stays text, marked truncated
   */
  public ArgumentsReader(int maxDepth) {
    factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(maxDepth)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxDocumentLength(-1)
                    .maxTokenCount(-1)
                    .build())
            .build();
  }

  /** The arguments that {@code text} stands for; never fails. */
  public Arguments read(String text) {
    if (text.isBlank()) {
      return new Arguments(text, Map.of(), false);
    }
    try (JsonParser parser = factory.createParser(text)) {
      Object value = value(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        return Arguments.ofText(text);
      }
      return new Arguments(text, value, false);
    } catch (StreamConstraintsException e) {
      return new Arguments(text, text, true);
    } catch (IOException | NumberFormatException e) {
      return Arguments.ofText(text); // also an exponent beyond what BigDecimal holds
    }
  }

  /**
   * Reads the value that begins with the parser's current token, for readers of larger documents
   * that hold arguments. Afterwards the current token is the value's last.
   *
   * @throws IOException if the text is not JSON or is over the parser's own limits
   */
  public static Object readValue(JsonParser parser) throws IOException {
    return value(parser, parser.currentToken());
  }

  private static Object value(JsonParser parser, JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("no value");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          object.put(name, value(parser, parser.nextToken()));
        }
        yield Collections.unmodifiableMap(object);
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        JsonToken next = parser.nextToken();
        while (next != JsonToken.END_ARRAY) {
          array.add(value(parser, next));
          next = parser.nextToken();
        }
        yield Collections.unmodifiableList(array);
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("not a value");
    };
  }

  private static Object integer(JsonParser parser) throws IOException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      BigInteger big = parser.getBigIntegerValue();
      return new BigDecimal(big);
    }
    return parser.getLongValue();
  }
}
