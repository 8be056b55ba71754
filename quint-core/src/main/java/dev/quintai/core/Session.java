package dev.quintai.core;

import dev.quintai.core.event.ProcessId;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * One run of one agent: its root process and everything below it, up to the next agent.
 *
 * <p>Identity never changes. Descriptive fields ({@link Field}) gain values as sources deliver
 * them; each remembers who gave it, and a lower-ranked source never overwrites a higher-ranked one.
 * Thread-safe.
 */
public final class Session {

  /** A descriptive field. */
  public enum Field {
    CATEGORY,
    SIGNING_ID,
    TEAM_ID,
    SESSION_NAME,
    SESSION_KIND,
    AGENT_SESSION_UUID,
    WORKING_DIR,
    HOME,
    EXE,
    MODEL,
    PROVIDER
  }

  /** Who gave a field its value, lowest rank first. */
  public enum Source {
    COMPUTED,
    LSOF,
    SCANNER,
    AGENT_FILES,
    TRUTH,
    PROXY,
    OPERATOR
  }

  private record Value(String text, Source source) {}

  private final String id;
  private final ProcessId root;
  private String platform;
  private ProcessId agentProcess;
  private final String parentSessionId;
  private final int depth;
  private final UUID agentId;
  private final Map<Field, Value> fields = new EnumMap<>(Field.class);
  private long actionCount;
  private double riskSum;
  private double maxRisk;

  /**
   * A session.
   *
   * @param root its root process; the start time must be known
   * @param platform the platform id, for example {@code claude-code}
   * @param parent the session under which it was started, or null
   * @param agentId see {@link AgentIds}
   */
  public Session(ProcessId root, String platform, Session parent, UUID agentId) {
    this.root = Objects.requireNonNull(root, "root");
    this.platform = Objects.requireNonNull(platform, "platform");
    this.agentId = Objects.requireNonNull(agentId, "agentId");
    if (!root.startKnown()) {
      throw new IllegalArgumentException("the root's start time must be known: " + root);
    }
    this.agentProcess = root;
    this.id = root.pid() + "-" + root.startMs();
    this.parentSessionId = parent == null ? null : parent.id();
    this.depth = parent == null ? 0 : parent.depth() + 1;
  }

  /** {@code {rootPID}-{startUnixMs}}, unique on a machine. */
  public String id() {
    return id;
  }

  /** The root process. */
  public ProcessId root() {
    return root;
  }

  /** The platform id, for example {@code claude-code}. */
  public synchronized String platform() {
    return platform;
  }

  /**
   * The process that is the agent: the root, or the one that a launcher at the root (npx, a shell)
   * started.
   */
  public synchronized ProcessId agentProcess() {
    return agentProcess;
  }

  /** Learns which agent it is where the root could not be recognised. */
  synchronized void recognise(String known, ProcessId process) {
    if (platform.equals(SessionTracker.GENERIC) && !known.equals(SessionTracker.GENERIC)) {
      platform = known;
      agentProcess = process;
    }
  }

  /** The id of the session that started this one, or null. */
  public String parentSessionId() {
    return parentSessionId;
  }

  /** How many agents are above it: 0 for a root. */
  public int depth() {
    return depth;
  }

  /** The agent's identity over all its sessions, see {@link AgentIds}. */
  public UUID agentId() {
    return agentId;
  }

  /** The version 5 UUID of {@code {rootPID}_{startUnixMs}} in the OID namespace. */
  public UUID cloudId() {
    return AgentIds.uuid5(
        AgentIds.OID, (root.pid() + "_" + root.startMs()).getBytes(StandardCharsets.UTF_8));
  }

  /** The field's value, or null. */
  public synchronized String get(Field field) {
    Value value = fields.get(field);
    return value == null ? null : value.text;
  }

  /** Who gave the field its value, or null. */
  public synchronized Source sourceOf(Field field) {
    Value value = fields.get(field);
    return value == null ? null : value.source;
  }

  /**
   * Gives a field a value, unless a higher-ranked source has.
   *
   * @return whether it was taken
   */
  public synchronized boolean offer(Field field, String value, Source source) {
    if (value == null || value.isEmpty()) {
      return false;
    }
    Value old = fields.get(field);
    if (old != null && old.source.compareTo(source) > 0) {
      return false;
    }
    fields.put(field, new Value(value, source));
    return true;
  }

  /** The working directory, or null. */
  public String workingDir() {
    return get(Field.WORKING_DIR);
  }

  /** The home directory of the agent's user, or null. */
  public String home() {
    return get(Field.HOME);
  }

  /** The program of the root process, or null. */
  public String exe() {
    return get(Field.EXE);
  }

  /** Counts an action of the given risk. */
  synchronized void count(double risk) {
    actionCount++;
    riskSum += risk;
    maxRisk = Math.max(maxRisk, risk);
  }

  /** How many actions it has declared. */
  public synchronized long actionCount() {
    return actionCount;
  }

  /** The mean risk of its actions, 0 to 1; 0 without actions. */
  public synchronized double avgRisk() {
    return actionCount == 0 ? 0 : riskSum / actionCount;
  }

  /** The highest risk of its actions, 0 to 1; 0 without actions. */
  public synchronized double maxRisk() {
    return maxRisk;
  }

  @Override
  public String toString() {
    return platform() + " " + id;
  }
}
