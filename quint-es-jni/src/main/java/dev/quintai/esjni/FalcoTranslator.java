package dev.quintai.esjni;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Falco's {@code json_output}. It says only what the rules that fire put into their output, so the
 * fields named here must be appended to them.
 */
final class FalcoTranslator implements SensorTranslator {

  private static final String DROPS = "Falco internal: syscall event drop";
  private static final Set<String> EXECS = Set.of("execve", "execveat");
  private static final Set<String> OPENS = Set.of("open", "openat", "openat2", "creat");
  private static final Set<String> UNLINKS = Set.of("unlink", "unlinkat");

  @Override
  public void translate(JsonFields line, SensorLine out) throws BadLineException {
    String rule = line.text("rule");
    if (rule.equals(DROPS)) {
      out.lost(line.object("output_fields").number("n_drops"));
      return;
    }
    if (rule.startsWith("Falco internal:") || !"syscall".equals(line.text("source", "syscall"))) {
      return;
    }
    long time = line.time("time");
    JsonFields fields = line.object("output_fields");
    String type = fields.text("evt.type");
    ProcessId process = ProcessId.ofPid(fields.pid("proc.pid"));
    if (failed(type, fields.text("evt.res", "SUCCESS"))) {
      return; // it was tried, and did not happen
    }
    if (EXECS.contains(type)) {
      exec(time, process, fields, out);
    } else if (OPENS.contains(type)) {
      boolean reads = fields.flag("evt.is_open_read");
      boolean writes = fields.flag("evt.is_open_write");
      out.open(time, process, fields.text("fd.name"), reads || !writes, writes);
    } else if (UNLINKS.contains(type)) {
      out.file(time, process, FileEvent.Op.UNLINK, fields.text("fs.path.name"), null);
    } else if (type.startsWith("rename")) {
      out.file(
          time,
          process,
          FileEvent.Op.RENAME,
          fields.text("fs.path.source"),
          fields.text("fs.path.target"));
    } else if (type.equals("connect")) {
      if (fields.has("fd.sip")) {
        out.connect(time, process, fields.text("fd.sip"), fields.integer("fd.sport", 0));
      }
    } else if (type.equals("procexit")) {
      out.exit(time, process, -1);
    }
  }

  /** A connection of a socket that does not wait is under way when the call returns. */
  private static boolean failed(String type, String result) {
    return !result.equals("SUCCESS") && !(type.equals("connect") && result.equals("EINPROGRESS"));
  }

  private static void exec(long time, ProcessId process, JsonFields fields, SensorLine out)
      throws BadLineException {
    List<String> argv = new ArrayList<>();
    String exe = fields.text("proc.exepath");
    argv.add(fields.text("proc.exe", exe));
    argv.addAll(words(fields.text("proc.args", "")));
    out.exec(
        time,
        process,
        fields.integer("proc.ppid", -1),
        exe,
        argv,
        fields.text("proc.cwd", null),
        fields.integer("user.uid", -1),
        null,
        null);
  }

  /** Falco joins arguments by a space: those with a space in them come apart. */
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
