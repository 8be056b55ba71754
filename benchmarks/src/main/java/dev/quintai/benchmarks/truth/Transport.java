package dev.quintai.benchmarks.truth;

import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import dev.quintai.esjni.TransportBenchmark;
import java.io.IOException;
import java.util.List;

/** Events from C to Java: ring and socket beside what they must carry, and beside upcalls. */
final class Transport {

  static final String CASE = "transport";

  private static final String AREA = "truth";
  private static final String RING = "ring";
  private static final String RING_PATH = "ringWithPath";
  private static final String SOCKET = "socket";
  private static final String UPCALL = "upcall";
  private static final String UPCALL_PATH = "upcallWithPath";
  private static final double RING_RATE = 20e6;
  private static final double SOCKET_RATE = 10e6;

  private Transport() {}

  static void compare(Effort effort, Results results) throws IOException {
    JmhRounds rounds = new JmhRounds(effort);
    for (int round = 0; round < effort.rounds(); round++) {
      results.progress(CASE + ", round " + (round + 1) + " of " + effort.rounds());
      for (String way : List.of(RING, UPCALL, SOCKET, RING_PATH, UPCALL_PATH)) {
        rounds.run(TransportBenchmark.class, way);
      }
    }
    Measure ring = rounds.of(TransportBenchmark.class, RING);
    Measure socket = rounds.of(TransportBenchmark.class, SOCKET);
    Measure withPath = rounds.of(TransportBenchmark.class, RING_PATH);
    required(results, RING, ring, RING_RATE);
    required(results, SOCKET, socket, SOCKET_RATE);
    beside(results, RING, ring, rounds.of(TransportBenchmark.class, UPCALL));
    beside(results, SOCKET, socket, rounds.of(TransportBenchmark.class, UPCALL));
    beside(results, RING + "/path", withPath, rounds.of(TransportBenchmark.class, UPCALL_PATH));
  }

  /** What must be carried; and nothing may be allocated. */
  private static void required(Results results, String name, Measure ours, double rate) {
    Measure needed = new Measure(rate, "ops/s", 0);
    double limit = ours.bytesPerOp() > 0 ? 0 : 1.0;
    results.add(
        Comparison.ofThroughputs(
                AREA,
                CASE + "/" + name,
                ours,
                "what is required, with 0 bytes an event",
                needed,
                limit)
            .noted("one native producer, one consumer; median of the rounds"));
  }

  private static void beside(Results results, String name, Measure ours, Measure upcall) {
    results.add(
        Comparison.ofThroughputs(
            AREA, CASE + "/" + name, ours, "upcall an event", upcall, Double.NaN));
  }
}
