package dev.quintai.daemon.e2e;

import dev.quintai.daemon.events.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a provider's API reads requests and words its answers. */
public interface WireFormat {

  /** The provider's host. */
  String host();

  /** Whether the request asks for a turn of the conversation that the script is about. */
  boolean isTurn(String path, Map<?, ?> request);

  /** How many tool results the request carries. */
  int results(Map<?, ?> request);

  /** The answer as server-sent events; ids of calls begin with {@code prefix}. */
  String stream(String path, Step step, String prefix);

  /** What any other request gets: a document. */
  String other(String path, Map<?, ?> request);

  /** Whether calls bear ids on the wire. */
  boolean hasIds();

  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** The objects in a list field, or none. */
  static List<Map<?, ?>> objects(Object list) {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (list instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> map) {
          objects.add(map);
        }
      }
    }
    return objects;
  }

  static String event(String name, Map<String, Object> data) {
    return (name == null ? "" : "event: " + name + "\n") + "data: " + JsonTree.text(data) + "\n\n";
  }
}
