package dev.quintai.core.capability;

import dev.quintai.core.event.Arguments;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The files and hosts that the arguments of a tool name. Values of fields that carry content are
 * not looked at: a text that mentions a path does not open it.
 */
final class ArgumentTargets {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_VALUES = 128;

  private static final Set<String> CONTENT =
      Set.of(
          "content",
          "contents",
          "text",
          "body",
          "message",
          "new_string",
          "newstring",
          "old_string",
          "oldstring",
          "new_str",
          "old_str",
          "newtext",
          "oldtext",
          "file_text",
          "description",
          "instruction",
          "instructions",
          "thought",
          "reason",
          "title",
          "subject",
          "comment",
          "code",
          "patch",
          "diff",
          "data",
          "query",
          "pattern",
          "replacement",
          "todos",
          "summary");

  /** Parts of the names of fields that say where to go; a link elsewhere is content. */
  private static final Set<String> ADDRESSES =
      Set.of("url", "uri", "host", "domain", "endpoint", "website", "webpage", "remote", "server");

  private final Places places;
  private Target target = Target.NONE;
  private int values;

  private ArgumentTargets(Places places) {
    this.places = places;
  }

  /** The gravest target and the first host. */
  static Target of(Arguments arguments, Places places) {
    ArgumentTargets found = new ArgumentTargets(places);
    for (Map.Entry<String, Object> field : arguments.object().entrySet()) {
      found.look(field.getKey(), field.getValue(), 0);
    }
    return found.target;
  }

  private void look(String name, Object value, int depth) {
    if (values >= MAX_VALUES || depth > MAX_DEPTH) {
      return;
    }
    if (value instanceof String text) {
      values++;
      string(name.toLowerCase(Locale.ROOT), text);
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        look(name, item, depth + 1);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> field : map.entrySet()) {
        look(String.valueOf(field.getKey()), field.getValue(), depth + 1);
      }
    }
  }

  private void string(String name, String text) {
    if (text.isEmpty() || CONTENT.contains(name)) {
      return;
    }
    if (name.equals("prompt")) {
      host(firstUrlIn(text)); // Gemini CLI's web_fetch takes its URLs in running text
      return;
    }
    if (text.length() > 4_096 || text.indexOf('\n') >= 0) {
      return;
    }
    boolean address = ADDRESSES.stream().anyMatch(name::contains);
    if (text.startsWith("file://")) {
      target = target.and(places.file(text));
    } else if (address) {
      host(HostParser.ofLooseUrl(text));
    } else {
      target = target.and(places.file(text));
    }
  }

  private void host(String host) {
    if (host != null) {
      target = target.at(host).and(places.host(host));
    }
  }

  private static String firstUrlIn(String text) {
    int at = text.indexOf("://");
    if (at < 0) {
      return null;
    }
    int start = at;
    while (start > 0 && Character.isLetter(text.charAt(start - 1))) {
      start--;
    }
    return HostParser.ofUrl(text.substring(start, Math.min(text.length(), at + 300)));
  }
}
