package dev.quintai.esjni;

import dev.quintai.core.spi.TruthSource.Availability;
import dev.quintai.core.spi.TruthSource.Sight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The ways in which Linux can be watched, best first. */
public enum LinuxTier {

  /** {@link LinuxTrace}: the commands that we start, without rights and without loss. */
  SECCOMP(
      "sees no writes through memory maps or inherited descriptors, no file opened by handle, and"
          + " nothing that a service outside the tree does on request; opens and removals are told"
          + " as they are let through, by a check of existence and permission at that moment"),

  /** {@link ProcScanner}: looks at processes at intervals. */
  PROC_SCAN(
      "sees no files and no network, no exit codes, and no process that starts and ends between two"
          + " looks");

  private final String limits;

  LinuxTier(String limits) {
    this.limits = limits;
  }

  /** What it can see at most. */
  public Set<Sight> sees() {
    return switch (this) {
      case SECCOMP -> EnumSet.complementOf(EnumSet.of(Sight.DNS));
      case PROC_SCAN -> EnumSet.of(Sight.EXEC, Sight.FORK, Sight.EXIT);
    };
  }

  /** What it cannot see, in one sentence without a subject. */
  public String limits() {
    return limits;
  }

  /**
   * Whether it works here.
   *
   * @param runtimeDirectory as in {@link LinuxTrace.Builder#runtimeDirectory}
   */
  public Availability availability(Path runtimeDirectory) {
    return switch (this) {
      case SECCOMP -> LinuxTrace.availability(runtimeDirectory);
      case PROC_SCAN ->
          Files.isReadable(Path.of("/proc/self/stat"))
              ? Availability.YES
              : Availability.no("there is no readable /proc here");
    };
  }
}
