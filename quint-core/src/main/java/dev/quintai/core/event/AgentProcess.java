package dev.quintai.core.event;

import java.util.Objects;

/**
 * A process is an AI agent: the root of a session. It counts from the start of the process, not
 * from the moment it was noticed.
 *
 * @param timeNanos when it was noticed, see {@link Event#timeNanos()}
 * @param process the process
 * @param origin who noticed it
 * @param ppid the parent's pid, or -1
 * @param platform the platform id, for example {@code claude-code}
 * @param exe path of its program, or null
 * @param cwd its working directory, or null
 * @param home the home directory of its user, or null
 */
public record AgentProcess(
    long timeNanos,
    ProcessId process,
    Origin origin,
    int ppid,
    String platform,
    String exe,
    String cwd,
    String home)
    implements Event {

  public AgentProcess {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(platform, "platform");
  }
}
