package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.spi.TruthSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The JSON Lines of another's sensor as a truth source.
 *
 * <p>A line that cannot be read is told with its number and field, and counted as one lost event;
 * the rest goes on. Losses that the sensor tells are passed on before the next event, or at the end
 * of the stream. Acts that the sensor says were refused or failed are no events. A line has at most
 * {@link #MAX_LINE} bytes. Each line allocates what its JSON needs; nothing is kept of it.
 *
 * <p>Needs jackson-core. Thread-safe; {@link #start} makes one thread, {@link #read} reads in the
 * caller's. It reads once.
 */
public final class SensorStream implements TruthSource {

  /** How many bytes a line may have. */
  public static final int MAX_LINE = 4 * 1024 * 1024;

  private final SensorFormat format;
  private final InputStream in;
  private final String inputName;
  private final Consumer<? super String> problems;
  private final SensorTranslator translator;
  private final SensorLine said;
  private final Object delivery = new Object();
  private final GuardedConsumer guard = new GuardedConsumer();
  private boolean started;
  private boolean closed;
  private long lastTime;
  private long pendingLoss;
  private final AtomicLong bad = new AtomicLong();

  /**
   * Reads a stream.
   *
   * @param format whose lines they are
   * @param in the lines; closed with this source
   * @param inputName how messages name the input, for example its file
   * @param problems receives one message for each line that cannot be read; from the reading thread
   */
  public SensorStream(
      SensorFormat format, InputStream in, String inputName, Consumer<? super String> problems) {
    this.format = Objects.requireNonNull(format, "format");
    this.in = Objects.requireNonNull(in, "in");
    this.inputName = Objects.requireNonNull(inputName, "inputName");
    this.problems = Objects.requireNonNull(problems, "problems");
    this.translator = format.translator();
    this.said = new SensorLine(format.sourceName());
  }

  @Override
  public String name() {
    return format.sourceName();
  }

  @Override
  public Availability availability() {
    return Availability.YES;
  }

  @Override
  public Set<Sight> sees() {
    return format.sees();
  }

  @Override
  public boolean lossless() {
    return false;
  }

  /** How many lines could not be read so far. */
  public long badLines() {
    return bad.get();
  }

  @Override
  public void start(Consumer<? super Event> consumer) throws IOException {
    Consumer<Event> guarded = guard.over(Objects.requireNonNull(consumer, "consumer"));
    begin();
    Thread thread =
        new Thread(
            () -> {
              try {
                readAll(guarded);
              } catch (IOException e) {
                if (!isClosed()) {
                  problems.accept(inputName + ": cannot be read any further: " + e.getMessage());
                }
              }
            },
            "quint-" + name());
    thread.setDaemon(true);
    thread.start();
  }

  /** How many events the consumer of {@link #start} threw at. */
  public long refusedByConsumer() {
    return guard.refused();
  }

  /**
   * Reads to the end of the stream. An exception of the consumer comes out of here.
   *
   * @return how many lines could not be read
   * @throws IOException when the stream fails
   */
  public long read(Consumer<? super Event> consumer) throws IOException {
    Objects.requireNonNull(consumer, "consumer");
    begin();
    readAll(consumer);
    return bad.get();
  }

  private void begin() throws IOException {
    synchronized (delivery) {
      if (started || closed) {
        throw new IOException("a stream is read once");
      }
      started = true;
    }
  }

  private boolean isClosed() {
    synchronized (delivery) {
      return closed;
    }
  }

  private void readAll(Consumer<? super Event> consumer) throws IOException {
    ByteLines lines = new ByteLines(in, MAX_LINE);
    for (long number = 1; !isClosed() && lines.next(); number++) {
      if (lines.blank()) {
        continue;
      }
      said.begin();
      try {
        if (lines.tooLong()) {
          throw new BadLineException("at most " + MAX_LINE + " bytes a line were expected");
        }
        translator.translate(JsonFields.parse(lines.bytes(), lines.length()), said);
      } catch (BadLineException e) {
        said.takeBack();
        said.lost(1);
        bad.incrementAndGet();
        problems.accept(inputName + ":" + number + ": " + e.getMessage());
      }
      deliver(consumer);
    }
    synchronized (delivery) {
      if (!closed) {
        tellLoss(lastTime, consumer);
      }
    }
  }

  private void deliver(Consumer<? super Event> consumer) {
    synchronized (delivery) {
      pendingLoss += said.lostEvents();
      for (Event event : said.events()) {
        if (closed) {
          return;
        }
        tellLoss(event.timeNanos(), consumer);
        lastTime = event.timeNanos();
        consumer.accept(event);
      }
    }
  }

  /** A loss has no number of its own: the events around it keep theirs without a gap. */
  private void tellLoss(long time, Consumer<? super Event> consumer) {
    if (pendingLoss > 0) {
      consumer.accept(new SensorLoss(time, Origin.of(name()), pendingLoss));
      pendingLoss = 0;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (delivery) {
      closed = true;
    }
    in.close();
  }
}
