package dev.quintai.core.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The arguments of a tool call: the text of the wire, and its JSON value where it is JSON.
 *
 * <p>The value is a tree of {@link Map} (in wire order), {@link List}, {@link String}, {@link
 * Long}, {@link java.math.BigDecimal}, {@link Boolean} and null, made and bounded by whoever makes
 * the event; core parses no JSON. Where the text is not JSON (custom tools take free text), the
 * value is the text itself. Immutable: maps and lists must not be changed by the maker afterwards.
 *
 * @param text the text of the wire, whole
 * @param value the tree, or the text where it is not JSON
 * @param truncated whether the maker cut the value at its limits
 */
public record Arguments(String text, Object value, boolean truncated) {

  /** An empty object. */
  public static final Arguments EMPTY = new Arguments("{}", Map.of(), false);

  public Arguments {
    Objects.requireNonNull(text, "text");
  }

  /** Free text that is not JSON. */
  public static Arguments ofText(String text) {
    return new Arguments(text, text, false);
  }

  /**
   * An object, from alternating names and values, for callers that declare intents by hand. The
   * text is the caller's to give where the exact bytes matter; here it is left empty.
   */
  public static Arguments of(Map<String, ?> object) {
    return new Arguments("", Collections.unmodifiableMap(new LinkedHashMap<>(object)), false);
  }

  /** The object's fields in wire order, or an empty map when the value is no object. */
  @SuppressWarnings("unchecked") // keys of a JSON object are strings by the contract above
  public Map<String, Object> object() {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** The field as text, or null when it is absent or no string. */
  public String string(String name) {
    return object().get(name) instanceof String text ? text : null;
  }

  /** The first of the named fields that is a string, or null. */
  public String firstString(String... names) {
    for (String name : names) {
      String text = string(name);
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  /** The field as a list, or an empty one when it is absent or no array. */
  public List<?> list(String name) {
    return object().get(name) instanceof List<?> list ? list : List.of();
  }
}
