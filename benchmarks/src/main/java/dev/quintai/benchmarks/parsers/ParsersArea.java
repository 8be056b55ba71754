package dev.quintai.benchmarks.parsers;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The parsers beside Jackson's token loops and trees, and the providers' own libraries. */
public final class ParsersArea implements Area {
  private static final String NAME = "parsers";

  /** What JMH runs: a method of a benchmark, and its stream, or null where it has none. */
  private record Run(Class<?> benchmark, String method, Streams stream) {
    static Run of(Class<?> benchmark, String method) {
      return new Run(benchmark, method, null);
    }

    static Run delta(Streams stream, String method) {
      return new Run(DeltaBenchmark.class, method, stream);
    }

    private String[] parameter() {
      return stream == null ? new String[0] : new String[] {"stream", stream.name()};
    }

    void measure(JmhRounds jmh) throws IOException {
      jmh.run(benchmark, method, parameter());
    }

    Measure median(JmhRounds jmh) {
      return jmh.of(benchmark, method, parameter());
    }

    List<Double> rounds(JmhRounds jmh) {
      return jmh.rounds(benchmark, method, parameter());
    }
  }

  /** One case; {@code note} may be null. */
  private record Case(String name, Run ours, String rival, Run theirs, double limit, String note) {}

  private static final String STREAMING = "jackson-core, streaming";
  private static final String TREES = "jackson-databind, trees";
  private static final String MEMORY =
      "the whole client, over a transport that answers from memory";

  private static final List<Case> CASES =
      List.of(
          new Case(
              "request-200k-in-8k-chunks",
              Run.of(RequestBenchmark.class, "ours"),
              "jackson-core, non-blocking",
              Run.of(RequestBenchmark.class, "jacksonNonBlocking"),
              1.0,
              "the rival reads tokens and does nothing with them"),
          new Case(
              "request-200k-blocking",
              Run.of(RequestBenchmark.class, "ours"),
              "jackson-core, blocking",
              Run.of(RequestBenchmark.class, "jacksonBlocking"),
              1.0 / 0.9,
              "ours in chunks of 8 KB, the rival over the whole body"),
          new Case(
              "request-200k-tree",
              Run.of(RequestBenchmark.class, "ours"),
              TREES,
              Run.of(RequestBenchmark.class, "jacksonTree"),
              1.0,
              "ours in chunks of 8 KB, the rival over the whole body"),
          streaming("sse-text-delta", Streams.ANTHROPIC_TEXT),
          streaming("sse-arguments-delta", Streams.ANTHROPIC_ARGUMENTS),
          streaming("sse-chat-text-delta", Streams.CHAT_TEXT),
          streaming("sse-chat-arguments-delta", Streams.CHAT_ARGUMENTS),
          streaming("sse-responses-text-delta", Streams.RESPONSES_TEXT),
          streaming("sse-gemini-text-delta", Streams.GEMINI_TEXT),
          trees("trees-text-delta", Streams.ANTHROPIC_TEXT),
          trees("trees-chat-text-delta", Streams.CHAT_TEXT),
          provider(
              "sdk-anthropic-text-delta",
              Streams.ANTHROPIC_TEXT,
              "anthropic-java 3.14.0",
              "anthropic",
              MEMORY),
          provider(
              "sdk-openai-chat-text-delta",
              Streams.CHAT_TEXT,
              "openai-java 4.101.0",
              "openAiChat",
              MEMORY),
          provider(
              "sdk-openai-responses-text-delta",
              Streams.RESPONSES_TEXT,
              "openai-java 4.101.0",
              "openAiResponses",
              MEMORY),
          provider(
              "sdk-google-text-delta",
              Streams.GEMINI_TEXT,
              "google-genai 2.0.0",
              "google",
              "its types over a BufferedReader's lines, since the client takes no other transport"),
          new Case(
              "stream-1g",
              Run.of(LongStreamBenchmark.class, "ours"),
              STREAMING,
              Run.of(LongStreamBenchmark.class, "jacksonStreaming"),
              0.5,
              "one response of 1 GiB, text and tool calls, in a heap of 32 MiB"));

  private static Case streaming(String name, Streams stream) {
    return new Case(
        name,
        Run.delta(stream, "ours"),
        STREAMING,
        Run.delta(stream, "jacksonStreaming"),
        0.5,
        null);
  }

  private static Case trees(String name, Streams stream) {
    return new Case(
        name, Run.delta(stream, "ours"), TREES, Run.delta(stream, "jacksonTrees"), 1.0, null);
  }

  private static Case provider(
      String name, Streams stream, String rival, String method, String note) {
    Run theirs = Run.of(ProvidersBenchmark.class, method);
    return new Case(name, Run.delta(stream, "ours"), rival, theirs, 1.0, note);
  }

  /** Found by name. */
  public ParsersArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    List<Case> wanted = CASES.stream().filter(each -> effort.wants(each.name())).toList();
    JmhRounds jmh = new JmhRounds(effort);
    for (int round = 1; round <= effort.rounds() && !wanted.isEmpty(); round++) {
      results.progress("parsers, round " + round + " of " + effort.rounds());
      Set<Run> done = new LinkedHashSet<>();
      for (Case each : wanted) {
        for (Run run : List.of(each.ours(), each.theirs())) {
          if (done.add(run)) {
            run.measure(jmh);
          }
        }
      }
    }
    for (Case each : wanted) {
      results.add(comparison(each, jmh));
    }
  }

  private static Comparison comparison(Case each, JmhRounds jmh) {
    Comparison comparison =
        Comparison.ofRounds(
            NAME,
            each.name(),
            each.ours().median(jmh),
            each.ours().rounds(jmh),
            each.rival(),
            each.theirs().median(jmh),
            each.theirs().rounds(jmh),
            each.limit());
    return each.note() == null ? comparison : comparison.noted(each.note());
  }
}
