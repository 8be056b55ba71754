package dev.quintai.daemon.store;

import dev.quintai.core.spi.FingerprintStore;
import dev.quintai.fingerprint.AgentFingerprint;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Fingerprints in Redis, for machines that share them: key {@code quint:fingerprint:{agent id}},
 * the value is the snapshot's bytes.
 *
 * <p>Fails fast: a command waits at most for the given time, nothing is queued while the server
 * cannot be reached, and after a failed attempt to connect the next one is made no sooner than
 * {@link #RETRY} later; calls in between fail at once. A lost connection comes back by itself. The
 * machines must share one {@link SeedFile seed}; fingerprints made under another are refused.
 *
 * <p>Two machines that use one agent id at the same time overwrite each other: the last to save
 * wins. Agent ids contain the machine, so this takes a setting that shares them.
 *
 * <p>Connects with the first call. Thread-safe.
 */
public final class RedisFingerprintStore implements FingerprintStore {

  /** How long a server that could not be reached is left alone. */
  public static final Duration RETRY = Duration.ofSeconds(5);

  private static final String PREFIX = "quint:fingerprint:";
  private static final int QUEUE = 1_024;

  private final RedisClient client;
  private final Duration timeToLive;
  private final LongSupplier nanoTime;
  private StatefulRedisConnection<byte[], byte[]> connection;
  private boolean failedBefore;
  private long failedAt;
  private boolean closed;

  /**
   * A store at this address.
   *
   * @param address for example {@code rediss://host:6380/0}; {@code rediss} is TLS with the
   *     certificate verified. A password comes from a file or the environment, not from the command
   *     line
   * @param timeout how long a command or an attempt to connect may take
   * @param timeToLive how long an agent's fingerprint is kept after it was saved last; null or zero
   *     for ever
   */
  public RedisFingerprintStore(RedisURI address, Duration timeout, Duration timeToLive) {
    this(address, timeout, timeToLive, System::nanoTime);
  }

  RedisFingerprintStore(
      RedisURI address, Duration timeout, Duration timeToLive, LongSupplier nanoTime) {
    Objects.requireNonNull(address, "address");
    this.timeToLive = timeToLive == null ? Duration.ZERO : timeToLive;
    this.nanoTime = nanoTime;
    client = RedisClient.create(address);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(QUEUE)
            .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
            .timeoutOptions(TimeoutOptions.enabled(timeout))
            .build());
  }

  @Override
  public Optional<byte[]> load(UUID agentId) throws IOException {
    try {
      // One byte more than a fingerprint has is enough to see that it is none.
      byte[] bytes = connection().sync().getrange(key(agentId), 0, AgentFingerprint.BYTES);
      return bytes == null || bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    } catch (RedisException e) {
      throw failed("read", e);
    }
  }

  @Override
  public void save(UUID agentId, byte[] snapshot) throws IOException {
    try {
      if (timeToLive.isZero()) {
        connection().sync().set(key(agentId), snapshot);
      } else {
        connection().sync().set(key(agentId), snapshot, SetArgs.Builder.px(timeToLive));
      }
    } catch (RedisException e) {
      throw failed("write", e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      connection = null;
    }
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2)); // closes the connection
  }

  private synchronized StatefulRedisConnection<byte[], byte[]> connection() throws IOException {
    if (closed) {
      throw new IOException("the fingerprint store in Redis is closed");
    }
    if (connection != null) {
      return connection;
    }
    if (failedBefore && nanoTime.getAsLong() - failedAt < RETRY.toNanos()) {
      throw new IOException("Redis could not be reached; the next attempt is due in seconds");
    }
    try {
      connection = client.connect(ByteArrayCodec.INSTANCE);
      failedBefore = false;
      return connection;
    } catch (RedisException e) {
      failedBefore = true;
      failedAt = nanoTime.getAsLong();
      throw e;
    }
  }

  private static IOException failed(String what, RedisException cause) {
    return new IOException(
        "cannot " + what + " fingerprints in Redis: " + cause.getMessage(), cause);
  }

  private static byte[] key(UUID agentId) {
    return (PREFIX + agentId).getBytes(StandardCharsets.US_ASCII);
  }
}
