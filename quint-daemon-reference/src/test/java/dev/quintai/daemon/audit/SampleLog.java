package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/** Writes small logs for tests. */
final class SampleLog {
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(START);

  private SampleLog() {}

  /** A row with every column set, that differs by {@code i}. */
  static AuditRow row(int i) {
    boolean call = i % 2 == 0;
    return AuditRow.builder(call ? AuditRow.Direction.RESPONSE : AuditRow.Direction.REQUEST)
        .timestamp(START.plusMillis(i))
        .serverName("api.example.org")
        .method("POST")
        .toolName("Bash")
        .argumentsJson(call ? "{\"command\":\"echo " + i + " ä𝄞\"}" : null)
        .responseJson(call ? null : "{\"output\":\"" + i + "\\n\"}")
        .verdict(i % 5 == 0 ? AuditRow.Outcome.DENY : AuditRow.Outcome.ALLOW)
        .policyHash("0123456789abcdef".repeat(4))
        .sessionId("4242-1777085379101")
        .processPid(4300L + i)
        .traceId("trace-" + i)
        .agentId("agent-1")
        .agentName("claude-code")
        .parentAgentId("agent-0")
        .agentDepth(1)
        .riskScore(i / 7.0)
        .riskLevel("low")
        .behavioralFlags("[\"new_tool\"]")
        .scoreDecomposition("{\"tool\":0.25}")
        .toolUseId("toolu_" + i / 2)
        .parentSessionId("4000-1777085000000")
        .build();
  }

  /** A log of {@code rows} rows with a checkpoint after every ten, closed in good order. */
  static Path write(Path file, AuditKeys keys, int rows) throws IOException, InterruptedException {
    try (AuditLog log = AuditLog.open(file, keys, CLOCK, AuditOptions.defaults())) {
      for (int i = 0; i < rows; i++) {
        log.append(row(i));
        if (i % 10 == 9) {
          log.checkpoint();
        }
      }
    }
    return file;
  }

  /** Writes a signed log of 25 rows at the path given. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path file = Path.of(args[0]).toAbsolutePath();
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : 25;
    write(file, AuditKeys.loadOrCreate(file.getParent()), rows);
  }
}
