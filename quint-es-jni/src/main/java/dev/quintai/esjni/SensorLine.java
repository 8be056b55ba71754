package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import java.util.ArrayList;
import java.util.List;

/** What one line of a sensor said. The stream numbers the events. Not thread-safe. */
final class SensorLine {

  private static final int LOWEST_UNKNOWN_PORT = 0;

  private final List<Event> events = new ArrayList<>();
  private final String source;
  private long sequence;
  private long keptSequence;
  private long lost;

  SensorLine(String source) {
    this.source = source;
  }

  /** Begins a line. */
  void begin() {
    events.clear();
    lost = 0;
    keptSequence = sequence;
  }

  /** Takes back what a line that turned out bad has said so far. */
  void takeBack() {
    events.clear();
    sequence = keptSequence;
  }

  List<Event> events() {
    return events;
  }

  long lostEvents() {
    return lost;
  }

  Origin next() {
    return new Origin(source, sequence++);
  }

  /** The sensor lost this many events before those of this line. */
  void lost(long count) {
    if (count > 0) {
      lost += count;
    }
  }

  void exec(
      long time,
      ProcessId process,
      int ppid,
      String exe,
      List<String> argv,
      String cwd,
      int uid,
      String teamId,
      String signingId) {
    events.add(
        new ProcessExec(time, process, next(), ppid, exe, argv, cwd, uid, teamId, signingId));
  }

  void fork(long time, ProcessId process, ProcessId child) {
    events.add(new ProcessFork(time, process, next(), child));
  }

  void exit(long time, ProcessId process, int exitCode) {
    events.add(new ProcessExit(time, process, next(), exitCode));
  }

  void open(long time, ProcessId process, String path, boolean reads, boolean writes) {
    FileEvent.Access access =
        reads && writes
            ? FileEvent.Access.READWRITE
            : writes ? FileEvent.Access.WRITE : FileEvent.Access.READ;
    events.add(
        new FileEvent(time, process, next(), FileEvent.Op.OPEN, path, null, access, null, 1));
  }

  void file(long time, ProcessId process, FileEvent.Op op, String path, String newPath) {
    events.add(new FileEvent(time, process, next(), op, path, null, null, newPath, 1));
  }

  void connect(long time, ProcessId process, String ip, int port) {
    events.add(
        new NetworkConnect(
            time, process, next(), ip, port > 0xFFFF ? LOWEST_UNKNOWN_PORT : port, null));
  }
}
