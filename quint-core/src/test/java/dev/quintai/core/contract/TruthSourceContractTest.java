package dev.quintai.core.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.TruthSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TruthSourceContractTest {

  /** Delivers what {@link #happen} is told, from the thread that tells it. */
  private static class BellSource implements TruthSource {
    static BellSource running;
    private Consumer<? super Event> consumer;
    private long seq;
    String origin = "bell";
    long step = 1;
    boolean deaf;
    boolean neverStops;
    Availability availability = Availability.YES;

    void happen() {
      if (consumer != null && !deaf) {
        consumer.accept(new ProcessExit(5, ProcessId.ofPid(1), new Origin(origin, seq), 0));
        seq += step;
        consumer.accept(new ProcessExit(6, ProcessId.ofPid(2), new Origin(origin, seq), 0));
        seq += step;
      }
    }

    @Override
    public String name() {
      return "bell";
    }

    @Override
    public Availability availability() {
      return availability;
    }

    @Override
    public Set<Sight> sees() {
      return Set.of(Sight.EXIT);
    }

    @Override
    public boolean lossless() {
      return true;
    }

    @Override
    public void start(Consumer<? super Event> to) throws IOException {
      if (!availability.available()) {
        throw new IOException(availability.cause());
      }
      consumer = to;
      running = this;
    }

    @Override
    public void close() {
      consumer = neverStops ? consumer : null;
    }
  }

  private interface Change {
    void apply(BellSource source);
  }

  private static void verify(Change change) {
    TruthSourceContract.verifyAtWork(
        () -> {
          BellSource source = new BellSource();
          change.apply(source);
          return source;
        },
        () -> BellSource.running.happen(),
        Duration.ofMillis(20));
  }

  private static void broken(Change change, String promise) {
    assertThatThrownBy(() -> verify(change))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(promise);
  }

  @Test
  void aSourceThatKeepsItsPromisesPasses() {
    verify(source -> {});
    verify(source -> source.availability = TruthSource.Availability.no("no bell here"));
    TruthSourceContract.verify(BellSource::new);
  }

  @Test
  void brokenPromisesAreFound() {
    broken(source -> source.origin = "other", "the origin of an event is the source");
    broken(source -> source.step = 2, "its numbers have no gap");
    broken(source -> source.deaf = true, "it sees the stimulus");
    broken(source -> source.neverStops = true, "nothing is delivered after close()");
    broken(
        source -> source.availability = new TruthSource.Availability(false, ""),
        "it gives a cause exactly when it is not available");
  }
}
