package dev.quintai.core.event;

import java.util.List;
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
 * @param configured command lines that its configuration named when it started (MCP servers,
 *     hooks): the operator has declared them, in settings of their own or by approving the
 *     project's. Only those of a session's first event count, so that an agent that changes its own
 *     configuration declares nothing by it. At most {@value #MAX_CONFIGURED}; longer lists are cut
 * @param fromProject the same of command lines that files of the project name and nobody is known
 *     to have approved: whoever wrote the project proposes them
 */
public record AgentProcess(
    long timeNanos,
    ProcessId process,
    Origin origin,
    int ppid,
    String platform,
    String exe,
    String cwd,
    String home,
    List<String> configured,
    List<String> fromProject)
    implements Event {

  /** How many configured commands an event holds at most. */
  public static final int MAX_CONFIGURED = 256;

  /** An agent without configured commands. */
  public AgentProcess(
      long timeNanos,
      ProcessId process,
      Origin origin,
      int ppid,
      String platform,
      String exe,
      String cwd,
      String home) {
    this(timeNanos, process, origin, ppid, platform, exe, cwd, home, List.of(), List.of());
  }

  public AgentProcess {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(platform, "platform");
    configured = cut(configured);
    fromProject = cut(fromProject);
  }

  private static List<String> cut(List<String> lines) {
    return List.copyOf(lines.subList(0, Math.min(lines.size(), MAX_CONFIGURED)));
  }
}
