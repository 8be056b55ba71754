package dev.quintai.core.contract;

import dev.quintai.core.Finding;
import dev.quintai.core.FindingId;
import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.Severity;
import dev.quintai.core.spi.FindingSink;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the engine relies on in a {@link FindingSink}: it takes every finding, with all optional
 * fields absent or all present, each later revision up to the one that takes it back, findings of
 * sessions that it has not been told of or that have ended, and text of any length and content. If
 * it can be closed, closing twice is as good as once.
 */
public final class FindingSinkContract {
  private FindingSinkContract() {}

  /**
   * Checks an implementation.
   *
   * @param sinks gives a new instance
   * @throws AssertionError listing every promise broken
   */
  public static void verify(Supplier<? extends FindingSink> sinks) {
    Violations violations = new Violations("The sink");
    FindingSink sink = violations.call("a new sink", sinks::get);
    if (sink != null) {
      Session session = new SampleSession(4_242).session;
      violations.run("sessionStarted()", () -> sink.sessionStarted(session));
      accept(violations, sink, "a bare finding", bare(session.id(), 1));
      Finding full = full(session, "reason");
      accept(violations, sink, "a full finding", full);
      Finding revised = full.revise().severity(Severity.LOW).build();
      accept(violations, sink, "a revision", revised);
      accept(
          violations,
          sink,
          "a finding that is taken back",
          revised.revise().type(Finding.NORMAL).severity(Severity.NONE).build());
      for (String text :
          new String[] {"", "\n\r\t\"\\", "\u0000\u001b[2J", "\ud800", "x".repeat(1 << 20)}) {
        accept(violations, sink, "any text", full(session, text));
      }
      accept(violations, sink, "a finding of an unknown session", bare("1-1", 2));
      violations.run("sessionEnded()", () -> sink.sessionEnded(session));
      accept(violations, sink, "a finding after its session's end", bare(session.id(), 3));
      for (int i = 0; i < 1_000; i++) {
        accept(violations, sink, "many findings", bare(session.id(), 10 + i));
      }
      if (sink instanceof AutoCloseable closeable) {
        violations.run("close()", closeable::close);
        violations.run("close() again", closeable::close);
      }
    }
    violations.tell();
  }

  private static void accept(
      Violations violations, FindingSink sink, String promise, Finding finding) {
    violations.run("accept() takes " + promise, () -> sink.accept(finding));
  }

  private static Finding bare(String session, int number) {
    return Finding.builder(
            FindingId.of(Gate.DIVERGENCE, session, number),
            Gate.DIVERGENCE,
            "truth_without_intent",
            Severity.HIGH)
        .session(session)
        .reason("undeclared")
        .build();
  }

  private static Finding full(Session session, String text) {
    return Finding.builder(
            FindingId.of(Gate.SIGNATURE, session.id(), text.length()),
            Gate.SIGNATURE,
            "signature_match",
            Severity.CRITICAL)
        .session(session)
        .parentSession("1-1")
        .timeNanos(1_790_000_000_000_000_000L)
        .toolUseId("call-1")
        .pid(7)
        .action("network")
        .claimed(text)
        .observed(text)
        .count(Long.MAX_VALUE)
        .samples(List.of(text, text))
        .confidence(0.5)
        .reason(text)
        .mitre(List.of("T1041"))
        .signatureId("sig-1")
        .jsd(0.125)
        .measure("novel_tool")
        .build();
  }
}
