package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.Fingerprints.KEYS;
import static dev.quintai.fingerprint.Fingerprints.SECOND;
import static dev.quintai.fingerprint.Fingerprints.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BehaviorCacheTest {
  private static final long TEN_AGENTS = 10L * BehaviorCache.BYTES_PER_AGENT;

  static UUID agent(int i) {
    return new UUID((SplitMix.mix(i + 1) & ~0xF000L) | 0x5000L, SplitMix.mix(-i - 1));
  }

  static Action action(int i) {
    return new Action(
        Capability.at(i % 12),
        "tool-" + i % 9,
        "server-" + i % 4,
        "d" + i % 5 + ".example",
        null,
        false,
        START + i * SECOND,
        i % 10 / 10.0,
        null,
        true,
        false);
  }

  @Test
  void fortyThousandAgentsFitTheDefaultBudget() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    UUID[] agents = new UUID[40_000];
    for (int i = 0; i < agents.length; i++) {
      agents[i] = agent(i);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    BehaviorCache cache = BehaviorCache.builder(KEYS).build();
    for (UUID agent : agents) {
      cache.getOrCreate(agent);
    }
    // What was allocated is an upper bound of what is kept: rings that grew are counted twice.
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes).isLessThan(BehaviorCache.DEFAULT_BUDGET);
    assertThat(cache.stats().agents()).isEqualTo(40_000);
    assertThat(cache.stats().evicted()).isZero();
    assertThat(cache.stats().capacity()).isGreaterThanOrEqualTo(40_000);
  }

  @Test
  void aHitIsTheSameObjectAndAllocatesNothing() {
    BehaviorCache cache = BehaviorCache.builder(KEYS).build();
    AgentFingerprint first = cache.getOrCreate(agent(1));
    assertThat(cache.getOrCreate(agent(1))).isSameAs(first);
    assertThat(first.agentId()).isEqualTo(agent(1));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    UUID agent = agent(1);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        cache.getOrCreate(agent);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }

  /** The cache with a store against a plain map that forgets nothing. */
  @Property(tries = 60)
  void anEvictedFingerprintAnswersAsBefore(
      @ForAll @Size(max = 400) List<@IntRange(max = 29) Integer> agents) {
    MapStore store = new MapStore();
    BehaviorCache cache = BehaviorCache.builder(KEYS).byteBudget(TEN_AGENTS).store(store).build();
    Map<Integer, AgentFingerprint> exact = new HashMap<>();
    for (int i = 0; i < agents.size(); i++) {
      int agent = agents.get(i);
      cache.update(agent(agent), action(i));
      exact.computeIfAbsent(agent, a -> AgentFingerprint.create(agent(a), KEYS)).update(action(i));
    }
    exact.forEach(
        (agent, fingerprint) ->
            assertThat(cache.getOrCreate(agent(agent)).snapshot())
                .isEqualTo(fingerprint.snapshot()));
    CacheStats stats = cache.stats();
    assertThat(stats.agents()).isLessThanOrEqualTo(10).isLessThanOrEqualTo(stats.capacity());
    assertThat(stats.agents()).isEqualTo(stats.created() + stats.loaded() - stats.evicted());
    assertThat(stats.lost() + stats.storeFailures() + stats.rejected()).isZero();
  }

  @Test
  void theBudgetHoldsWhateverTheHash() {
    for (int capacity : new int[] {1, 2, 300}) {
      BehaviorCache cache =
          BehaviorCache.builder(KEYS)
              .byteBudget((long) capacity * BehaviorCache.BYTES_PER_AGENT)
              .build();
      for (int i = 0; i < 2_000; i++) {
        cache.getOrCreate(agent(i)).update(action(i));
        assertThat(cache.stats().agents()).isLessThanOrEqualTo(capacity);
      }
      assertThat(cache.stats().agents()).isEqualTo(capacity);
      assertThat(cache.stats().evicted()).isEqualTo(2_000 - capacity);
    }
  }

  @Test
  void whatIsUsedStaysWhatIsNotGoes() {
    List<UUID> gone = new ArrayList<>();
    BehaviorCache cache =
        BehaviorCache.builder(KEYS)
            .byteBudget(2_000L * BehaviorCache.BYTES_PER_AGENT)
            .evictionListener(f -> gone.add(f.agentId()))
            .build();
    for (int i = 0; i < 20_000; i++) {
      cache.getOrCreate(agent(i));
      for (int hot = 0; hot < 5; hot++) {
        cache.getOrCreate(agent((i * 5 + hot) % 500));
      }
    }
    assertThat(gone).hasSize((int) cache.stats().evicted()).isNotEmpty();
    long hotGone = gone.stream().filter(isHot()::contains).count();
    assertThat((double) hotGone / gone.size()).isLessThan(0.02);
  }

  private static java.util.Set<UUID> isHot() {
    java.util.Set<UUID> hot = new java.util.HashSet<>();
    for (int i = 0; i < 500; i++) {
      hot.add(agent(i));
    }
    return hot;
  }

  @Test
  void anEvictedFingerprintTakesNoUpdateButAnswers() {
    MapStore store = new MapStore();
    BehaviorCache cache =
        BehaviorCache.builder(KEYS)
            .byteBudget(1)
            .store(store)
            .evictionListener(
                f -> {
                  throw new IllegalStateException("listener");
                })
            .build();
    AgentFingerprint first = cache.getOrCreate(agent(1));
    assertThat(first.update(action(1))).isTrue();
    cache.getOrCreate(agent(2));
    assertThat(first.update(action(2))).isFalse();
    assertThat(first.totalActions()).isOne();
    assertThat(store.snapshots).containsOnlyKeys(agent(1));
    assertThat(cache.stats().listenerFailures()).isOne();
    cache.update(agent(1), action(2));
    assertThat(cache.getOrCreate(agent(1)).totalActions()).isEqualTo(2);
  }

  @Test
  void aStoreThatIsDownIsCountedAndNeverThrows() {
    MapStore store = new MapStore();
    store.readable = false;
    store.writable = false;
    BehaviorCache cache = BehaviorCache.builder(KEYS).byteBudget(TEN_AGENTS).store(store).build();
    for (int i = 0; i < 30; i++) {
      cache.update(agent(i), action(i));
    }
    assertThat(cache.saveAll()).isZero();
    CacheStats stats = cache.stats();
    assertThat(stats.agents()).isEqualTo(10);
    assertThat(stats.lost()).isEqualTo(20);
    assertThat(stats.storeFailures()).isEqualTo(30 + 20 + 10);
    store.readable = true;
    store.writable = true;
    assertThat(cache.saveAll()).isEqualTo(10);
    assertThat(cache.save(agent(99))).isFalse();
  }

  @Test
  void aPastThatCouldNotBeReadIsNotOverwritten() throws SnapshotException {
    MapStore store = new MapStore();
    AgentFingerprint past = AgentFingerprint.create(agent(1), KEYS);
    for (int i = 0; i < 100; i++) {
      past.update(action(i));
    }
    store.snapshots.put(agent(1), past.snapshot());
    BehaviorCache cache = BehaviorCache.builder(KEYS).store(store).build();
    store.readable = false;
    cache.update(agent(1), action(500));
    assertThat(cache.save(agent(1))).isFalse();
    assertThat(store.snapshots.get(agent(1))).isEqualTo(past.snapshot());
    store.readable = true;
    assertThat(cache.save(agent(1))).isTrue();
    AgentFingerprint merged = AgentFingerprint.restore(store.snapshots.get(agent(1)), KEYS);
    assertThat(merged.totalActions()).isEqualTo(101);
    assertThat(cache.save(agent(1))).isTrue();
    assertThat(cache.getOrCreate(agent(1)).totalActions()).isEqualTo(101);
  }

  @Test
  void aSnapshotThatCannotBeUsedIsCountedAndReplaced() {
    MapStore store = new MapStore();
    store.snapshots.put(agent(1), new byte[17]);
    store.snapshots.put(agent(2), AgentFingerprint.create(agent(3), KEYS).snapshot());
    BehaviorCache cache = BehaviorCache.builder(KEYS).store(store).build();
    assertThat(cache.getOrCreate(agent(1)).totalActions()).isZero();
    assertThat(cache.getOrCreate(agent(2)).agentId()).isEqualTo(agent(2));
    assertThat(cache.stats().rejected()).isEqualTo(2);
    assertThat(cache.stats().created()).isEqualTo(2);
  }

  @Test
  void emptyFingerprintsAreNotStored() {
    MapStore store = new MapStore();
    BehaviorCache cache = BehaviorCache.builder(KEYS).byteBudget(1).store(store).build();
    cache.getOrCreate(agent(1));
    cache.getOrCreate(agent(2));
    assertThat(store.snapshots).isEmpty();
    assertThat(cache.stats().lost()).isZero();
  }

  @Test
  void refusesABudgetOfNothing() {
    assertThatThrownBy(() -> BehaviorCache.builder(KEYS).byteBudget(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
