package dev.quintai.esjni;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessId;
import java.util.ArrayList;
import java.util.List;

/**
 * osquery's result log, one row a line ({@code "columns"}), a snapshot, or a batch ({@code
 * "diffResults"}). Queries have any name, so a row's columns tell which evented table it is of.
 */
final class OsqueryTranslator implements SensorTranslator {

  /** -EINPROGRESS, what the connect of a socket that does not wait returns to the BPF tables. */
  private static final String IN_PROGRESS = "-115";

  @Override
  public void translate(JsonFields line, SensorLine out) throws BadLineException {
    if (line.has("columns")) {
      if (!"removed".equals(line.text("action", "added"))) {
        row(line.object("columns"), out);
      }
    } else if (line.has("snapshot")) {
      for (JsonFields row : line.objects("snapshot")) {
        row(row, out);
      }
    } else if (line.has("diffResults")) {
      JsonFields batch = line.object("diffResults");
      if (batch.isArray("added")) {
        for (JsonFields row : batch.objects("added")) {
          row(row, out);
        }
      }
    } else {
      throw new BadLineException("columns", "an object (or snapshot, or diffResults)");
    }
  }

  private static void row(JsonFields row, SensorLine out) throws BadLineException {
    if (!row.has("pid") || !row.has("time")) {
      return; // not of an evented table
    }
    long time = SensorTime.seconds(row.where("time"), row.number("time"));
    ProcessId process = ProcessId.ofPid(row.pid("pid"));
    if (row.has("remote_address")) {
      connect(time, process, row, out);
    } else if (row.has("event_type") && row.has("filename")) {
      file(time, process, row.text("event_type"), row.text("filename"), "dest_filename", row, out);
    } else if (row.has("event_type")) {
      process(time, process, row, out);
    } else if (row.has("operation") && row.has("executable")) {
      file(time, process, row.text("operation"), row.text("path"), "dest_path", row, out);
    } else if (row.has("cmdline") && row.has("path") && row.has("parent")) {
      auditedExec(time, process, row, out);
    }
  }

  private static void connect(long time, ProcessId process, JsonFields row, SensorLine out)
      throws BadLineException {
    String action = row.text("action", row.text("syscall", ""));
    boolean done =
        !"failed".equals(row.text("status", ""))
            && !"0".equals(row.text("success", "1"))
            && (row.text("exit_code", "0").equals("0")
                || row.text("exit_code").equals(IN_PROGRESS));
    if (action.equals("connect") && done && row.text("remote_address", null) != null) {
      out.connect(time, process, row.text("remote_address"), row.integer("remote_port", 0));
    }
  }

  private static void process(long time, ProcessId process, JsonFields row, SensorLine out)
      throws BadLineException {
    switch (row.text("event_type")) {
      case "exec" -> exec(time, process, row, out);
      case "fork" -> out.fork(time, process, ProcessId.ofPid(row.pid("child_pid")));
      case "exit" ->
          out.exit(time, process, EsloggerTranslator.exitCode(row.integer("exit_code", 0)));
      default -> {}
    }
  }

  private static void auditedExec(long time, ProcessId process, JsonFields row, SensorLine out)
      throws BadLineException {
    String call = row.text("syscall", "execve");
    // The BPF table has failed calls too: there exit_code is what the call returned.
    if (call.startsWith("exec") && row.text("exit_code", "0").equals("0")) {
      exec(time, process, row, out);
    }
  }

  private static void exec(long time, ProcessId process, JsonFields row, SensorLine out)
      throws BadLineException {
    boolean adhoc = row.text("codesigning_flags", "").contains("ADHOC");
    out.exec(
        time,
        process,
        row.integer("parent", -1),
        row.text("path"),
        arguments(row),
        row.text("cwd", null),
        row.integer("euid", row.integer("uid", -1)),
        adhoc ? null : row.text("team_id", null),
        adhoc ? null : row.text("signing_id", null));
  }

  private static void file(
      long time,
      ProcessId process,
      String operation,
      String path,
      String target,
      JsonFields row,
      SensorLine out)
      throws BadLineException {
    switch (operation) {
      case "create" -> out.file(time, process, FileEvent.Op.CREATE, path, null);
      case "open" -> out.open(time, process, path, true, false); // how is not told
      case "read" -> out.open(time, process, path, true, false);
      case "write", "truncate" -> out.file(time, process, FileEvent.Op.WRITE, path, null);
      case "rename" -> out.file(time, process, FileEvent.Op.RENAME, path, row.text(target, null));
      case "unlink" -> out.file(time, process, FileEvent.Op.UNLINK, path, null);
      default -> {}
    }
  }

  private static List<String> arguments(JsonFields row) throws BadLineException {
    String json = row.text("json_cmdline", null); // a hidden column of bpf_process_events
    return json == null ? words(row.text("cmdline", "")) : row.nestedTexts("json_cmdline", json);
  }

  /** osquery joins arguments by a space: those with a space in them come apart. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
