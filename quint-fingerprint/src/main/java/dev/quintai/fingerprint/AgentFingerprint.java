package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.FingerprintLayout.CAPABILITIES;
import static dev.quintai.fingerprint.FingerprintLayout.CHECKSUM;
import static dev.quintai.fingerprint.FingerprintLayout.DISTINCT_IPS;
import static dev.quintai.fingerprint.FingerprintLayout.DISTINCT_SERVERS;
import static dev.quintai.fingerprint.FingerprintLayout.DISTINCT_TOOLS;
import static dev.quintai.fingerprint.FingerprintLayout.DOMAIN_FILTER;
import static dev.quintai.fingerprint.FingerprintLayout.HOURLY;
import static dev.quintai.fingerprint.FingerprintLayout.INTERVAL;
import static dev.quintai.fingerprint.FingerprintLayout.LAST_UPDATED;
import static dev.quintai.fingerprint.FingerprintLayout.PREVIOUS_ACTION;
import static dev.quintai.fingerprint.FingerprintLayout.RISK;
import static dev.quintai.fingerprint.FingerprintLayout.SERVER_FILTER;
import static dev.quintai.fingerprint.FingerprintLayout.TOOL_COUNTS;
import static dev.quintai.fingerprint.FingerprintLayout.TOOL_FILTER;
import static dev.quintai.fingerprint.FingerprintLayout.TOTAL_ACTIONS;
import static dev.quintai.fingerprint.FingerprintLayout.TRANSITIONS;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import java.util.Objects;
import java.util.UUID;

/**
 * What an agent normally does: a fixed-size statistical summary of all its actions, updated in
 * constant time, and what of a new action is outside of it.
 *
 * <p>The {@value #BYTES} bytes <em>are</em> the state. All numbers are little-endian on every
 * machine:
 *
 * <pre>
 *  offset bytes  field
 *       0     4  magic "QFP1"                                            header, 40 bytes
 *       4     2  layout version, uint16: 3
 *       6     2  reserved, 0
 *       8     8  id of the hash seed
 *      16     8  sequence, int64: changes since the fingerprint was created
 *      24     4  CRC-32C of all other bytes, written by snapshot()
 *      28     4  previous action, uint32; 0 = none
 *      32     4  slow average of the number of distinct tools, float32
 *      36     4  tool calls, uint32, saturating
 *  ---------------------------------------------------------------------
 *      40     8  last updated, int64: nanoseconds since the Unix epoch
 *      48     8  total actions, int64
 *      56    24  risk: mean, m2 (float64), min, max (float32)            {@link Welford}
 *      80    16  interval: mean, variance (float64), seconds             {@link Ewma}
 *      96    48  capability mix, float32[12]                             {@link CapabilityMix}
 *     144    64  domains seen                                            {@link BloomFilter}
 *     208   128  servers seen
 *     336   128  tools seen
 *     464    64  distinct tools                                          {@link DistinctCounter}
 *     528    64  distinct servers
 *     592    64  distinct remote addresses
 *     656   384  transitions between actions                             {@link TransitionTable}
 *    1040    96  activity by hour of the day, float32[24]                {@link HourlyActivity}
 *    1136    16  agent id: UUID, high then low 64 bits
 *    1152  2048  calls by tool                                           {@link CountMinSketch}
 *    3200        end
 * </pre>
 *
 * <p>Keys are given as Strings, or as hashes that the same {@link KeyHasher} made of Strings or
 * UTF-8 slices. {@link KeyHasher#NONE} and null stand for a key that the action does not have.
 *
 * <p>Thread-safe: each method is atomic, none waits for anything but another method of the same
 * fingerprint. Updates and queries allocate nothing, unless {@link KeyHasher} meets a new String.
 */
public final class AgentFingerprint {
  // An update touches about 18 cache lines, most of them in one piece, which the processor fetches
  // ahead by itself: all before the transitions, one set of these, and four counters.
  //
  // A fingerprint learns for ever: filters and counters do not age, because "0 means never seen"
  // would end. What must follow an agent that changes is exponential (interval, hours, the slow
  // average of tools, the capability mix from 65,536 actions of one capability on).

