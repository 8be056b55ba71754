package dev.quintai.fingerprint;

import dev.quintai.core.Capability;
import java.util.Objects;

/**
 * Up to 16 actions with hashed keys that are learnt together: for a stream over so many agents that
 * most fingerprints are not in the processor's caches.
 *
 * <p>Learning 16 at once is the same as learning them one after the other, in the order in which
 * they were added. It is faster on cold fingerprints, since the memory of all 16 is fetched at the
 * same time, and slower on hot ones.
 *
 * <p>Reusable; allocates nothing but itself. Not thread-safe, but the fingerprints in it may be
 * used by other threads.
 */
public final class ActionBatch {
  // One uncached line takes 100 ns or more, but a core can wait for ten or so at once. An update
  // alone does not get there: it is too long for the out-of-order window. So the lines of all
  // updates are read first, in two rounds, because which transitions are needed depends on the
  // previous action, which stands in the header.

  /** How many actions it holds. */
  public static final int CAPACITY = 16;

  private final AgentFingerprint[] fingerprints = new AgentFingerprint[CAPACITY];
  private final long[] times = new long[CAPACITY];
  private final Capability[] capabilities = new Capability[CAPACITY];
  private final long[] tools = new long[CAPACITY];
  private final long[] servers = new long[CAPACITY];
  private final long[] domains = new long[CAPACITY];
  private final long[] remoteIps = new long[CAPACITY];
  private final double[] risks = new double[CAPACITY];
  private final boolean[] firsts = new boolean[CAPACITY];
  private int size;
  private int touched; // keeps the reads alive

  /** An empty batch. */
  public ActionBatch() {}

  /**
   * Adds an action; see {@link AgentFingerprint#update(long, Capability, long, long, long, long,
   * double, boolean)}.
   *
   * @return whether the batch is full now and must be {@linkplain #learn learnt}
   * @throws IllegalStateException when it was full before
   * @throws IllegalArgumentException when the risk is infinite or not a number
   */
  public boolean add(
      AgentFingerprint fingerprint,
      long timeNanos,
      Capability capability,
      long tool,
      long server,
      long domain,
      long remoteIp,
      double risk,
      boolean first) {
    int i = size;
    if (i == CAPACITY) {
      throw new IllegalStateException("the batch is full");
    }
    if (!Double.isFinite(risk)) {
      throw new IllegalArgumentException("risk must be a finite number: " + risk);
    }
    fingerprints[i] = Objects.requireNonNull(fingerprint, "fingerprint");
    times[i] = timeNanos;
    capabilities[i] = Objects.requireNonNull(capability, "capability");
    tools[i] = tool;
    servers[i] = server;
    domains[i] = domain;
    remoteIps[i] = remoteIp;
    risks[i] = risk;
    firsts[i] = first;
    size = i + 1;
    return size == CAPACITY;
  }

  /** How many actions are in it. */
  public int size() {
    return size;
  }

  /**
   * Learns all actions and empties the batch.
   *
   * @return a bit for each action that was not learnt because its fingerprint has been evicted
   *     meanwhile: bit i for the one added as the ith, from 0
   */
  public int learn() {
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += fingerprints[i].touch(times[i], tools[i]);
    }
    for (int i = 0; i < size; i++) {
      sum += fingerprints[i].touchTransitions(capabilities[i], tools[i]);
    }
    touched = sum;
    int refused = 0;
    for (int i = 0; i < size; i++) {
      boolean learnt =
          fingerprints[i].update(
              times[i],
              capabilities[i],
              tools[i],
              servers[i],
              domains[i],
              remoteIps[i],
              risks[i],
              firsts[i]);
      refused |= learnt ? 0 : 1 << i;
      fingerprints[i] = null;
    }
    size = 0;
    return refused;
  }

  @Override
  public String toString() {
    return "ActionBatch of " + size + " (" + Integer.toHexString(touched) + ")";
  }
}
