package dev.quintai.daemon.events;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.DnsAnswer;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads events from JSON Lines. Unknown fields are ignored; a missing or wrong one is an error that
 * names it. Holds a small cache of process identities; not thread-safe.
 */
public final class EventReader {

  private static final int CACHED = 4_096;

  private final Map<ProcessId, ProcessId> processes = new HashMap<>();
  private final Map<String, Origin> sources = new HashMap<>();

  /** A reader. */
  public EventReader() {}

  /**
   * Reads one line.
   *
   * @throws BadRecordException when it is no event
   */
  public Event read(String line) throws BadRecordException {
    Object value;
    try {
      value = JsonTree.read(line);
    } catch (IOException e) {
      throw new BadRecordException("", "not a JSON object: " + firstLine(e.getMessage()));
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new BadRecordException("", "a JSON object was expected");
    }
    Fields record = new Fields(map);
    String type = record.text("type");
    long time = record.timeNanos("timeMs");
    Origin origin = origin(record);
    return switch (type) {
      case "exec" -> exec(record, time, origin);
      case "fork" ->
          new ProcessFork(
              time,
              process(record, "pid", "startMs"),
              origin,
              process(record, "childPid", "childStartMs"));
      case "exit" ->
          new ProcessExit(
              time, process(record, "pid", "startMs"), origin, record.optionalInt("exitCode", -1));
      case "file" -> file(record, time, origin);
      case "connect" -> connect(record, time, origin);
      case "dns" ->
          new DnsAnswer(
              time,
              process(record, "pid", "startMs"),
              origin,
              record.text("name"),
              record.texts("addresses"));
      case "intent" -> intent(record, time, origin);
      case "intentResult" ->
          new IntentResult(time, origin, record.text("toolUseId"), record.flag("isError", false));
      case "approval" ->
          new Approval(time, origin, record.text("toolUseId"), record.flag("granted", true));
      case "agent" ->
          new AgentProcess(
              time,
              process(record, "pid", "startMs"),
              origin,
              record.optionalInt("ppid", -1),
              record.text("platform"),
              record.optionalText("exe"),
              record.optionalText("cwd"),
              record.optionalText("home"),
              record.texts("configured"),
              record.texts("fromProject"));
      case "loss" -> new SensorLoss(time, origin, Math.max(1, record.whole("lost")));
      default ->
          throw new BadRecordException(
              "type",
              "one of exec, fork, exit, file, connect, dns, intent, intentResult, approval, agent,"
                  + " loss was expected, not \""
                  + type
                  + "\"");
    };
  }

  private Event exec(Fields record, long time, Origin origin) throws BadRecordException {
    return new ProcessExec(
        time,
        process(record, "pid", "startMs"),
        origin,
        record.optionalInt("ppid", -1),
        record.text("exe"),
        record.texts("argv"),
        record.optionalText("cwd"),
        record.optionalInt("uid", -1),
        record.optionalText("teamId"),
        record.optionalText("signingId"));
  }

  private Event file(Fields record, long time, Origin origin) throws BadRecordException {
    FileEvent.Op op = record.choice("op", FileEvent.Op.class);
    return new FileEvent(
        time,
        process(record, "pid", "startMs"),
        origin,
        op,
        record.text("path"),
        record.optionalText("requestedPath"),
        record.has("access") ? record.choice("access", FileEvent.Access.class) : null,
        record.optionalText("newPath"),
        Math.max(1, record.optionalInt("count", 1)));
  }

  private Event connect(Fields record, long time, Origin origin) throws BadRecordException {
    String ip = record.optionalText("remoteIp");
    String host = record.optionalText("host");
    String path = record.optionalText("path");
    if (ip == null && host == null && path == null) {
      throw new BadRecordException(
          "remoteIp", "an address, or a \"host\", was expected, or the \"path\" of a Unix socket");
    }
    if (ip == null && host == null) {
      return new LocalConnect(time, process(record, "pid", "startMs"), origin, path);
    }
    return new NetworkConnect(
        time,
        process(record, "pid", "startMs"),
        origin,
        ip,
        record.optionalInt("remotePort", 0),
        host);
  }

  private Event intent(Fields record, long time, Origin origin) throws BadRecordException {
    IntentEvent.Vantage vantage =
        record.has("vantage")
            ? record.choice("vantage", IntentEvent.Vantage.class)
            : IntentEvent.Vantage.PROXY;
    return IntentEvent.builder(time, process(record, "pid", "startMs"), record.text("tool"))
        .origin(origin)
        .toolUseId(record.optionalText("toolUseId"))
        .arguments(arguments(record))
        .provider(record.optionalText("provider"))
        .model(record.optionalText("model"))
        .vantage(vantage)
        .turnId(record.optionalText("turnId"))
        .serverPid(record.optionalInt("serverPid", -1))
        .build();
  }

  private static Arguments arguments(Fields record) throws BadRecordException {
    boolean truncated = record.flag("argumentsTruncated", false);
    Object value = record.value("arguments");
    if (value == null) {
      return Arguments.EMPTY;
    }
    String text = value instanceof String raw ? raw : JsonTree.text(value);
    return new Arguments(text, value, truncated);
  }

  private Origin origin(Fields record) throws BadRecordException {
    String source = record.optionalText("source");
    if (record.has("seq")) {
      return new Origin(source, record.whole("seq"));
    }
    return source == null ? Origin.UNKNOWN : sources.computeIfAbsent(source, Origin::of);
  }

  private ProcessId process(Fields record, String pid, String start) throws BadRecordException {
    ProcessId id =
        new ProcessId(
            record.pid(pid),
            record.has(start)
                ? Math.floorDiv(record.timeNanos(start), 1_000_000L)
                : ProcessId.UNKNOWN_START);
    if (processes.size() >= CACHED) {
      processes.clear();
    }
    ProcessId known = processes.putIfAbsent(id, id);
    return known == null ? id : known;
  }

  private static String firstLine(String message) {
    int end = message == null ? -1 : message.indexOf('\n');
    return end < 0 ? String.valueOf(message) : message.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
