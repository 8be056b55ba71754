package dev.quintai.fingerprint;

/** What of an action can be outside of an agent's envelope. */
public enum DeviationMeasure {
  /** A tool that the agent has never used; the value is the number of tools it has used. */
  NOVEL_TOOL("novel_tool"),
  /** A server that the agent has never used; the value is the number of servers it has used. */
  NOVEL_SERVER("novel_server"),
  /** A domain that the agent has never contacted; the value is 1. */
  NOVEL_DOMAIN("novel_domain"),
  /** {@link AgentFingerprint#capabilityJsd}, in bits. */
  CAPABILITY("capability_jsd"),
  /** {@link AgentFingerprint#sequenceSurprise}, in bits. */
  SEQUENCE("sequence_surprise"),
  /** {@link AgentFingerprint#riskZScore}, in standard deviations. */
  RISK("risk_z_score"),
  /** {@link AgentFingerprint#temporalZScore}, in standard deviations, when negative. */
  TIMING("temporal_z_score"),
  /** {@link AgentFingerprint#hourlyShare} of an hour in which the agent is hardly ever active. */
  HOUR("hourly_share"),
  /** {@link AgentFingerprint#toolCardinalityGrowth}. */
  TOOL_GROWTH("tool_cardinality_growth");

  private final String id;

  DeviationMeasure(String id) {
    this.id = id;
  }

  /** Its name in findings. */
  public String id() {
    return id;
  }
}