  /** Bytes of a fingerprint and of its snapshot. */
  public static final int BYTES = FingerprintLayout.BYTES;

  /** The least standard deviation that a risk z-score divides by, on the scale of 0 to 1. */
  public static final double MIN_RISK_DEVIATION = 0.01;

  /** The least standard deviation, in seconds, that a temporal z-score divides by. */
  public static final double MIN_INTERVAL_DEVIATION = 0.001;

  /** Over how many tool calls the number of distinct tools is averaged for its growth. */
  public static final int GROWTH_WINDOW = 64;

  private static final double NANOS = 1e-9;
  private static final int CACHE_LINE = 64;
  private static final int TICK_SHIFT = 23; // 8.4 ms

  private final byte[] memory;
  private final KeyHasher keys;
  private final long idHigh;
  private final long idLow;
  private boolean retired;

  // Copies of two fields, so that what to touch is known once this object is read, before its bytes
  // are. Read without the lock: a stale one costs time, nothing else.
  private int previousHint;
  private int tickHint;

  // What the counter of distinct tools says, which changes seldom and is put together of 8 reads.
  private float toolEstimate;

  // The place in a BehaviorCache, kept here because an entry object would cost a cache line more.
  // Written under the lock of the cache's shard; next and referenced are read without it.
  volatile AgentFingerprint next;
  int ringIndex;
  boolean referenced;
  boolean unread; // the store could not say whether it has a past of this agent

  private AgentFingerprint(byte[] memory, KeyHasher keys) {
    this.memory = memory;
    this.keys = Objects.requireNonNull(keys, "keys");
    this.idHigh = LittleEndian.i64(memory, FingerprintLayout.AGENT_ID);
    this.idLow = LittleEndian.i64(memory, FingerprintLayout.AGENT_ID + 8);
    this.previousHint = LittleEndian.i32(memory, PREVIOUS_ACTION);
    this.tickHint = tick(LittleEndian.i64(memory, LAST_UPDATED));
    this.toolEstimate = (float) DistinctCounter.estimate(memory, DISTINCT_TOOLS);
  }

  /** A fingerprint of an agent of which nothing is known yet. */
  public static AgentFingerprint create(UUID agentId, KeyHasher keys) {
    return new AgentFingerprint(FingerprintLayout.empty(agentId, keys.seedId()), keys);
  }

  /**
   * The fingerprint that a snapshot was taken of; it answers exactly as that one did.
   *
   * @param snapshot copied, not kept
   * @throws SnapshotException when it is corrupt, of an unknown version or made under another seed
   */
  public static AgentFingerprint restore(byte[] snapshot, KeyHasher keys) throws SnapshotException {
    byte[] memory = snapshot.clone();
    FingerprintLayout.check(memory, keys.seedId());
    LittleEndian.i32(memory, CHECKSUM, 0);
    return new AgentFingerprint(memory, keys);
  }

  /** A copy of all bytes with their checksum, fit for {@link #restore}. */
  public synchronized byte[] snapshot() {
    byte[] copy = memory.clone();
    LittleEndian.i32(copy, CHECKSUM, FingerprintLayout.checksum(copy));
    return copy;
  }

  /**
   * Learns an action. Only the first action of a call counts its tool.
   *
   * @return whether it was learnt; false only after the fingerprint was evicted from its cache, and
   *     then the cache has, or makes, the one that counts
   * @throws IllegalArgumentException when the risk is infinite or not a number
   */
  public boolean update(Action action) {
    touch(action.timeNanos());
    return update(
        action.timeNanos(),
        action.capability(),
        keys.hash(action.tool()),
        keys.hash(action.server()),
        keys.hash(action.domain()),
        keys.hash(action.remoteIp()),
        action.risk(),
        action.first());
  }

  /** Learns an action that is the first of its call; see {@link #update(Action)}. */
  public boolean update(
      long timeNanos,
      Capability capability,
      String tool,
      String server,
      String domain,
      String remoteIp,
      double risk) {
    touch(timeNanos);
    return update(
        timeNanos,
        capability,
        keys.hash(tool),
        keys.hash(server),
        keys.hash(domain),
        keys.hash(remoteIp),
        risk,
        true);
  }

