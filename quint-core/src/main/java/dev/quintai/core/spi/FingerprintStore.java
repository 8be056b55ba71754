package dev.quintai.core.spi;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps fingerprints beyond the memory of this process.
 *
 * <p>Thread-safe. A store that is down costs detection quality, never an error to the agent:
 * callers count an {@link IOException} and go on with an empty fingerprint.
 */
public interface FingerprintStore extends AutoCloseable {

  /** The bytes last saved for the agent, if any. */
  Optional<byte[]> load(UUID agentId) throws IOException;

  /** Saves the agent's bytes over what was there. */
  void save(UUID agentId, byte[] snapshot) throws IOException;

  @Override
  void close() throws IOException;
}
