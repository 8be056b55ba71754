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
  // updates are read first, in two rounds: the first fits 16 chains of dependent reads, object to
  // array to header, into that window, and which transitions are needed depends on the header.

  /** How many actions it holds. */
  public static final int CAPACITY = 16;

  private static final int TIME = 0;
  private static final int KIND = 1; // action key, capability, and 1 for the first of a call
  private static final int TOOL = 2;
  private static final int SERVER = 3;
  private static final int DOMAIN = 4;
  private static final int REMOTE_IP = 5;
  private static final int RISK = 6;
  private static final int LOG_STRIDE = 3;

  private final AgentFingerprint[] fingerprints = new AgentFingerprint[CAPACITY];
  private final long[] actions = new long[CAPACITY << LOG_STRIDE];
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
    long[] a = actions;
    int at = i << LOG_STRIDE;
    a[at + TIME] = timeNanos;
    a[at + KIND] =
        (long) AgentFingerprint.actionKey(capability, tool) << 32
            | (long) capability.index() << 1
            | (first ? 1 : 0);
    a[at + TOOL] = tool;
    a[at + SERVER] = server;
    a[at + DOMAIN] = domain;
    a[at + REMOTE_IP] = remoteIp;
    a[at + RISK] = Double.doubleToRawLongBits(risk);
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
    AgentFingerprint[] all = fingerprints;
    long[] a = actions;
    int n = size;
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += all[i].touchFirst();
    }
    for (int i = 0; i < n; i++) {
      AgentFingerprint f = all[i];
      int at = i << LOG_STRIDE;
      sum += f.touchFixed() + f.touchCounts(a[at + TOOL]);
      sum += f.touchTransitions((int) (a[at + KIND] >>> 32));
    }
    touched = sum;
    int refused = 0;
    for (int i = 0; i < n; i++) {
      int at = i << LOG_STRIDE;
      long kind = a[at + KIND];
      boolean learnt =
          all[i].learn(
              a[at + TIME],
              (int) kind >>> 1,
              (int) (kind >>> 32),
              a[at + TOOL],
              a[at + SERVER],
              a[at + DOMAIN],
              a[at + REMOTE_IP],
              Double.longBitsToDouble(a[at + RISK]),
              (kind & 1) != 0);
      refused |= learnt ? 0 : 1 << i;
      all[i] = null;
    }
    size = 0;
    return refused;
  }

  @Override
  public String toString() {
    return "ActionBatch of " + size + " (" + Integer.toHexString(touched) + ")";
  }
}
