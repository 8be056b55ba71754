package dev.quintai.core;

import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.snapshot.SnapshotException;
import dev.quintai.core.snapshot.SnapshotReader;
import dev.quintai.core.snapshot.SnapshotWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;

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
    OPERATOR;

    /** The rank of what an event of the sensor says: the scanner and {@code lsof} look late. */
    public static Source of(Origin origin) {
      String sensor = origin.sensor();
      if ("lsof".equals(sensor)) {
        return LSOF;
      }
      return "scanner".equals(sensor) ? SCANNER : TRUTH;
    }
  }

  private record Value(String text, Source source) {}

  /** Where it stands among sessions, and who runs in it. */
  private record Place(
      String platform, ProcessId agentProcess, String parentId, int depth, UUID agentId) {}

  private final String id;
  private final ProcessId root;

  // Read for every event, changed a few times in a session: read without a lock.
  private volatile Place place;
  private final AtomicReferenceArray<Value> fields =
      new AtomicReferenceArray<>(Field.values().length);

  private long actionCount;
  private double riskSum;
  private double maxRisk;

  /** The session whose place and fields this one shows, or null; counts are its own. */
  private volatile Session leader;

  /**
   * A session.
   *
   * @param root its root process; the start time must be known
   * @param platform the platform id, for example {@code claude-code}
   * @param parent the session under which it was started, or null
   * @param agentId see {@link AgentIds}
   */
  public Session(ProcessId root, String platform, Session parent, UUID agentId) {
    this(
        root,
        new Place(
            Objects.requireNonNull(platform, "platform"),
            root,
            parent == null ? null : parent.id(),
            parent == null ? 0 : parent.depth() + 1,
            Objects.requireNonNull(agentId, "agentId")));
  }

  private Session(ProcessId root, Place place) {
    this.root = Objects.requireNonNull(root, "root");
    if (!root.startKnown()) {
      throw new IllegalArgumentException("the root's start time must be known: " + root);
    }
    this.place = place;
    this.id = root.pid() + "-" + root.startMs();
  }

  /**
   * The same session with counts of its own, for those that keep one object while what is known of
   * the session comes from another: first from the events as they arrive, then in their order.
   */
  Session view() {
    Session view = new Session(root, place());
    view.leader = this;
    return view;
  }

  /** Shows the place and the fields of that session from now on. */
  void follow(Session other) {
    if (leader != other) {
      leader = other;
    }
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
  public String platform() {
    return place().platform;
  }

  /**
   * The process that is the agent: the root, or the one that a launcher at the root (npx, a shell)
   * started.
   */
  public ProcessId agentProcess() {
    return place().agentProcess;
  }

  private Place place() {
    Session other = leader;
    return other == null ? place : other.place();
  }

  /** Learns which agent it is where the root could not be recognised. */
  synchronized void recognise(String known, ProcessId process) {
    if (place.platform.equals(SessionTracker.GENERIC) && !known.equals(SessionTracker.GENERIC)) {
      place = new Place(known, process, place.parentId, place.depth, place.agentId);
    }
  }

  /** The id of the session that started this one, or null. */
  public String parentSessionId() {
    return place().parentId;
  }

  /** How many agents are above it: 0 for a root. */
  public int depth() {
    return place().depth;
  }

  /** The agent's identity over all its sessions, see {@link AgentIds}. */
  public UUID agentId() {
    return place().agentId;
  }

  /** The version 5 UUID of {@code {rootPID}_{startUnixMs}} in the OID namespace. */
  public UUID cloudId() {
    return AgentIds.uuid5(
        AgentIds.OID, (root.pid() + "_" + root.startMs()).getBytes(StandardCharsets.UTF_8));
  }

  /** The field's value, or null. */
  public String get(Field field) {
    Value value = value(field);
    return value == null ? null : value.text;
  }

  /** Who gave the field its value, or null. */
  public Source sourceOf(Field field) {
    Value value = value(field);
    return value == null ? null : value.source;
  }

  private Value value(Field field) {
    Session other = leader;
    return other == null ? fields.get(field.ordinal()) : other.value(field);
  }

  /**
   * Gives a field a value, unless a higher-ranked source has.
   *
   * @return whether it was taken
   */
  public boolean offer(Field field, String value, Source source) {
    Session other = leader;
    if (other != null) {
      return other.offer(field, value, source);
    }
    if (value == null || value.isEmpty()) {
      return false;
    }
    Value old = fields.get(field.ordinal());
    if (old != null && old.source == source && old.text.equals(value)) {
      return true; // most offers say what is known
    }
    return replace(field, value, source);
  }

  private synchronized boolean replace(Field field, String value, Source source) {
    Value old = fields.get(field.ordinal());
    if (old != null && old.source.compareTo(source) > 0) {
      return false;
    }
    fields.set(field.ordinal(), new Value(value, source));
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

  /** Writes the session into a snapshot. */
  public synchronized void save(SnapshotWriter out) {
    Place place = place();
    out.number(root.pid()).number(root.startMs());
    out.text(place.platform).number(place.agentProcess.pid());
    out.number(place.agentProcess.startMs()).text(place.parentId).number(place.depth);
    out.number(place.agentId.getMostSignificantBits());
    out.number(place.agentId.getLeastSignificantBits());
    for (Field field : Field.values()) {
      Value value = value(field);
      out.text(value == null ? null : value.text);
      if (value != null) {
        out.choice(value.source);
      }
    }
    out.number(actionCount).real(riskSum).real(maxRisk);
  }

  /** Reads a session from a snapshot. */
  public static Session restore(SnapshotReader in) throws SnapshotException {
    ProcessId root = process(in);
    String platform = in.text("the platform");
    ProcessId agent = process(in);
    String parentId = in.textOrNull();
    int depth = in.number(0, Integer.MAX_VALUE, "the session's depth");
    UUID agentId = new UUID(in.number(), in.number());
    if (!root.startKnown()) {
      throw in.refuse("the root's start time is not known");
    }
    Session session = new Session(root, new Place(platform, agent, parentId, depth, agentId));
    for (Field field : Field.values()) {
      String text = in.textOrNull();
      if (text != null) {
        session.fields.set(field.ordinal(), new Value(text, in.choice(Source.class)));
      }
    }
    session.actionCount = in.number();
    session.riskSum = in.real();
    session.maxRisk = in.real();
    return session;
  }

  private static ProcessId process(SnapshotReader in) throws SnapshotException {
    return new ProcessId(in.number(Integer.MIN_VALUE, Integer.MAX_VALUE, "a pid"), in.number());
  }

  @Override
  public String toString() {
    return platform() + " " + id;
  }
}
