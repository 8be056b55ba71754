package dev.quintai.esjni;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessId;
import java.util.HashMap;
import java.util.Map;

/** The JSON of macOS's {@code eslogger}. */
final class EsloggerTranslator implements SensorTranslator {

  private static final int CS_ADHOC = 0x2;
  private static final int FREAD = 1;
  private static final int FWRITE = 2;
  private static final int AUTH_DENY = 1;
  private static final int TYPES_MAX = 1024;

  private final WrittenFiles written = new WrittenFiles();
  private long expectedGlobal = -1;
  private final Map<Integer, Long> expectedOfType = new HashMap<>();

  @Override
  public void translate(JsonFields line, SensorLine out) throws BadLineException {
    countLost(line, out);
    if (denied(line)) {
      return; // it was tried, and did not happen
    }
    long time = line.time("time");
    ProcessId process = id(line.object("process"));
    JsonFields event = line.object("event");
    if (event.has("exec")) {
      exec(time, event.object("exec"), out);
    } else if (event.has("fork")) {
      out.fork(time, process, id(event.object("fork").object("child")));
    } else if (event.has("exit")) {
      out.exit(time, process, exitCode(event.object("exit").integer("stat")));
    } else {
      file(time, process, event, out);
    }
  }

  private void countLost(JsonFields line, SensorLine out) throws BadLineException {
    if (line.has("global_seq_num")) {
      long number = line.number("global_seq_num");
      out.lost(gap(expectedGlobal, number));
      expectedGlobal = number + 1;
    } else if (line.has("seq_num")) { // message versions 2 and 3
      int type = line.integer("event_type");
      long number = line.number("seq_num");
      out.lost(gap(expectedOfType.getOrDefault(type, -1L), number));
      if (expectedOfType.size() < TYPES_MAX || expectedOfType.containsKey(type)) {
        expectedOfType.put(type, number + 1);
      }
    }
  }

  /** A number that goes back is a client that started anew, which is no loss. */
  private static long gap(long expected, long number) {
    return expected >= 0 && number > expected ? number - expected : 0;
  }

  private static boolean denied(JsonFields line) throws BadLineException {
    JsonFields action = line.optional("action");
    JsonFields outer = action == null ? null : action.optional("result");
    JsonFields result = outer == null ? null : outer.optional("result");
    return result != null
        && (result.has("auth")
            ? result.integer("auth") == AUTH_DENY
            : result.has("flags") && result.number("flags") == 0);
  }

  private static void exec(long time, JsonFields exec, SensorLine out) throws BadLineException {
    JsonFields target = exec.object("target");
    JsonFields cwd = exec.optional("cwd");
    boolean adhoc = (target.integer("codesigning_flags", 0) & CS_ADHOC) != 0;
    out.exec(
        time,
        id(target),
        target.integer("ppid", -1),
        target.object("executable").text("path"),
        exec.texts("args"),
        cwd == null ? null : cwd.text("path", null),
        token(target, "euid", 1),
        adhoc ? null : target.text("team_id", null),
        adhoc ? null : target.text("signing_id", null));
  }

  private void file(long time, ProcessId process, JsonFields event, SensorLine out)
      throws BadLineException {
    if (event.has("open")) {
      open(time, process, event.object("open"), out);
    } else if (event.has("create")) {
      writes(time, process, FileEvent.Op.CREATE, destination(event.object("create")), out);
    } else if (event.has("write")) {
      writes(time, process, FileEvent.Op.WRITE, path(event.object("write"), "target"), out);
    } else if (event.has("close")) {
      close(time, process, event.object("close"), out);
    } else if (event.has("rename")) {
      JsonFields rename = event.object("rename");
      out.file(time, process, FileEvent.Op.RENAME, path(rename, "source"), destination(rename));
    } else if (event.has("unlink")) {
      out.file(time, process, FileEvent.Op.UNLINK, path(event.object("unlink"), "target"), null);
    }
  }

  private void open(long time, ProcessId process, JsonFields open, SensorLine out)
      throws BadLineException {
    int flags = open.integer("fflag");
    String path = path(open, "file");
    boolean writes = (flags & FWRITE) != 0;
    if (!writes && (flags & FREAD) == 0) {
      return; // for events of the file only: its content is not touched
    }
    out.open(time, process, path, (flags & FREAD) != 0, writes);
    if (writes) {
      written.told(process.pid(), path);
    }
  }

  private void writes(long time, ProcessId process, FileEvent.Op op, String path, SensorLine out) {
    out.file(time, process, op, path, null);
    written.told(process.pid(), path);
  }

  /** Where no write of it was told, the stream has none, or it was written through a map. */
  private void close(long time, ProcessId process, JsonFields close, SensorLine out)
      throws BadLineException {
    if (close.flag("modified")) {
      String path = path(close, "target");
      boolean told = written.closed(process.pid(), path);
      out.file(time, process, told ? FileEvent.Op.CLOSE : FileEvent.Op.WRITE, path, null);
    }
  }

  private static String path(JsonFields of, String name) throws BadLineException {
    return of.object(name).text("path");
  }

  private static String destination(JsonFields of) throws BadLineException {
    JsonFields destination = of.object("destination");
    if (destination.has("existing_file")) {
      return path(destination, "existing_file");
    }
    JsonFields made = destination.object("new_path");
    String folder = path(made, "dir");
    return (folder.endsWith("/") ? folder : folder + "/") + made.text("filename");
  }

  private static ProcessId id(JsonFields process) throws BadLineException {
    return new ProcessId(
        token(process, "pid", 5), process.startMs("start_time", ProcessId.UNKNOWN_START));
  }

  /** An object of named numbers; message version 10 has them in an array. */
  private static int token(JsonFields process, String name, int index) throws BadLineException {
    return process.isArray("audit_token")
        ? process.item("audit_token", index)
        : process.object("audit_token").integer(name);
  }

  /** The exit code of a wait status, 128 + n for signal n. */
  static int exitCode(int status) {
    int signal = status & 0x7F;
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal;
  }
}
