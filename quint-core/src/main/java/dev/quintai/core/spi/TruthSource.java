package dev.quintai.core.spi;

import dev.quintai.core.event.Event;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A sensor of what the operating system sees.
 *
 * <p>Events go to the consumer from one thread of the source, in its own order. Whatever a source
 * loses it reports as {@link dev.quintai.core.event.SensorLoss}; it never drops in silence.
 */
public interface TruthSource extends AutoCloseable {

  /** What a source can see. */
  enum Sight {
    EXEC,
    FORK,
    EXIT,
    FILE_READ,
    FILE_WRITE,
    FILE_DELETE,
    NETWORK,
    DNS
  }

  /**
   * Whether a source can work here.
   *
   * @param available whether it can
   * @param cause why not and what to do about it, in one sentence; empty when it can
   */
  record Availability(boolean available, String cause) {

    /** It works. */
    public static final Availability YES = new Availability(true, "");

    /** It cannot work, for this reason. */
    public static Availability no(String cause) {
      return new Availability(false, cause);
    }
  }

  /** Its name, as it stands in {@link dev.quintai.core.event.Origin#source()}. */
  String name();

  /** Whether it can work here; cheap enough to ask often. */
  Availability availability();

  /** What it can see. */
  Set<Sight> sees();

  /** Whether no event can be lost between the kernel and us. */
  boolean lossless();

  /**
   * Starts delivering. When the consumer throws, the event is lost for it and the source goes on.
   *
   * @throws IOException when it cannot start; nothing is left running then
   */
  void start(Consumer<? super Event> consumer) throws IOException;

  /** Stops delivering and frees what it holds. Idempotent. */
  @Override
  void close() throws IOException;
}
