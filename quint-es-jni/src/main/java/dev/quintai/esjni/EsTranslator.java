package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.util.List;
import java.util.function.Consumer;

/** From records to events. Numbers them without a gap. Not thread-safe. */
final class EsTranslator {

  private static final int FREAD = 1;
  private static final int FWRITE = 2;

  private final String name;
  private final String refusedName;
  private final StringCache strings = new StringCache();
  private final ProcessCache processes = new ProcessCache();
  private final WrittenFiles written = new WrittenFiles();
  private long sequence;
  private long lostTold;
  private long alsoLost;
  private long lastTime;

  EsTranslator(String name) {
    this.name = name;
    this.refusedName = name + Origin.REFUSED;
  }

  /** Tells what was lost before the record, and unless it is no act, what it says. */
  void translate(EsRecord record, boolean wanted, Consumer<? super Event> to) {
    long time = record.timeNanos();
    lost(record.lost(), time, to);
    lastTime = time;
    Event event = wanted ? event(record, time) : null;
    if (event != null) {
      to.accept(event);
    }
  }

  /** So many events have been lost since the beginning. */
  void lost(long total, Consumer<? super Event> to) {
    lost(total, lastTime, to);
  }

  /** So many events have been lost since the client began, the last of them about then. */
  void lost(long total, long time, Consumer<? super Event> to) {
    long count = Math.max(0, total - lostTold) + alsoLost;
    lostTold = Math.max(total, lostTold);
    alsoLost = 0;
    if (count > 0) {
      to.accept(new SensorLoss(time, Origin.of(name), count));
    }
  }

  /** So many were lost besides; told before the next event. */
  void alsoLost(long count) {
    alsoLost += count;
  }

  /** Another client begins, and counts its losses from 0. */
  void newClient() {
    lostTold = 0;
  }

  private Event event(EsRecord record, long time) {
    ProcessId process = processes.get(record.pid(), record.startMs());
    return switch (record.kind()) {
      case EsRecord.EXEC -> exec(record, time, process);
      case EsRecord.FORK -> new ProcessFork(time, process, next(record), child(record));
      case EsRecord.EXIT ->
          new ProcessExit(time, process, next(record), EsloggerTranslator.exitCode(record.value()));
      case EsRecord.OPEN -> open(record, time, process);
      case EsRecord.RENAME ->
          file(record, time, process, FileEvent.Op.RENAME, null, record.extra(strings));
      case EsRecord.UNLINK -> file(record, time, process, FileEvent.Op.UNLINK, null, null);
      case EsRecord.CREATE -> writes(record, time, process, FileEvent.Op.CREATE, null);
      case EsRecord.WRITE -> writes(record, time, process, FileEvent.Op.WRITE, null);
      case EsRecord.CLOSE -> close(record, time, process);
      default -> null;
    };
  }

  private ProcessId child(EsRecord record) {
    return processes.get(record.otherPid(), record.otherStartMs());
  }

  private Origin next(EsRecord record) {
    return new Origin(record.has(EsRecord.REFUSED) ? refusedName : name, sequence++);
  }

  private ProcessExec exec(EsRecord record, long time, ProcessId process) {
    boolean signed = !record.has(EsRecord.AD_HOC);
    return new ProcessExec(
        time,
        process,
        next(record),
        record.ppid(),
        record.path(strings),
        record.argv(strings),
        orNull(record.extra(strings)),
        record.euid(),
        signed ? orNull(record.teamId(strings)) : null,
        signed ? orNull(record.signingId(strings)) : null);
  }

  /** What is known of a process that has not been seen to execute anything; it has no number. */
  ProcessExec running(EsRecord record) {
    return new ProcessExec(
        record.timeNanos(),
        processes.get(record.pid(), record.startMs()),
        Origin.of(name),
        record.ppid(),
        record.exe(strings),
        List.of(),
        null,
        record.euid(),
        null,
        null);
  }

  /** The exec that a record tells of; it has no number. */
  ProcessExec unnumbered(EsRecord record) {
    ProcessExec exec =
        exec(record, record.timeNanos(), processes.get(record.pid(), record.startMs()));
    sequence--;
    return exec;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private FileEvent open(EsRecord record, long time, ProcessId process) {
    boolean reads = (record.value() & FREAD) != 0;
    boolean writes = (record.value() & FWRITE) != 0;
    if (!reads && !writes) {
      return null; // for events of the file only: its content is not touched
    }
    if (!writes) {
      return file(record, time, process, FileEvent.Op.OPEN, FileEvent.Access.READ, null);
    }
    FileEvent.Access access = reads ? FileEvent.Access.READWRITE : FileEvent.Access.WRITE;
    return writes(record, time, process, FileEvent.Op.OPEN, access);
  }

  private FileEvent writes(
      EsRecord record, long time, ProcessId process, FileEvent.Op op, FileEvent.Access access) {
    FileEvent event = file(record, time, process, op, access, null);
    if (!record.has(EsRecord.REFUSED)) {
      written.told(process.pid(), event.path());
    }
    return event;
  }

  /** Writing through a map is seen at the close only. */
  private FileEvent close(EsRecord record, long time, ProcessId process) {
    boolean told = written.closed(process.pid(), record.path(strings));
    FileEvent.Op op = told ? FileEvent.Op.CLOSE : FileEvent.Op.WRITE;
    return file(record, time, process, op, null, null);
  }

  private FileEvent file(
      EsRecord record,
      long time,
      ProcessId process,
      FileEvent.Op op,
      FileEvent.Access access,
      String newPath) {
    return new FileEvent(
        time, process, next(record), op, record.path(strings), null, access, newPath, 1);
  }
}
