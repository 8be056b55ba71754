package dev.quintai.esjni;

import dev.quintai.core.spi.TruthSource.Availability;
import dev.quintai.core.spi.TruthSource.Sight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The ways in which Linux can be watched. Whether one works here is found by trying it on a process
 * of our own.
 */
public enum LinuxTier {

  /** {@link LinuxTrace}: the commands that we start, without rights and without loss. */
  SECCOMP(
      "seccomp",
      "sees no writes through memory maps or inherited descriptors, no file opened by handle, and"
          + " nothing that a service outside the tree does on request; opens and removals are told"
          + " as they are let through, by a check of existence and permission at that moment"),

  /** {@link LinuxWatch}: running processes and commands, as root, by eBPF tracepoints. */
  BPF(
      "bpf",
      "refuses nothing; loses, and counts, what is more than its buffer holds; sees no writes"
          + " through memory maps or inherited descriptors, and counts what io_uring does as lost;"
          + " the directory of a removed or renamed name is looked up a moment later"),

  /** {@link LinuxWatch}: running processes and commands, as root, without eBPF. */
  CONNECTOR(
      "connector",
      "refuses nothing; sees no network, not how a file was opened (an open is told as a read, a"
          + " written file when it is closed), equal opens in a row as one, no device files, and of"
          + " a program that ends at once no arguments (counted as lost); files and execs are not"
          + " ordered against one another"),

  /** {@link ProcScanner}: looks at processes at intervals. */
  PROC_SCAN(
      "proc",
      "sees no files and no network, no exit codes, and no process that starts and ends between two"
          + " looks");

  private final String option;
  private final String limits;

  LinuxTier(String option, String limits) {
    this.option = option;
    this.limits = limits;
  }

  /** Its short name, as settings and the command line have it. */
  public String option() {
    return option;
  }

  /** Those that can watch a command from its start, best first. */
  public static List<LinuxTier> forCommands() {
    return List.of(SECCOMP, BPF, CONNECTOR, PROC_SCAN);
  }

  /** Those that can watch what runs already, best first. */
  public static List<LinuxTier> forRunning() {
    return List.of(BPF, CONNECTOR, PROC_SCAN);
  }

  /** What it can see at most; a set of the caller's own. */
  public Set<Sight> sees() {
    return switch (this) {
      case SECCOMP, BPF -> EnumSet.complementOf(EnumSet.of(Sight.DNS));
      case CONNECTOR -> EnumSet.complementOf(EnumSet.of(Sight.DNS, Sight.NETWORK));
      case PROC_SCAN -> EnumSet.of(Sight.EXEC, Sight.FORK, Sight.EXIT);
    };
  }

  /** Whether no event can be lost between the kernel and us. */
  public boolean lossless() {
    return this == SECCOMP;
  }

  /** Whether an act can be refused before it happens. */
  public boolean refuses() {
    return this == SECCOMP;
  }

  /** What it cannot see, in one sentence without a subject. */
  public String limits() {
    return limits;
  }

  /**
   * Whether it works here, and if not why and what to do about it. The first answer for a directory
   * is found by watching a process of our own, in 20 ms to a second; it is kept.
   *
   * @param runtimeDirectory as in {@link LinuxTrace.Builder#runtimeDirectory}
   */
  public Availability availability(Path runtimeDirectory) {
    return switch (this) {
      case SECCOMP -> LinuxTrace.availability(runtimeDirectory);
      case BPF, CONNECTOR -> LinuxWatch.availability(this, runtimeDirectory);
      case PROC_SCAN ->
          Files.isReadable(Path.of("/proc/self/stat"))
              ? Availability.YES
              : Availability.no("there is no readable /proc here");
    };
  }
}
