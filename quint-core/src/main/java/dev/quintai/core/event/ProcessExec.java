package dev.quintai.core.event;

import java.util.List;
import java.util.Objects;

/**
 * A process replaced its program. One pid may do so several times.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the process, after the call
 * @param origin the sensor
 * @param ppid the parent's pid, or -1
 * @param exe absolute path of the program that runs now, as the operating system resolved it
 * @param argv the argument vector; may be empty where the sensor cannot see it
 * @param cwd the working directory, or null
 * @param uid the effective user id, or -1
 * @param teamId the code signature's team (macOS), or null
 * @param signingId the code signature's identifier (macOS), or null; null too for ad-hoc signatures
 */
public record ProcessExec(
    long timeNanos,
    ProcessId process,
    Origin origin,
    int ppid,
    String exe,
    List<String> argv,
    String cwd,
    int uid,
    String teamId,
    String signingId)
    implements TruthEvent {

  public ProcessExec {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(exe, "exe");
    argv = List.copyOf(argv);
  }
}
