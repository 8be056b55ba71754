package dev.quintai.divergence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.DnsAnswer;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads recorded events, a JSON object a line, for tests. */
final class JsonLines {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonLines() {}

  static List<Event> events(List<String> lines) {
    List<Event> events = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank()) {
        events.add(event(object(line)));
      }
    }
    return events;
  }

  @SuppressWarnings("unchecked") // the lines of the tests are objects
  static Map<String, Object> object(String line) {
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      return (Map<String, Object>) value(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static Event event(Map<String, Object> json) {
    long time = nanos(json.get("timeMs"));
    Origin origin = Origin.of(text(json, "source"));
    ProcessId process = new ProcessId(number(json, "pid", -1), millis(json.get("startMs")));
    return switch (text(json, "type")) {
      case "exec" ->
          new ProcessExec(
              time,
              process,
              origin,
              number(json, "ppid", -1),
              text(json, "exe"),
              strings(json.get("argv")),
              text(json, "cwd"),
              number(json, "uid", -1),
              text(json, "teamId"),
              text(json, "signingId"));
      case "fork" ->
          new ProcessFork(
              time,
              process,
              origin,
              new ProcessId(number(json, "childPid", -1), millis(json.get("childStartMs"))));
      case "exit" -> new ProcessExit(time, process, origin, number(json, "exitCode", -1));
      case "file" ->
          new FileEvent(
              time,
              process,
              origin,
              FileEvent.Op.valueOf(upper(json, "op")),
              text(json, "path"),
              text(json, "requestedPath"),
              json.get("access") == null ? null : FileEvent.Access.valueOf(upper(json, "access")),
              text(json, "newPath"),
              Math.max(1, number(json, "count", 1)));
      case "connect" ->
          new NetworkConnect(
              time,
              process,
              origin,
              text(json, "remoteIp"),
              number(json, "remotePort", 0),
              text(json, "host"));
      case "intent" -> {
        Object arguments = json.get("arguments");
        yield IntentEvent.builder(time, process, text(json, "tool"))
            .origin(origin)
            .toolUseId(text(json, "toolUseId"))
            .arguments(new Arguments(String.valueOf(arguments), arguments, false))
            .provider(text(json, "provider"))
            .model(text(json, "model"))
            .vantage(
                json.get("vantage") == null
                    ? IntentEvent.Vantage.PROXY
                    : IntentEvent.Vantage.valueOf(upper(json, "vantage")))
            .turnId(text(json, "turnId"))
            .serverPid(number(json, "serverPid", -1))
            .build();
      }
      case "intentResult" ->
          new IntentResult(
              time, origin, text(json, "toolUseId"), Boolean.TRUE.equals(json.get("isError")));
      case "approval" ->
          new Approval(
              time, origin, text(json, "toolUseId"), Boolean.TRUE.equals(json.get("granted")));
      case "agent" ->
          new AgentProcess(
              time,
              process,
              origin,
              number(json, "ppid", -1),
              text(json, "platform"),
              text(json, "exe"),
              text(json, "cwd"),
              text(json, "home"));
      case "loss" -> new SensorLoss(time, origin, Math.max(1, number(json, "lost", 1)));
      case "dns" ->
          new DnsAnswer(time, process, origin, text(json, "name"), strings(json.get("addresses")));
      default -> throw new IllegalArgumentException("unknown type: " + json);
    };
  }

  private static String text(Map<String, Object> json, String name) {
    return json.get(name) instanceof String text ? text : null;
  }

  private static String upper(Map<String, Object> json, String name) {
    return text(json, name).toUpperCase(Locale.ROOT);
  }

  private static int number(Map<String, Object> json, String name, int otherwise) {
    return json.get(name) instanceof Long value ? value.intValue() : otherwise;
  }

  private static long millis(Object value) {
    return value == null ? ProcessId.UNKNOWN_START : Math.floorDiv(nanos(value), 1_000_000L);
  }

  private static long nanos(Object value) {
    return new BigDecimal(String.valueOf(value)).movePointRight(6).longValue();
  }

  private static List<String> strings(Object value) {
    List<String> out = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(item -> out.add(String.valueOf(item)));
    }
    return out;
  }
}