  /**
   * Learns an action whose keys are hashed.
   *
   * @param timeNanos when it was declared, nanoseconds since the Unix epoch; one before the last
   *     action's counts, but moves neither the interval nor the hours
   * @param capability what is done
   * @param tool hash of the tool's name, or {@link KeyHasher#NONE}; so for the next three
   * @param risk any finite number; 0 to 1 by the product's table
   * @param first whether the action is the first of its call and so counts the tool
   * @return as {@link #update(Action)}
   */
  public boolean update(
      long timeNanos,
      Capability capability,
      long tool,
      long server,
      long domain,
      long remoteIp,
      double risk,
      boolean first) {
    if (!Double.isFinite(risk)) {
      throw new IllegalArgumentException("risk must be a finite number: " + risk);
    }
    int action = actionKey(capability, tool);
    touch(timeNanos, tool, action);
    return learn(
        timeNanos, capability.index(), action, tool, server, domain, remoteIp, risk, first);
  }

  /**
   * {@link #update} of checked arguments, with the index of the capability and what {@link
   * #actionKey} makes of it and the tool.
   */
  synchronized boolean learn(
      long timeNanos,
      int capability,
      int action,
      long tool,
      long server,
      long domain,
      long remoteIp,
      double risk,
      boolean first) {
    if (retired) {
      return false;
    }
    byte[] m = memory;
    // 1. identity
    long total = LittleEndian.i64(m, TOTAL_ACTIONS) + 1;
    LittleEndian.i64(m, TOTAL_ACTIONS, total);
    LittleEndian.i64(
        m, FingerprintLayout.SEQUENCE, LittleEndian.i64(m, FingerprintLayout.SEQUENCE) + 1);
    // 2. capabilities
    CapabilityMix.add(m, CAPABILITIES, capability);
    // 3., 4. and 9. keys
    if (tool != KeyHasher.NONE) {
      learnTool(m, tool, first);
    }
    if (server != KeyHasher.NONE) {
      BloomFilter.add128(m, SERVER_FILTER, server);
      DistinctCounter.add(m, DISTINCT_SERVERS, server);
    }
    if (domain != KeyHasher.NONE) {
      BloomFilter.add64(m, DOMAIN_FILTER, domain);
    }
    if (remoteIp != KeyHasher.NONE) {
      DistinctCounter.add(m, DISTINCT_IPS, remoteIp);
    }
    // 5. and 6. time
    learnTime(m, timeNanos, total, first);
    // 7. risk
    Welford.add(m, RISK, total, risk);
    // 8. sequence
    int previous = LittleEndian.i32(m, PREVIOUS_ACTION);
    if (previous != 0) {
      TransitionTable.add(m, TRANSITIONS, previous, action);
    }
    LittleEndian.i32(m, PREVIOUS_ACTION, action);
    previousHint = action;
    tickHint = tick(timeNanos);
    return true;
  }

  private void learnTool(byte[] m, long tool, boolean first) {
    BloomFilter.add128(m, TOOL_FILTER, tool);
    if (DistinctCounter.add(m, DISTINCT_TOOLS, tool)) {
      toolEstimate = (float) DistinctCounter.estimate(m, DISTINCT_TOOLS);
    }
    // A tool whose first action was never told must not stay at 0: that would mean never seen.
    if (!first && CountMinSketch.count(m, TOOL_COUNTS, tool) != 0) {
      return;
    }
    CountMinSketch.add(m, TOOL_COUNTS, tool);
    int calls = LittleEndian.i32(m, FingerprintLayout.TOOL_CALLS);
    LittleEndian.i32(m, FingerprintLayout.TOOL_CALLS, calls == -1 ? calls : calls + 1);
    float distinct = toolEstimate;
    float baseline = LittleEndian.f32(m, FingerprintLayout.TOOL_BASELINE);
    LittleEndian.f32(
        m,
        FingerprintLayout.TOOL_BASELINE,
        calls == 0 ? distinct : baseline + (distinct - baseline) / GROWTH_WINDOW);
  }

