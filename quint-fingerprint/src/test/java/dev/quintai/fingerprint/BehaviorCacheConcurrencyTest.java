package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.BehaviorCacheTest.action;
import static dev.quintai.fingerprint.BehaviorCacheTest.agent;
import static dev.quintai.fingerprint.Fingerprints.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.FingerprintStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BehaviorCacheConcurrencyTest {
  private static final int THREADS = 8;

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void inParallel(Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        all.add(
            pool.submit(
                () -> {
                  start.await();
                  work.run(thread);
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void oneAgentHammeredByManyLosesNoUpdate() throws Exception {
    BehaviorCache cache = BehaviorCache.builder(KEYS).build();
    int each = 20_000;
    inParallel(
        thread -> {
          for (int i = 0; i < each; i++) {
            assertThat(cache.getOrCreate(agent(7)).update(action(i))).isTrue();
          }
        });
    AgentFingerprint fingerprint = cache.getOrCreate(agent(7));
    assertThat(fingerprint.totalActions()).isEqualTo((long) THREADS * each);
    assertThat(fingerprint.toolCalls()).isEqualTo((long) THREADS * each);
    int counted = 0;
    for (int tool = 0; tool < 9; tool++) {
      counted += fingerprint.toolCount("tool-" + tool);
    }
    assertThat(counted).isEqualTo(THREADS * each); // nine names that share no counter in all rows
    assertThat(cache.stats().created()).isOne();
  }

  @Test
  void noUpdateIsLostWhileAgentsComeAndGo() throws Exception {
    MapStore store = new MapStore();
    BehaviorCache cache =
        BehaviorCache.builder(KEYS)
            .byteBudget(8L * BehaviorCache.BYTES_PER_AGENT)
            .store(store)
            .build();
    int each = 5_000;
    int agents = 40;
    inParallel(
        thread -> {
          SplitMix random = new SplitMix(thread);
          for (int i = 0; i < each; i++) {
            cache.update(agent(random.next(agents)), action(i));
          }
        });
    long total = 0;
    for (int a = 0; a < agents; a++) {
      total += cache.getOrCreate(agent(a)).totalActions();
    }
    assertThat(total).isEqualTo((long) THREADS * each);
    assertThat(cache.stats().evicted()).isGreaterThan(agents);
    assertThat(cache.stats().lost()).isZero();
    assertThat(cache.stats().agents()).isLessThanOrEqualTo(8);
  }

  @Test
  void allSeeOneFingerprintPerAgent() throws Exception {
    for (int round = 0; round < 50; round++) {
      BehaviorCache cache = BehaviorCache.builder(KEYS).build();
      AgentFingerprint[] seen = new AgentFingerprint[THREADS];
      inParallel(thread -> seen[thread] = cache.getOrCreate(agent(1)));
      assertThat(seen).containsOnly(seen[0]);
    }
  }

  @Test
  void hitsDoNotWaitForASlowStore() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger loads = new AtomicInteger();
    FingerprintStore slow =
        new FingerprintStore() {
          @Override
          public Optional<byte[]> load(UUID agentId) {
            if (loads.incrementAndGet() == 2) {
              loading.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return Optional.empty();
          }

          @Override
          public void save(UUID agentId, byte[] snapshot) {}

          @Override
          public void close() {}
        };
    BehaviorCache cache = BehaviorCache.builder(KEYS).store(slow).build();
    AgentFingerprint known = cache.getOrCreate(agent(0));
    UUID inSameShard = sameShard(cache, agent(0));
    Thread loader = new Thread(() -> cache.getOrCreate(inSameShard));
    loader.start();
    try {
      assertThat(loading.await(30, TimeUnit.SECONDS)).isTrue();
      // The shard's lock is held now; were it needed for a hit, this would never come back.
      assertThat(cache.getOrCreate(agent(0))).isSameAs(known);
      assertThat(known.update(action(1))).isTrue();
    } finally {
      release.countDown();
      loader.join();
    }
  }

  private static UUID sameShard(BehaviorCache cache, UUID other) {
    for (int i = 1; ; i++) {
      if (cache.shardOf(agent(i)) == cache.shardOf(other)) {
        return agent(i);
      }
    }
  }
}
