package dev.quintai.divergence;

import dev.quintai.core.Finding;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells a session in a few words: an agent of pid 100 in {@code /home/ann/shop}, times in seconds
 * from its start.
 */
final class Scenario {
  static final int AGENT = 100;
  private static final long START_MS = 1_790_000_000_000L;

  final List<Event> events = new ArrayList<>();
  private Origin os = Origin.of("os");
  private boolean starts = true;
  private int calls;

  Scenario() {
    this("claude-code", "/home/ann/.local/share/claude/versions/2.1.4/claude");
  }

  Scenario(String platform, String exe) {
    events.add(
        new AgentProcess(
            time(0.001), id(AGENT, 0), os, 1, platform, exe, "/home/ann/shop", "/home/ann"));
  }

  /** The agent's own event with commands of its configuration. */
  Event withConfigured(double at, List<String> lines) {
    return withCommands(at, lines, List.of());
  }

  /** The agent's event with the commands of its operator and those of the project. */
  Event withCommands(double at, List<String> lines, List<String> fromProject) {
    return new AgentProcess(
        time(at),
        id(AGENT, 0),
        os,
        1,
        "claude-code",
        "/home/ann/.local/share/claude/versions/2.1.4/claude",
        "/home/ann/shop",
        "/home/ann",
        lines,
        fromProject);
  }

  /** Has another sensor tell what comes from here on. */
  Scenario seenBy(String sensor) {
    os = Origin.of(sensor);
    return this;
  }

  /** Has the sensor tell no start times from here on: processes other than the agent are pids. */
  Scenario withoutStarts() {
    starts = false;
    return this;
  }

  static long time(double seconds) {
    return START_MS * 1_000_000L + Math.round(seconds * 1e9);
  }

  private static ProcessId id(int pid, double start) {
    return new ProcessId(pid, Math.floorDiv(time(start), 1_000_000L));
  }

  /** The identity of a process by its pid; children start at pid / 100 seconds. */
  private ProcessId id(int pid) {
    return !starts && pid != AGENT ? ProcessId.ofPid(pid) : id(pid, pid == AGENT ? 0 : start(pid));
  }

  private static double start(int pid) {
    return pid / 100.0;
  }

  /** Declares a call and gives its id. */
  String call(double at, String tool, Map<String, Object> arguments) {
    String id = "call" + ++calls;
    call(at, id, tool, arguments, null, -1);
    return id;
  }

  void call(
      double at, String id, String tool, Map<String, Object> arguments, String turn, int server) {
    events.add(
        IntentEvent.builder(time(at), id(AGENT), tool)
            .origin(Origin.of("proxy"))
            .toolUseId(id)
            .arguments(Arguments.of(arguments))
            .turnId(turn)
            .serverPid(server)
            .build());
  }

  /** Another sight of a call. */
  void sight(
      double at, String id, IntentEvent.Vantage from, String tool, Map<String, Object> arguments) {
    events.add(
        IntentEvent.builder(time(at), id(AGENT), tool)
            .origin(Origin.of(from.name().toLowerCase(java.util.Locale.ROOT)))
            .toolUseId(id)
            .arguments(Arguments.of(arguments))
            .vantage(from)
            .build());
  }

  String bash(double at, String command) {
    return call(at, "Bash", Map.of("command", command));
  }

  String read(double at, String path) {
    return call(at, "Read", Map.of("file_path", path));
  }

  String write(double at, String path) {
    return call(at, "Write", Map.of("file_path", path, "content", "x"));
  }

  Scenario result(double at, String id) {
    events.add(new IntentResult(time(at), Origin.of("proxy"), id, false));
    return this;
  }

  Scenario error(double at, String id) {
    events.add(new IntentResult(time(at), Origin.of("proxy"), id, true));
    return this;
  }

  Scenario answer(double at, String id, boolean granted) {
    events.add(new Approval(time(at), Origin.of("hook"), id, granted));
    return this;
  }

  /** Starts a program in a new child; the pid is the time of its start in hundredths of seconds. */
  Scenario exec(int pid, int parent, String exe, String... argv) {
    events.add(new ProcessFork(time(start(pid)), id(parent), os, id(pid)));
    return again(start(pid) + 0.002, pid, parent, exe, argv);
  }

  /** Replaces the program of a process. */
  Scenario again(double at, int pid, int parent, String exe, String... argv) {
    return exec(at, pid, parent, -1, exe, argv);
  }

  Scenario exec(double at, int pid, int parent, int uid, String exe, String... argv) {
    events.add(
        new ProcessExec(
            time(at), id(pid), os, parent, exe, List.of(argv), "/home/ann/shop", uid, null, null));
    return this;
  }

  Scenario fork(int pid, int parent) {
    return forks(start(pid), pid, parent);
  }

  Scenario forks(double at, int pid, int parent) {
    events.add(new ProcessFork(time(at), id(parent), os, id(pid)));
    return this;
  }

  Scenario exit(double at, int pid) {
    events.add(new ProcessExit(time(at), id(pid), os, 0));
    return this;
  }

  Scenario reads(double at, int pid, String path) {
    return reads(at, pid, path, null);
  }

  /** A read that the sensor refused. */
  Scenario isRefused(double at, int pid, String path) {
    Origin origin = Origin.of("os" + Origin.REFUSED);
    events.add(
        new FileEvent(
            time(at),
            id(pid),
            origin,
            FileEvent.Op.OPEN,
            path,
            null,
            FileEvent.Access.READ,
            null,
            1));
    return this;
  }

  Scenario reads(double at, int pid, String path, String requested) {
    return file(at, pid, FileEvent.Op.OPEN, path, requested, FileEvent.Access.READ, null);
  }

  Scenario writes(double at, int pid, String path) {
    return file(at, pid, FileEvent.Op.CREATE, path, null, FileEvent.Access.WRITE, null);
  }

  Scenario deletes(double at, int pid, String path) {
    return file(at, pid, FileEvent.Op.UNLINK, path, null, null, null);
  }

  Scenario renames(double at, int pid, String from, String to) {
    return file(at, pid, FileEvent.Op.RENAME, from, null, null, to);
  }

  private Scenario file(
      double at,
      int pid,
      FileEvent.Op op,
      String path,
      String requested,
      FileEvent.Access access,
      String newPath) {
    events.add(new FileEvent(time(at), id(pid), os, op, path, requested, access, newPath, 1));
    return this;
  }

  Scenario connects(double at, int pid, String ip, String host) {
    events.add(new NetworkConnect(time(at), id(pid), os, ip, 443, host));
    return this;
  }

  Scenario resolves(double at, int pid, String name, String... addresses) {
    events.add(new DnsAnswer(time(at), id(pid), os, name, List.of(addresses)));
    return this;
  }

  Scenario loses(double at, String source) {
    events.add(new SensorLoss(time(at), Origin.of(source), 3));
    return this;
  }

  List<Finding> findings() {
    return Replay.of(events);
  }

  List<Finding> findings(DivergenceSettings settings) {
    return Replay.of(events, settings);
  }

  /** The findings as {@code type severity action pid}, sorted by time. */
  List<String> brief() {
    return findings().stream().map(Scenario::brief).toList();
  }

  static String brief(Finding f) {
    StringBuilder text = new StringBuilder(f.type()).append(' ').append(f.severity().id());
    if (f.action() != null) {
      text.append(' ').append(f.action());
    }
    if (f.pid() >= 0) {
      text.append(' ').append(f.pid());
    }
    if (f.toolUseId() != null) {
      text.append(' ').append(f.toolUseId());
    }
    return text.toString();
  }
}
