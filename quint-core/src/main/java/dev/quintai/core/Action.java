package dev.quintai.core;

import java.util.Objects;

/**
 * What gates 1 and 2 judge: one capability of one tool call. A call gives one action for each
 * capability of its sequence, in order.
 *
 * @param capability what is done
 * @param tool the tool's name as declared
 * @param server the MCP server that runs it, else the model provider's host
 * @param domain the registrable domain of a declared host, else {@code local}
 * @param remoteIp the remote address if known, else null
 * @param sensitive whether the target is a credential or another sensitive target
 * @param timeNanos when it was declared, see {@link dev.quintai.core.event.Event#timeNanos()}
 * @param risk 0 to 1, from {@link RiskTable}, before any gate speaks
 * @param toolUseId the call, or null
 * @param first whether it is the first of its call; only that one counts the tool
 * @param unmapped whether the capability is the default for want of a rule
 */
public record Action(
    Capability capability,
    String tool,
    String server,
    String domain,
    String remoteIp,
    boolean sensitive,
    long timeNanos,
    double risk,
    String toolUseId,
    boolean first,
    boolean unmapped) {

  /** The domain of actions that reach no other machine. */
  public static final String LOCAL = "local";

  public Action {
    Objects.requireNonNull(capability, "capability");
    Objects.requireNonNull(tool, "tool");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(domain, "domain");
  }
}
