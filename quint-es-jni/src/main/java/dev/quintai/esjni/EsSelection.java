package dev.quintai.esjni;

import dev.quintai.core.event.ProcessExec;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which processes are told of: those of which the embedder says so when they execute a program, and
 * all that comes of them. The bridge follows the same rule by itself ({@code watch.h}); what it
 * does not know yet when a record is made is settled here, in the order of the records, and told to
 * it, so that nothing of a process is missed between its exec and our answer. Not thread-safe.
 */
final class EsSelection {

  /** Tells the bridge. */
  @FunctionalInterface
  interface Mark {
    void mark(int pid, int version, int state);
  }

  /** Most processes that are followed at once; what is beyond is told until it ends. */
  static final int MAX = 1 << 16;

  private final Predicate<? super ProcessExec> interest;
  private final Mark bridge;
  private final Set<Integer> watched = new HashSet<>();

  /**
   * A selection.
   *
   * @param interest null: everything
   */
  EsSelection(Predicate<? super ProcessExec> interest, Mark bridge) {
    this.interest = interest;
    this.bridge = bridge;
  }

  boolean wants(EsRecord record, EsTranslator translator) {
    if (interest == null || record.has(EsRecord.REFUSED)) {
      return true;
    }
    int pid = record.pid();
    boolean wanted = follow(pid, record.pidVersion(), record) || decide(pid, record, translator);
    if (record.kind() == EsRecord.FORK && wanted) {
      follow(record.otherPid(), record.otherPidVersion(), record);
    } else if (record.kind() == EsRecord.EXIT) {
      watched.remove(pid);
    }
    return wanted;
  }

  /** Whether it is watched, by what the bridge or we know; after this both do. */
  private boolean follow(int pid, int version, EsRecord record) {
    boolean parent = pid != record.pid();
    boolean bridgeKnows = record.has(EsRecord.WATCHED);
    if (!bridgeKnows && !parent && !watched.contains(pid)) {
      return false;
    }
    if (watched.size() < MAX) {
      watched.add(pid);
    }
    if (!bridgeKnows) {
      bridge.mark(pid, version, EsLibrary.WATCHED);
    }
    return true;
  }

  private boolean decide(int pid, EsRecord record, EsTranslator translator) {
    if (record.kind() == EsRecord.EXIT) {
      return false;
    }
    boolean exec = record.kind() == EsRecord.EXEC;
    boolean wanted =
        interest.test(exec ? translator.unnumbered(record) : translator.running(record));
    bridge.mark(pid, record.pidVersion(), wanted ? EsLibrary.WATCHED : EsLibrary.IGNORED);
    if (wanted && watched.size() < MAX) {
      watched.add(pid);
    }
    return wanted;
  }
}