  private static void learnTime(byte[] m, long timeNanos, long total, boolean first) {
    if (total == 1) {
      HourlyActivity.add(m, HOURLY, timeNanos, Long.MIN_VALUE);
      LittleEndian.i64(m, LAST_UPDATED, timeNanos);
      return;
    }
    long last = LittleEndian.i64(m, LAST_UPDATED);
    if (timeNanos < last) {
      return;
    }
    HourlyActivity.add(m, HOURLY, timeNanos, last);
    if (first) { // the actions of one call have one time; their gaps of 0 say nothing
      boolean noGapYet = Ewma.mean(m, INTERVAL) == 0 && Ewma.variance(m, INTERVAL) == 0;
      Ewma.add(m, INTERVAL, ((double) timeNanos - last) * NANOS, noGapYet);
    }
    LittleEndian.i64(m, LAST_UPDATED, timeNanos);
  }

  /**
   * Forgets which action came last, so that the next one is not taken to follow it: to be called
   * where a session begins.
   */
  public synchronized void breakSequence() {
    LittleEndian.i32(memory, PREVIOUS_ACTION, 0);
  }

  /**
   * Whether the agent has never used the tool. True is certain. False is wrong for about one new
   * tool in 10,000 at 100 known tools: filter, counters and list would all have to collide.
   */
  public boolean isNovelTool(String tool) {
    return isNovelTool(keys.hash(tool));
  }

  /** {@link #isNovelTool(String)} of a hashed key. */
  public synchronized boolean isNovelTool(long tool) {
    return !BloomFilter.contains128(memory, TOOL_FILTER, tool)
        || CountMinSketch.count(memory, TOOL_COUNTS, tool) == 0
        || !DistinctCounter.mightContain(memory, DISTINCT_TOOLS, tool);
  }

  /**
   * Whether the agent has never used the server. True is certain. False is wrong for fewer than one
   * new server in 10<sup>7</sup> while at most 31 are known, for 0.9% at 100.
   */
  public boolean isNovelServer(String server) {
    return isNovelServer(keys.hash(server));
  }

  /** {@link #isNovelServer(String)} of a hashed key. */
  public synchronized boolean isNovelServer(long server) {
    return !BloomFilter.contains128(memory, SERVER_FILTER, server)
        || !DistinctCounter.mightContain(memory, DISTINCT_SERVERS, server);
  }

  /**
   * Whether the agent has never contacted the domain. True is certain. False is wrong for 0.2% of
   * new domains at 30 known ones, 1.5% at 55, 8.6% at 100.
   */
  public boolean isNovelDomain(String domain) {
    return isNovelDomain(keys.hash(domain));
  }

  /** {@link #isNovelDomain(String)} of a hashed key. */
  public synchronized boolean isNovelDomain(long domain) {
    return !BloomFilter.contains64(memory, DOMAIN_FILTER, domain);
  }

  /**
   * How often the agent called the tool, 0 to {@value CountMinSketch#MAX_COUNT}. Never too low up
   * to there; too high by more than 1.06% of all its calls in at most 1.8% of queries.
   */
  public int toolCount(String tool) {
    return toolCount(keys.hash(tool));
  }

  /** {@link #toolCount(String)} of a hashed key. */
  public synchronized int toolCount(long tool) {
    return CountMinSketch.count(memory, TOOL_COUNTS, tool);
  }

  /**
   * How far an action of this capability is from what the agent normally does: Jensen-Shannon
   * divergence in bits, from near 0 (it does nothing else) to 1 (never done); 0.5 bits is a share
   * of about 14%, 0.95 of 1.3%.
   */
  public synchronized double capabilityJsd(Capability capability) {
    return CapabilityMix.jsd(memory, CAPABILITIES, capability.index());
  }

  /**
   * How far a mix of capabilities is from the agent's normal one, in bits, 0 to 1.
   *
   * @param incoming twelve weights in the order of {@link Capability}, as {@link
   *     CapabilityMix#jsd(double[])} takes them
   */
  public synchronized double capabilityJsd(double[] incoming) {
    return CapabilityMix.jsd(memory, CAPABILITIES, incoming);
  }

