package dev.quintai.benchmarks.fingerprint;

import dev.quintai.core.spi.FingerprintStore;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps snapshots in memory. */
final class MemoryStore implements FingerprintStore {
  private final Map<UUID, byte[]> snapshots = new ConcurrentHashMap<>();

  @Override
  public Optional<byte[]> load(UUID agentId) {
    return Optional.ofNullable(snapshots.get(agentId));
  }

  @Override
  public void save(UUID agentId, byte[] snapshot) {
    snapshots.put(agentId, snapshot);
  }

  @Override
  public void close() {}
}
