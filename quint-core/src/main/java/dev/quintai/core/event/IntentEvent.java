package dev.quintai.core.event;

import java.util.Objects;

/**
 * The model declared a tool call.
 *
 * @param timeNanos when the declaration was complete, see {@link Event#timeNanos()}
 * @param process the agent's process that received it
 * @param origin the sensor
 * @param toolUseId the call's id on the wire, or null where the format has none
 * @param tool the tool's name as declared
 * @param arguments the arguments
 * @param provider who served the model, for example {@code anthropic}, or null
 * @param model the model's name, or null
 * @param vantage where the declaration was seen
 * @param turnId shared by the calls of one model turn, or null
 * @param serverPid the pid of the MCP server that will run it, or -1
 */
public record IntentEvent(
    long timeNanos,
    ProcessId process,
    Origin origin,
    String toolUseId,
    String tool,
    Arguments arguments,
    String provider,
    String model,
    Vantage vantage,
    String turnId,
    int serverPid)
    implements Event {

  /** Where a declaration was seen. One call seen from several places is one intent. */
  public enum Vantage {
    PROXY,
    MCP,
    HOOK,
    TRANSCRIPT
  }

  public IntentEvent {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(tool, "tool");
    Objects.requireNonNull(arguments, "arguments");
    Objects.requireNonNull(vantage, "vantage");
  }

  /** Starts an intent of the process {@code pid}; the other fields have their unknown values. */
  public static Builder builder(long timeNanos, ProcessId process, String tool) {
    return new Builder(timeNanos, process, tool);
  }

  /** Collects the fields of an intent. Not thread-safe. */
  public static final class Builder {
    private final long timeNanos;
    private final ProcessId process;
    private final String tool;
    private Origin origin = Origin.UNKNOWN;
    private String toolUseId;
    private Arguments arguments = Arguments.EMPTY;
    private String provider;
    private String model;
    private Vantage vantage = Vantage.PROXY;
    private String turnId;
    private int serverPid = -1;

    private Builder(long timeNanos, ProcessId process, String tool) {
      this.timeNanos = timeNanos;
      this.process = process;
      this.tool = tool;
    }

    public Builder origin(Origin value) {
      origin = value;
      return this;
    }

    public Builder toolUseId(String value) {
      toolUseId = value;
      return this;
    }

    public Builder arguments(Arguments value) {
      arguments = value;
      return this;
    }

    public Builder provider(String value) {
      provider = value;
      return this;
    }

    public Builder model(String value) {
      model = value;
      return this;
    }

    public Builder vantage(Vantage value) {
      vantage = value;
      return this;
    }

    public Builder turnId(String value) {
      turnId = value;
      return this;
    }

    public Builder serverPid(int value) {
      serverPid = value;
      return this;
    }

    /** The intent. */
    public IntentEvent build() {
      return new IntentEvent(
          timeNanos, process, origin, toolUseId, tool, arguments, provider, model, vantage, turnId,
          serverPid);
    }
  }
}