  /**
   * How unusual a pause before an action is: its distance from the smoothed interval in standard
   * deviations, negative when it is shorter. 0 before there are two intervals. The deviation is
   * taken as at least {@value #MIN_INTERVAL_DEVIATION} s.
   *
   * @param gapSeconds the pause since the last action, in seconds
   */
  public synchronized double temporalZScore(double gapSeconds) {
    if (LittleEndian.i64(memory, TOTAL_ACTIONS) < 3) {
      return 0;
    }
    double deviation = Math.max(MIN_INTERVAL_DEVIATION, Math.sqrt(Ewma.variance(memory, INTERVAL)));
    return (gapSeconds - Ewma.mean(memory, INTERVAL)) / deviation;
  }

  /**
   * How surprising it is that this action follows the last one: -log2 of its probability in bits, 0
   * to about 33; see {@link TransitionTable#surprise}. 0 when the fingerprint does not know what
   * follows the last one.
   */
  public double sequenceSurprise(Capability capability, String tool) {
    return sequenceSurprise(capability, keys.hash(tool));
  }

  /** {@link #sequenceSurprise(Capability, String)} of a hashed key. */
  public synchronized double sequenceSurprise(Capability capability, long tool) {
    int previous = LittleEndian.i32(memory, PREVIOUS_ACTION);
    return previous == 0
        ? 0
        : TransitionTable.surprise(memory, TRANSITIONS, previous, actionKey(capability, tool));
  }

  /**
   * How unusual a risk is for this agent: its distance from the mean of all its actions' risks in
   * standard deviations. 0 before there are two actions. The deviation is taken as at least {@value
   * #MIN_RISK_DEVIATION}.
   */
  public synchronized double riskZScore(double risk) {
    long total = LittleEndian.i64(memory, TOTAL_ACTIONS);
    if (total < 2) {
      return 0;
    }
    double deviation =
        Math.max(MIN_RISK_DEVIATION, Math.sqrt(Welford.variance(memory, RISK, total)));
    return (risk - Welford.mean(memory, RISK)) / deviation;
  }

  /**
   * How much the number of distinct tools has grown over its slow average, which follows with a
   * weight of 1/{@value #GROWTH_WINDOW} a call: 0 when it is stable, 1 when it has doubled lately.
   * 0 without tools; never negative.
   */
  public synchronized double toolCardinalityGrowth() {
    double baseline = LittleEndian.f32(memory, FingerprintLayout.TOOL_BASELINE);
    return baseline <= 0
        ? 0
        : Math.max(0, DistinctCounter.estimate(memory, DISTINCT_TOOLS) / baseline - 1);
  }

  /** Whose it is. */
  public UUID agentId() {
    return new UUID(idHigh, idLow);
  }

  boolean isOf(long high, long low) {
    return idHigh == high && idLow == low;
  }

  /** How many actions it has learnt. */
  public synchronized long totalActions() {
    return LittleEndian.i64(memory, TOTAL_ACTIONS);
  }

  /** How many tool calls it has learnt, at most 2<sup>32</sup> - 1. */
  public synchronized long toolCalls() {
    return LittleEndian.i32(memory, FingerprintLayout.TOOL_CALLS) & 0xFFFF_FFFFL;
  }

  /** The time of the latest action, nanoseconds since the Unix epoch; 0 without actions. */
  public synchronized long lastUpdatedNanos() {
    return LittleEndian.i64(memory, LAST_UPDATED);
  }

  /** How many distinct tools it has seen; see {@link DistinctCounter} for the error. */
  public synchronized double distinctTools() {
    return DistinctCounter.estimate(memory, DISTINCT_TOOLS);
  }

  /** How many distinct servers it has seen. */
  public synchronized double distinctServers() {
    return DistinctCounter.estimate(memory, DISTINCT_SERVERS);
  }

  /** How many distinct remote addresses it has seen. */
  public synchronized double distinctIps() {
    return DistinctCounter.estimate(memory, DISTINCT_IPS);
  }

  /** The share of actions with the capability, 0 to 1. */
  public synchronized float capabilityShare(Capability capability) {
    return CapabilityMix.share(memory, CAPABILITIES, capability.index());
  }

