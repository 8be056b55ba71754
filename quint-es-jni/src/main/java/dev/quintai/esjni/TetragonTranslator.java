package dev.quintai.esjni;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tetragon's JSON export. Its {@code start_time} is that of the exec, not of the fork, so it is not
 * taken for the process's.
 */
final class TetragonTranslator implements SensorTranslator {

  private static final int MAY_WRITE = 2;
  private static final int MAY_READ = 4;
  private static final Map<String, Integer> SIGNALS =
      Map.ofEntries(
          Map.entry("SIGHUP", 1),
          Map.entry("SIGINT", 2),
          Map.entry("SIGQUIT", 3),
          Map.entry("SIGILL", 4),
          Map.entry("SIGTRAP", 5),
          Map.entry("SIGABRT", 6),
          Map.entry("SIGBUS", 7),
          Map.entry("SIGFPE", 8),
          Map.entry("SIGKILL", 9),
          Map.entry("SIGUSR1", 10),
          Map.entry("SIGSEGV", 11),
          Map.entry("SIGUSR2", 12),
          Map.entry("SIGPIPE", 13),
          Map.entry("SIGALRM", 14),
          Map.entry("SIGTERM", 15));

  @Override
  public void translate(JsonFields line, SensorLine out) throws BadLineException {
    if (line.has("process_exec")) {
      exec(line.time("time"), line.object("process_exec"), out);
    } else if (line.has("process_exit")) {
      JsonFields exit = line.object("process_exit");
      out.exit(line.time("time"), id(exit), exitCode(exit));
    } else if (line.has("process_kprobe")) {
      probe(line.time("time"), line.object("process_kprobe"), out);
    } else if (line.has("process_throttle")) {
      // From here to its end events of a cgroup are dropped in the kernel, nobody says how many.
      out.lost(line.object("process_throttle").text("type", "").endsWith("START") ? 1 : 0);
    } else if (line.has("rate_limit_info")) {
      out.lost(line.object("rate_limit_info").number("number_of_dropped_process_events"));
    }
  }

  private static void exec(long time, JsonFields exec, SensorLine out) throws BadLineException {
    JsonFields process = exec.object("process");
    JsonFields parent = exec.optional("parent");
    String binary = process.text("binary");
    List<String> argv = new ArrayList<>();
    argv.add(binary);
    argv.addAll(arguments(process.text("arguments", "")));
    out.exec(
        time,
        id(exec),
        parent == null ? -1 : parent.integer("pid", -1),
        binary,
        argv,
        process.text("cwd", null),
        process.integer("uid", -1),
        null,
        null);
  }

  /** Arguments stand in one string, those with a space in double quotes. */
  static List<String> arguments(String text) {
    List<String> found = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.charAt(at) == '"' ? text.indexOf('"', at + 1) : -1;
      if (end > 0 && (end + 1 == text.length() || text.charAt(end + 1) == ' ')) {
        found.add(text.substring(at + 1, end));
        at = end + 2;
      } else {
        end = text.indexOf(' ', at);
        end = end < 0 ? text.length() : end;
        found.add(text.substring(at, end));
        at = end + 1;
      }
    }
    return found;
  }

  private static int exitCode(JsonFields exit) throws BadLineException {
    String signal = exit.text("signal", null);
    if (signal == null) {
      return exit.integer("status", 0);
    }
    Integer number = SIGNALS.get(signal);
    return number == null ? -1 : 128 + number;
  }

  private static void probe(long time, JsonFields probe, SensorLine out) throws BadLineException {
    if ("KPROBE_ACTION_OVERRIDE".equals(probe.text("action", ""))) {
      return; // the call was made to fail
    }
    JsonFields returned = probe.optional("return"); // where the policy asks for it
    if (returned != null && returned.number("int_arg", 0) < 0) {
      return; // it was tried, and refused
    }
    switch (probe.text("function_name")) {
      case "security_file_permission" -> permission(time, probe, out);
      case "fd_install" -> {
        String path = path(probe, "file_arg");
        if (path != null) {
          out.open(time, id(probe), path, true, false); // how it was opened is not told
        }
      }
      case "security_path_truncate" -> {
        String path = path(probe, "path_arg");
        if (path != null) {
          out.file(time, id(probe), FileEvent.Op.WRITE, path, null);
        }
      }
      case "tcp_connect" -> {
        JsonFields socket = argument(probe, "sock_arg");
        if (socket != null) {
          out.connect(time, id(probe), socket.text("daddr"), socket.integer("dport", 0));
        }
      }
      default -> {} // what another function's arguments mean is for its policy's author to say
    }
  }

  private static void permission(long time, JsonFields probe, SensorLine out)
      throws BadLineException {
    String path = path(probe, "file_arg");
    int mask = 0;
    for (JsonFields argument : probe.objects("args")) {
      mask = argument.has("int_arg") ? argument.integer("int_arg") : mask;
    }
    if (path != null && (mask & (MAY_READ | MAY_WRITE)) != 0) {
      out.open(time, id(probe), path, (mask & MAY_READ) != 0, (mask & MAY_WRITE) != 0);
    }
  }

  private static String path(JsonFields probe, String kind) throws BadLineException {
    JsonFields file = argument(probe, kind);
    return file == null ? null : file.text("path", null);
  }

  private static JsonFields argument(JsonFields probe, String kind) throws BadLineException {
    for (JsonFields argument : probe.objects("args")) {
      if (argument.has(kind)) {
        return argument.object(kind);
      }
    }
    return null;
  }

  private static ProcessId id(JsonFields event) throws BadLineException {
    return ProcessId.ofPid(event.object("process").pid("pid"));
  }
}
