package dev.quintai.daemon.live;

import dev.quintai.daemon.events.JsonTree;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** The live feed's lines as a person reads them. */
public final class LiveText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private LiveText() {}

  /** One line for the terminal; cleaned only when it is none of ours. */
  public static String of(String line, Ansi ansi) {
    try {
      return JsonTree.read(line) instanceof Map<?, ?> map ? text(map, ansi) : clean(line);
    } catch (IOException e) {
      return clean(line);
    }
  }

  private static String text(Map<?, ?> map, Ansi ansi) {
    String kind = String.valueOf(map.get("live"));
    String when = map.get("timeMs") instanceof Long ms ? TIME.format(Instant.ofEpochMilli(ms)) : "";
    String body = clean(map.get("text"));
    return switch (kind) {
      case "intent" ->
          ansi.string("@|faint " + when + "|@ @|bold,cyan says |@ ")
              + clean(map.get("tool"))
              + " "
              + body;
      case "exec" ->
          ansi.string("@|faint " + when + "|@ @|green   runs|@ ") + body + pid(map, ansi);
      case "connect" ->
          ansi.string("@|faint " + when + "|@ @|yellow   goes|@ ") + body + pid(map, ansi);
      case "write" ->
          ansi.string("@|faint " + when + "|@ @|magenta   writes|@ ") + body + pid(map, ansi);
      case "finding" ->
          ansi.string("@|faint " + when + "|@ " + severity(map))
              + " "
              + clean(map.get("type"))
              + ": "
              + body;
      case "session" ->
          ansi.string("@|bold session|@ ")
              + clean(map.get("session"))
              + " "
              + clean(map.get("platform"))
              + " "
              + clean(map.get("what"));
      case "missed" -> ansi.string("@|red (" + map.get("count") + " lines missed)|@");
      default -> body;
    };
  }

  private static String severity(Map<?, ?> map) {
    String severity = String.valueOf(map.get("severity"));
    return switch (severity) {
      case "critical", "high" -> "@|bold,red " + severity + "|@";
      case "medium" -> "@|bold,yellow medium|@";
      case "none" -> "@|green taken back|@";
      default -> "@|bold " + (severity.equals("low") ? "low" : "info") + "|@";
    };
  }

  private static String pid(Map<?, ?> map, Ansi ansi) {
    return ansi.string(" @|faint (" + map.get("pid") + ")|@");
  }

  /** Text from the watched side must not steer the terminal. */
  public static String clean(Object value) {
    if (value == null) {
      return "";
    }
    String text = value.toString();
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t') {
                safe.append(' ');
              } else if (!Character.isISOControl(c) && Character.getType(c) != Character.FORMAT) {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }
}
