package dev.quintai.benchmarks.fingerprint;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.quintai.core.Capability;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHash;
import dev.quintai.fingerprint.KeyHasher;
import dev.quintai.fingerprint.SnapshotException;
import java.util.Optional;
import java.util.UUID;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * What two threads may see of a fingerprint and of its cache. Each nested class is one experiment;
 * its outcomes are all that there may be.
 */
public final class FingerprintStress {
  private static final HashSeed SEED = HashSeed.ofSession("stress");
  private static final KeyHasher KEYS = new KeyHasher(SEED, KeyHash.xxh3(SEED), 4);
  private static final UUID AGENT = new UUID(7, 7);
  private static final UUID OTHER = new UUID(8, 8);

  private FingerprintStress() {}

  private static boolean learn(AgentFingerprint fingerprint) {
    return fingerprint.update(0, Capability.READ, 1, 1, 1, 1, 0, true);
  }

  private static BehaviorCache cacheOfOne(MemoryStore store) {
    return BehaviorCache.builder(KEYS).byteBudget(1).store(store).build();
  }

  private static int actions(Optional<byte[]> snapshot) {
    try {
      return snapshot.isEmpty()
          ? 0
          : (int) AgentFingerprint.restore(snapshot.get(), KEYS).totalActions();
    } catch (SnapshotException e) {
      return -1;
    }
  }

  /** Two that ask for a new agent get one and the same fingerprint, wholly made. */
  @JCStressTest
  @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "both see one whole fingerprint")
  @Outcome(expect = FORBIDDEN, desc = "two fingerprints, or one that is half made")
  @State
  public static class Publication {
    private final BehaviorCache cache = BehaviorCache.builder(KEYS).byteBudget(1).build();
    private AgentFingerprint first;
    private AgentFingerprint second;

    /** Made by jcstress. */
    public Publication() {}

    private static boolean whole(AgentFingerprint fingerprint) {
      return fingerprint.agentId().equals(AGENT)
          && fingerprint.keys() == KEYS
          && actions(Optional.of(fingerprint.snapshot())) == 0;
    }

    /** Asks. */
    @Actor
    public void one(ZZZ_Result result) {
      first = cache.getOrCreate(AGENT);
      result.r1 = whole(first);
    }

    /** Asks too. */
    @Actor
    public void other(ZZZ_Result result) {
      second = cache.getOrCreate(AGENT);
      result.r2 = whole(second);
    }

    /** Compares. */
    @Arbiter
    public void compare(ZZZ_Result result) {
      result.r3 = first == second;
    }
  }

  /** Two updates of one fingerprint both count. */
  @JCStressTest
  @Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "both are learnt")
  @Outcome(expect = FORBIDDEN, desc = "an update is lost")
  @State
  public static class Updates {
    private final AgentFingerprint fingerprint = AgentFingerprint.create(AGENT, KEYS);

    /** Made by jcstress. */
    public Updates() {}

    /** Learns. */
    @Actor
    public void one() {
      learn(fingerprint);
    }

    /** Learns too. */
    @Actor
    public void other() {
      learn(fingerprint);
    }

    /** Counts. */
    @Arbiter
    public void count(ZI_Result result) {
      result.r1 = fingerprint.toolCount(1L) == 2;
      result.r2 = (int) fingerprint.totalActions();
    }
  }

  /** What is no longer novel has been counted: one call never sees half of an update. */
  @JCStressTest
  @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "before the update")
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "the update came between the calls")
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "after the update")
  @Outcome(id = "false, 0", expect = FORBIDDEN, desc = "half of an update")
  @State
  public static class Reading {
    private final AgentFingerprint fingerprint = AgentFingerprint.create(AGENT, KEYS);

    /** Made by jcstress. */
    public Reading() {}

    /** Learns. */
    @Actor
    public void learns() {
      learn(fingerprint);
    }

    /** Asks twice. */
    @Actor
    public void asks(ZI_Result result) {
      result.r1 = fingerprint.isNovelTool(1L);
      result.r2 = fingerprint.toolCount(1L);
    }
  }

  /** An update that meets an eviction is either refused or in the snapshot that was saved. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "learnt, then saved")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "evicted, then refused")
  @Outcome(expect = FORBIDDEN, desc = "the answer and the snapshot do not agree")
  @State
  public static class Eviction {
    private final MemoryStore store = new MemoryStore();
    private final BehaviorCache cache = cacheOfOne(store);
    private final AgentFingerprint fingerprint = cache.getOrCreate(AGENT);

    /** Made by jcstress. */
    public Eviction() {}

    /** Learns. */
    @Actor
    public void learns(ZI_Result result) {
      result.r1 = learn(fingerprint);
    }

    /** Needs the only place. */
    @Actor
    public void evicts() {
      cache.getOrCreate(OTHER);
    }

    /** Reads what was saved. */
    @Arbiter
    public void read(ZI_Result result) {
      result.r2 = actions(store.load(AGENT));
    }
  }

  /** An update through the cache is there afterwards, whatever was evicted meanwhile. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are learnt")
  @Outcome(expect = FORBIDDEN, desc = "an update is lost or counts twice")
  @State
  public static class Rehydration {
    private final MemoryStore store = new MemoryStore();
    private final BehaviorCache cache = cacheOfOne(store);

    /** Made by jcstress. */
    public Rehydration() {}

    private void learnOf(UUID agent) {
      boolean learnt;
      do {
        learnt = learn(cache.getOrCreate(agent));
      } while (!learnt);
    }

    /** Learns of one agent. */
    @Actor
    public void one() {
      learnOf(AGENT);
    }

    /** Learns of another, for which there is no room beside it. */
    @Actor
    public void other() {
      learnOf(OTHER);
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result result) {
      result.r1 = (int) cache.getOrCreate(AGENT).totalActions();
      result.r2 = (int) cache.getOrCreate(OTHER).totalActions();
    }
  }

  /** The memo of hashes, written by two at once without a lock, gives each key its own hash. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "each its own")
  @Outcome(expect = FORBIDDEN, desc = "a key got the hash of another")
  @State
  public static class Memo {
    private static final long A = KEYS.hash("a");
    private static final long B = KEYS.hash("b");

    private final KeyHasher keys = new KeyHasher(SEED, KeyHash.xxh3(SEED), 4);

    /** Made by jcstress. */
    public Memo() {}

    /** Asks for two keys. */
    @Actor
    public void one(ZZ_Result result) {
      result.r1 = keys.hash("a") == A & keys.hash("b") == B;
    }

    /** Asks for them the other way round. */
    @Actor
    public void other(ZZ_Result result) {
      result.r2 = keys.hash("b") == B & keys.hash("a") == A;
    }
  }
}
