package dev.quintai.esjni;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Santa's event log of type {@code json}: protobuf's JSON of one SantaMessage a line. */
final class SantaTranslator implements SensorTranslator {

  private static final int CS_ADHOC = 0x2;

  @Override
  public void translate(JsonFields line, SensorLine out) throws BadLineException {
    long time = line.time("event_time");
    if (line.has("execution")) {
      exec(time, line.object("execution"), out);
    } else if (line.has("fork")) {
      JsonFields fork = line.object("fork");
      out.fork(time, id(fork, "instigator"), id(fork, "child"));
    } else if (line.has("exit")) {
      exit(time, line.object("exit"), out);
    } else {
      file(time, line, out);
    }
  }

  private static void exec(long time, JsonFields exec, SensorLine out) throws BadLineException {
    if ("DECISION_DENY".equals(exec.text("decision", ""))) {
      return; // Santa refused it: it did not happen
    }
    JsonFields target = exec.object("target");
    JsonFields parent = target.optional("parent_id");
    JsonFields user = target.optional("effective_user");
    JsonFields cwd = exec.optional("working_directory");
    boolean adhoc = (target.integer("cs_flags", 0) & CS_ADHOC) != 0;
    JsonFields signature = adhoc ? null : target.optional("code_signature");
    out.exec(
        time,
        id(exec, "target"),
        parent == null ? -1 : parent.integer("pid", -1),
        path(target, "executable"),
        arguments(exec),
        cwd == null ? null : cwd.text("path", null),
        user == null ? -1 : user.integer("uid", -1),
        signature == null ? null : signature.text("team_id", null),
        signature == null ? null : signature.text("signing_id", null));
  }

  /** Bytes in base 64: an argument need not be text. */
  private static List<String> arguments(JsonFields exec) throws BadLineException {
    List<String> argv = new ArrayList<>();
    for (String bytes : exec.texts("args")) {
      try {
        argv.add(new String(Base64.getDecoder().decode(bytes), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw new BadLineException(exec.where("args"), "an array of base64 strings");
      }
    }
    return argv;
  }

  private static void exit(long time, JsonFields exit, SensorLine out) throws BadLineException {
    ProcessId process = id(exit, "instigator");
    if (exit.has("exited")) {
      out.exit(time, process, exit.object("exited").integer("exit_status", 0));
    } else if (exit.has("signaled")) {
      out.exit(time, process, 128 + exit.object("signaled").integer("signal", 0));
    } else if (!exit.has("stopped")) {
      out.exit(time, process, -1);
    }
  }

  private static void file(long time, JsonFields line, SensorLine out) throws BadLineException {
    if (line.has("close")) {
      JsonFields close = line.object("close");
      if (close.flag("modified")) {
        out.file(time, id(close, "instigator"), FileEvent.Op.WRITE, path(close, "target"), null);
      }
    } else if (line.has("rename")) {
      JsonFields rename = line.object("rename");
      out.file(
          time,
          id(rename, "instigator"),
          FileEvent.Op.RENAME,
          path(rename, "source"),
          rename.text("target"));
    } else if (line.has("unlink")) {
      JsonFields unlink = line.object("unlink");
      out.file(time, id(unlink, "instigator"), FileEvent.Op.UNLINK, path(unlink, "target"), null);
    } else if (line.has("file_access")) {
      access(time, line.object("file_access"), out);
    }
  }

  private static void access(long time, JsonFields access, SensorLine out) throws BadLineException {
    if (access.text("policy_decision", "").startsWith("POLICY_DECISION_DENIED")) {
      return;
    }
    ProcessId process = id(access, "instigator");
    String path = path(access, "target");
    switch (access.text("access_type", "")) {
      // Santa does not say how it was opened; we take it for a read.
      case "ACCESS_TYPE_OPEN" -> out.open(time, process, path, true, false);
      case "ACCESS_TYPE_CREATE" -> out.file(time, process, FileEvent.Op.CREATE, path, null);
      case "ACCESS_TYPE_TRUNCATE" -> out.file(time, process, FileEvent.Op.WRITE, path, null);
      case "ACCESS_TYPE_UNLINK" -> out.file(time, process, FileEvent.Op.UNLINK, path, null);
      default -> {} // links, clones and copies: what they made is not told
    }
  }

  private static String path(JsonFields of, String name) throws BadLineException {
    return of.object(name).text("path");
  }

  private static ProcessId id(JsonFields of, String name) throws BadLineException {
    JsonFields process = of.object(name);
    return new ProcessId(
        process.object("id").pid("pid"), process.startMs("start_time", ProcessId.UNKNOWN_START));
  }
}
