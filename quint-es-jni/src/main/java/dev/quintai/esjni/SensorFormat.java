package dev.quintai.esjni;

import dev.quintai.core.spi.TruthSource.Sight;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The sensors of others whose JSON Lines {@link SensorStream} reads. */
public enum SensorFormat {
  /** macOS's own {@code eslogger}; run it for {@code exec fork exit open close create ...}. */
  ESLOGGER(
      "gaps in global_seq_num, counted exactly",
      "no network; arguments as text only; needs root and Full Disk Access for eslogger",
      Sight.EXEC,
      Sight.FORK,
      Sight.EXIT,
      Sight.FILE_READ,
      Sight.FILE_WRITE,
      Sight.FILE_DELETE),

  /** Santa's event log of type json. */
  SANTA(
      "none told: the log has no numbers",
      "reads only of files that a file access policy names, and how they were opened is not told;"
          + " no network; no start time of a forked child",
      Sight.EXEC,
      Sight.FORK,
      Sight.EXIT,
      Sight.FILE_READ,
      Sight.FILE_WRITE,
      Sight.FILE_DELETE),

  /** Tetragon's JSON export. */
  TETRAGON(
      "events dropped by its rate limit; those that its ring buffer lost are in its metrics only",
      "files and connections only by a TracingPolicy (security_file_permission, fd_install,"
          + " security_path_truncate, tcp_connect); no forks, no renames, no start time of the fork",
      Sight.EXEC,
      Sight.EXIT,
      Sight.FILE_READ,
      Sight.FILE_WRITE,
      Sight.NETWORK),

  /** Falco's json_output. */
  FALCO(
      "the drops that its rule for dropped calls tells (syscall_event_drops: alert)",
      "only what a rule fires on, with evt.type, proc.pid, proc.exepath and the like in its output;"
          + " no forks, no exit codes; arguments with a space come apart",
      Sight.EXEC,
      Sight.EXIT,
      Sight.FILE_READ,
      Sight.FILE_WRITE,
      Sight.FILE_DELETE,
      Sight.NETWORK),

  /** osquery's result log of its evented tables. */
  OSQUERY(
      "none told: rows that expired before the query ran are missing in silence",
      "times in whole seconds, in the order and with the delay of the schedule; no start times; how"
          + " a file was opened is not told; arguments with a space come apart",
      Sight.EXEC,
      Sight.FORK,
      Sight.EXIT,
      Sight.FILE_READ,
      Sight.FILE_WRITE,
      Sight.FILE_DELETE,
      Sight.NETWORK);

  private final String losses;
  private final String limits;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, and nobody else has what it wraps
  private final Set<Sight> sees;

  SensorFormat(String losses, String limits, Sight first, Sight... others) {
    this.losses = losses;
    this.limits = limits;
    this.sees = Collections.unmodifiableSet(EnumSet.of(first, others));
  }

  /** Its name in events and on the command line, for example {@code eslogger}. */
  public String sourceName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it can see where it is set up for it; unmodifiable. */
  public Set<Sight> sees() {
    return sees;
  }

  /** Which of its own losses it tells, in a few words. */
  public String losses() {
    return losses;
  }

  /** What it cannot see or needs, in a few words. */
  public String limits() {
    return limits;
  }

  SensorTranslator translator() {
    return switch (this) {
      case ESLOGGER -> new EsloggerTranslator();
      case SANTA -> new SantaTranslator();
      case TETRAGON -> new TetragonTranslator();
      case FALCO -> new FalcoTranslator();
      case OSQUERY -> new OsqueryTranslator();
    };
  }
}
