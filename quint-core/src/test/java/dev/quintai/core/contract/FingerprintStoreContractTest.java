package dev.quintai.core.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.spi.FingerprintStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class FingerprintStoreContractTest {

  /** Keeps its promises; each flag breaks one. */
  private static class MapStore implements FingerprintStore {
    private final Map<UUID, byte[]> saved;
    boolean keepsArrays;
    boolean forgetsOwners;
    boolean takesNull;
    boolean closesOnce;
    private boolean closed;

    MapStore(Map<UUID, byte[]> saved) {
      this.saved = saved;
    }

    @Override
    public Optional<byte[]> load(UUID agentId) {
      UUID key = forgetsOwners ? new UUID(0, 0) : Objects.requireNonNull(agentId);
      byte[] bytes = saved.get(key);
      return Optional.ofNullable(bytes == null || keepsArrays ? bytes : bytes.clone());
    }

    @Override
    public void save(UUID agentId, byte[] snapshot) {
      if (snapshot == null && takesNull) {
        return;
      }
      UUID key = forgetsOwners ? new UUID(0, 0) : Objects.requireNonNull(agentId);
      saved.put(key, keepsArrays ? snapshot : snapshot.clone());
    }

    @Override
    public void close() {
      if (closed && closesOnce) {
        throw new IllegalStateException("closed already");
      }
      closed = true;
    }
  }

  private static MapStore store() {
    return new MapStore(new ConcurrentHashMap<>());
  }

  @Test
  void aStoreThatKeepsItsPromisesPasses() throws InterruptedException {
    FingerprintStoreContract.verify(FingerprintStoreContractTest::store);
    Map<UUID, byte[]> disk = new HashMap<>();
    FingerprintStoreContract.verifyDurable(() -> new MapStore(disk));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      FingerprintStoreContract.verifyConcurrent(FingerprintStoreContractTest::store, threads);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void everyBrokenPromiseIsListed() {
    assertThatThrownBy(
            () ->
                FingerprintStoreContract.verify(
                    () -> {
                      MapStore store = store();
                      store.keepsArrays = true;
                      store.takesNull = true;
                      store.closesOnce = true;
                      return store;
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("load() gives what was saved last")
        .hasMessageContaining("a loaded array is the caller's own")
        .hasMessageContaining("save() refuses a null snapshot")
        .hasMessageContaining("close() again");
    assertThatThrownBy(
            () ->
                FingerprintStoreContract.verify(
                    () -> {
                      MapStore store = store();
                      store.forgetsOwners = true;
                      return store;
                    }))
        .hasMessageContaining("agents are apart");
    assertThatThrownBy(
            () -> FingerprintStoreContract.verifyDurable(FingerprintStoreContractTest::store))
        .hasMessageContaining("snapshots outlive the store");
  }
}