  /** The share of days on which it was active in an hour (0 to 23, UTC), 0 to 1. */
  public synchronized float hourlyShare(int hour) {
    return HourlyActivity.share(memory, HOURLY, Objects.checkIndex(hour, 24));
  }

  /** The mean of its actions' risks. */
  public synchronized double riskMean() {
    return Welford.mean(memory, RISK);
  }

  /** The highest of its actions' risks; 0 without actions. */
  public synchronized float riskMax() {
    return Welford.max(memory, RISK);
  }

  /** The smoothed interval between calls, in seconds. */
  public synchronized double intervalSeconds() {
    return Ewma.mean(memory, INTERVAL);
  }

  /** The hasher of its keys. */
  public KeyHasher keys() {
    return keys;
  }

  /**
   * Learns what another fingerprint knows, for example of the same agent on another machine.
   *
   * <ul>
   *   <li>Exact, as if all actions had been learnt here: filters, tool counts, capability mix,
   *       risk, totals; the distinct counts as {@link DistinctCounter#merge} says.
   *   <li>Nearly: transitions, of which rare ones may be lost.
   *   <li>Not at all, because they depend on the order of all actions; the state of whichever
   *       fingerprint has the later last action stays: interval, hours, previous action. The slow
   *       average of tools starts again from their new number.
   * </ul>
   *
   * @throws IllegalArgumentException when the other one was made under another seed
   */
  public void merge(AgentFingerprint other) {
    if (other == this) {
      return;
    }
    byte[] theirs = other.snapshot();
    if (LittleEndian.i64(theirs, FingerprintLayout.SEED_ID) != keys.seedId()) {
      throw new IllegalArgumentException("cannot merge fingerprints of different seeds");
    }
    synchronized (this) {
      FingerprintMerge.merge(memory, theirs);
      toolEstimate = (float) DistinctCounter.estimate(memory, DISTINCT_TOOLS);
    }
  }

  /** Takes no update from now on. */
  synchronized void retire() {
    retired = true;
  }

  // What follows reads one byte of each cache line that an update will need, so that all lines come
  // together: a locked instruction, such as entering a monitor, waits for all reads before it and
  // holds up all behind it, so within learn() they would come one after the other. No lock is
  // taken, and the bytes are not interpreted.

  private void touch(long timeNanos) {
    if (!isNear(timeNanos)) {
      keep(touchFixed());
    }
  }

  private void touch(long timeNanos, long tool, int action) {
    if (!isNear(timeNanos)) {
      keep(touchFixed() + touchCounts(tool) + touchTransitions(action));
    }
  }

  /** Whether the last action is so fresh that its lines will still be in a cache. */
  private boolean isNear(long timeNanos) {
    return tick(timeNanos) - tickHint <= 1;
  }

  /** The first line, and on the way to it the object and the array's length. */
  int touchFirst() {
    return memory[0];
  }

  /** The lines that each update needs, whatever its keys. */
  int touchFixed() {
    byte[] m = memory;
    int sum = 0;
    for (int at = 0; at < TRANSITIONS; at += CACHE_LINE) {
      sum += m[at];
    }
    return sum;
  }

  /** The counters of the tool. */
  int touchCounts(long tool) {
    return CountMinSketch.touch(memory, TOOL_COUNTS, tool);
  }

  /** The set of transitions that the action needs. */
  int touchTransitions(int action) {
    return TransitionTable.touch(memory, TRANSITIONS, previousHint, action);
  }

  private static int tick(long timeNanos) {
    return (int) (timeNanos >>> TICK_SHIFT);
  }

  /** Makes the compiler believe that the value is of use. */
  private static void keep(int value) {
    if (value == Integer.MIN_VALUE / 3) {
      Thread.onSpinWait();
    }
  }

  /** What was done, as one number for the transitions; never 0, which means nothing. */
  static int actionKey(Capability capability, long tool) {
    int key = (int) (((tool + capability.index()) * 0xD6E8_FEB8_6659_FD93L) >>> 32);
    return key == 0 ? 1 : key;
  }
}
