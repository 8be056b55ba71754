package dev.quintai.fingerprint;

import dev.quintai.core.spi.FingerprintStore;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory that can be switched off. */
final class MapStore implements FingerprintStore {
  final Map<UUID, byte[]> snapshots = new ConcurrentHashMap<>();
  volatile boolean readable = true;
  volatile boolean writable = true;

  @Override
  public Optional<byte[]> load(UUID agentId) throws IOException {
    if (!readable) {
      throw new IOException("down");
    }
    return Optional.ofNullable(snapshots.get(agentId));
  }

  @Override
  public void save(UUID agentId, byte[] snapshot) throws IOException {
    if (!writable) {
      throw new IOException("down");
    }
    snapshots.put(agentId, snapshot.clone());
  }

  @Override
  public void close() {}
}
