package dev.quintai.core;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import java.util.List;

/** Short forms of events for tests; times are milliseconds. */
final class Events {

  static final long T0 = 1_700_000_000_000L;

  private Events() {}

  static long nanos(long ms) {
    return (T0 + ms) * 1_000_000L;
  }

  static ProcessId process(int pid, long startMs) {
    return new ProcessId(pid, T0 + startMs);
  }

  static AgentProcess agent(long ms, ProcessId process, int ppid, String platform) {
    return new AgentProcess(
        nanos(ms), process, Origin.UNKNOWN, ppid, platform, "/opt/" + platform, "/w", "/home/u");
  }

  static ProcessFork fork(long ms, ProcessId parent, ProcessId child) {
    return new ProcessFork(nanos(ms), parent, Origin.UNKNOWN, child);
  }

  static ProcessExec exec(long ms, ProcessId process, int ppid, String exe) {
    return new ProcessExec(
        nanos(ms), process, Origin.UNKNOWN, ppid, exe, List.of(exe), "/w", 501, null, null);
  }

  static ProcessExit exit(long ms, ProcessId process) {
    return new ProcessExit(nanos(ms), process, Origin.UNKNOWN, 0);
  }

  static FileEvent read(long ms, ProcessId process, String path) {
    return new FileEvent(
        nanos(ms),
        process,
        Origin.UNKNOWN,
        FileEvent.Op.OPEN,
        path,
        null,
        FileEvent.Access.READ,
        null,
        1);
  }

  static IntentEvent intent(long ms, ProcessId process, String id) {
    return IntentEvent.builder(nanos(ms), process, "Read").toolUseId(id).build();
  }

  static IntentResult result(long ms, String id) {
    return new IntentResult(nanos(ms), Origin.UNKNOWN, id, false);
  }

  /** Knows programs under {@code /opt} as agents of the program's name. */
  static String platform(ProcessExec exec) {
    return exec.exe().startsWith("/opt/") ? exec.exe().substring(5) : null;
  }
}
