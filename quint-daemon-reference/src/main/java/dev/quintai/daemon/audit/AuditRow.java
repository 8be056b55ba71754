package dev.quintai.daemon.audit;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a caller records: every column but those that the log itself adds (id, hashes, signature).
 * Anything may be absent but the direction. Immutable.
 *
 * <p>A tool call and its result are two rows with one {@code toolUseId} and one session: the call
 * carries arguments, the result carries none. View {@code tool_calls} joins them by that.
 */
public final class AuditRow {
  /** Which way the recorded message went. */
  public enum Direction {
    REQUEST,
    RESPONSE;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** Its name in the log. */
    public String id() {
      return id;
    }
  }

  /** What became of the recorded message. */
  public enum Outcome {
    ALLOW,
    DENY,
    PASSTHROUGH;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** Its name in the log. */
    public String id() {
      return id;
    }
  }

  private final Object[] values;

  private AuditRow(Object[] values) {
    this.values = values;
  }

  /** Starts a row. */
  public static Builder builder(Direction direction) {
    return new Builder(direction);
  }

  /** The text of a text column, or null. */
  public String text(AuditColumn column) {
    return (String) values[column.ordinal()];
  }

  /** The number of {@link AuditColumn#PROCESS_PID} or {@link AuditColumn#AGENT_DEPTH}, or null. */
  public Long integer(AuditColumn column) {
    return (Long) values[column.ordinal()];
  }

  /** The risk score, or null. */
  public Double riskScore() {
    return (Double) values[AuditColumn.RISK_SCORE.ordinal()];
  }

  /** The row's values in table order, made safe and cut to the limits; a copy. */
  Object[] prepared(int maxTextBytes, int maxBodyBytes) {
    Object[] copy = values.clone();
    for (AuditColumn c : AuditColumn.table()) {
      if (copy[c.ordinal()] instanceof String s) {
        copy[c.ordinal()] = SafeText.of(s, c.isBody() ? maxBodyBytes : maxTextBytes);
      }
    }
    return copy;
  }

  @Override
  public String toString() {
    // Bodies and arguments hold secrets: never in a log line or an exception.
    return "AuditRow["
        + text(AuditColumn.DIRECTION)
        + ' '
        + text(AuditColumn.METHOD)
        + ' '
        + text(AuditColumn.TOOL_NAME)
        + ']';
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof AuditRow other && Arrays.equals(values, other.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Collects the columns of a row; each setter takes null for "absent". Not thread-safe. */
  public static final class Builder {
    private final Object[] values = new Object[AuditColumn.table().size()];

    private Builder(Direction direction) {
      set(AuditColumn.DIRECTION, direction.id());
    }

    private Builder set(AuditColumn column, Object value) {
      values[column.ordinal()] = value;
      return this;
    }

    /** When it happened; without it, the log's clock at append. Kept to the millisecond. */
    public Builder timestamp(Instant time) {
      return set(AuditColumn.TIMESTAMP, time == null ? null : AuditTime.format(time));
    }

    /** The destination host or the MCP server. */
    public Builder serverName(String name) {
      return set(AuditColumn.SERVER_NAME, name);
    }

    /** The HTTP or MCP method. */
    public Builder method(String method) {
      return set(AuditColumn.METHOD, method);
    }

    public Builder toolName(String name) {
      return set(AuditColumn.TOOL_NAME, name);
    }

    /** A tool call's arguments as JSON text, or a request's body. */
    public Builder argumentsJson(String json) {
      return set(AuditColumn.ARGUMENTS_JSON, json);
    }

    /** A tool's result as JSON text, or a response's body. */
    public Builder responseJson(String json) {
      return set(AuditColumn.RESPONSE_JSON, json);
    }

    public Builder verdict(Outcome outcome) {
      return set(AuditColumn.VERDICT, outcome == null ? null : outcome.id());
    }

    /** Which policy decided: a hash of it. */
    public Builder policyHash(String hash) {
      return set(AuditColumn.POLICY_HASH, hash);
    }

    /** The session's id: root pid, a hyphen, start time in Unix milliseconds. */
    public Builder sessionId(String id) {
      return set(AuditColumn.SESSION_ID, id);
    }

    /**
     * The process that the message came from.
     *
     * @throws IllegalArgumentException beyond 2^53-1, where numbers have no canonical form
     */
    public Builder processPid(Long pid) {
      return set(AuditColumn.PROCESS_PID, checked(pid, "processPid"));
    }

    public Builder traceId(String id) {
      return set(AuditColumn.TRACE_ID, id);
    }

    public Builder agentId(String id) {
      return set(AuditColumn.AGENT_ID, id);
    }

    public Builder agentName(String name) {
      return set(AuditColumn.AGENT_NAME, name);
    }

    public Builder parentAgentId(String id) {
      return set(AuditColumn.PARENT_AGENT_ID, id);
    }

    /** How many agents are above this one: 0 for a root. */
    public Builder agentDepth(Integer depth) {
      return set(AuditColumn.AGENT_DEPTH, depth == null ? null : Long.valueOf(depth));
    }

    /**
     * The score, 0 to 1.
     *
     * @throws IllegalArgumentException when it is not finite
     */
    public Builder riskScore(Double score) {
      if (score != null && !Double.isFinite(score)) {
        throw new IllegalArgumentException("riskScore must be finite, not " + score);
      }
      // Adding 0 turns -0, which has the canonical form of 0, into 0.
      return set(AuditColumn.RISK_SCORE, score == null ? null : Double.valueOf(score + 0.0));
    }

    public Builder riskLevel(String level) {
      return set(AuditColumn.RISK_LEVEL, level);
    }

    public Builder behavioralFlags(String flags) {
      return set(AuditColumn.BEHAVIORAL_FLAGS, flags);
    }

    public Builder scoreDecomposition(String json) {
      return set(AuditColumn.SCORE_DECOMPOSITION, json);
    }

    /** The stable id that the model gave the tool call. */
    public Builder toolUseId(String id) {
      return set(AuditColumn.TOOL_USE_ID, id);
    }

    public Builder parentSessionId(String id) {
      return set(AuditColumn.PARENT_SESSION_ID, id);
    }

    public AuditRow build() {
      return new AuditRow(values.clone());
    }

    private static Long checked(Long n, String name) {
      if (n != null && (n > Jcs.MAX_INTEGER || n < -Jcs.MAX_INTEGER)) {
        throw new IllegalArgumentException(name + " is beyond 2^53-1: " + n);
      }
      return n;
    }
  }
}
