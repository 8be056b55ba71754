package dev.quintai.benchmarks.fingerprint;

import dev.quintai.core.Capability;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHash;
import dev.quintai.fingerprint.KeyHasher;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * A cache that holds one agent, so that each call for another one evicts and loads, must look to
 * all threads like a table of counters: what was learnt before is always there.
 */
@Param(name = "agent", gen = IntGen.class, conf = "0:2")
public class BehaviorCacheLinearizabilityTest {
  private static final HashSeed SEED = HashSeed.ofSession("linearizability");

  private final BehaviorCache cache =
      BehaviorCache.builder(new KeyHasher(SEED, KeyHash.xxh3(SEED), 4))
          .byteBudget(1)
          .store(new MemoryStore())
          .build();

  /** Learns one action of the agent. */
  @Operation
  public void learn(@Param(name = "agent") int agent) {
    boolean learnt;
    do {
      learnt = cache.getOrCreate(id(agent)).update(0, Capability.READ, 1, 1, 1, 1, 0, true);
    } while (!learnt);
  }

  /** How many actions of the agent were learnt. */
  @Operation
  public long learnt(@Param(name = "agent") int agent) {
    cache.save(id(agent));
    return cache.getOrCreate(id(agent)).totalActions();
  }

  private static UUID id(int agent) {
    return new UUID(agent, ~agent);
  }

  /** Threads as the machine runs them. */
  @Test
  void holdsUnderStress() {
    new StressOptions()
        .iterations(30)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsPerThread(3)
        .check(BehaviorCacheLinearizabilityTest.class);
  }

  /** Interleavings as Lincheck chooses them. */
  @Test
  void holdsInEachInterleaving() {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .loopBound(1_000) // making room looks at 256 shards: no livelock
        // Lincheck cannot follow views of byte arrays; all use of them is under a fingerprint's
        // lock.
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses("dev.quintai.fingerprint.LittleEndian")
                .allMethods()
                .ignore())
        .check(BehaviorCacheLinearizabilityTest.class);
  }
}
