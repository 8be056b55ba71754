package dev.quintai.daemon.run;

import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.Verdict;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.daemon.audit.AuditLog;
import dev.quintai.daemon.audit.AuditRow;
import dev.quintai.daemon.audit.AuditRow.Direction;
import dev.quintai.daemon.audit.AuditRow.Outcome;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.llm.Trail;
import java.util.Map;
import java.util.TreeMap;

/** Writes the agent's traffic to the audit log, each row with its session and agent. */
final class AuditTrail implements Trail {

  private final AuditLog log;
  private final String policyHash;

  AuditTrail(AuditLog log, String policyHash) {
    this.log = log;
    this.policyHash = policyHash;
  }

  @Override
  public void request(Exchange exchange, String body) {
    log.append(
        row(Direction.REQUEST, exchange).argumentsJson(body).verdict(Outcome.PASSTHROUGH).build());
  }

  @Override
  public void response(Exchange exchange, int status, String body) {
    log.append(
        row(Direction.RESPONSE, exchange)
            .responseJson(body)
            .behavioralFlags(status >= 400 ? "http_" + status : null)
            .verdict(Outcome.PASSTHROUGH)
            .build());
  }

  @Override
  public void call(Exchange exchange, IntentEvent intent, Verdict verdict) {
    log.append(
        row(Direction.RESPONSE, exchange)
            .method("tools/call")
            .toolName(intent.tool())
            .argumentsJson(intent.arguments().text())
            .verdict(verdict.refused() ? Outcome.DENY : Outcome.ALLOW)
            .riskScore(verdict.risk())
            .riskLevel(riskLevel(verdict.risk()))
            .behavioralFlags(
                verdict.reasons().isEmpty() ? null : String.join("; ", verdict.reasons()))
            .scoreDecomposition(scores(verdict.scores()))
            .toolUseId(intent.toolUseId())
            .build());
  }

  @Override
  public void result(
      Exchange exchange, String toolUseId, String tool, boolean isError, String text) {
    log.append(
        row(Direction.REQUEST, exchange)
            .method("tools/result")
            .toolName(tool)
            .responseJson(text)
            .behavioralFlags(isError ? "error" : null)
            .verdict(Outcome.PASSTHROUGH)
            .toolUseId(toolUseId)
            .build());
  }

  private AuditRow.Builder row(Direction direction, Exchange exchange) {
    AuditRow.Builder row =
        AuditRow.builder(direction)
            .serverName(exchange.host())
            .method(exchange.method() + " " + exchange.path())
            .traceId(exchange.traceId())
            .policyHash(policyHash)
            .processPid(exchange.pid() < 0 ? null : (long) exchange.pid());
    Session session = exchange.session();
    if (session != null) {
      row.sessionId(session.id())
          .parentSessionId(session.parentSessionId())
          .agentId(session.agentId().toString())
          .agentName(session.platform())
          .agentDepth(session.depth());
    }
    return row;
  }

  private static String scores(Map<Gate, Double> scores) {
    Map<String, Object> named = new TreeMap<>();
    scores.forEach((gate, score) -> named.put(gate.id(), score));
    return JsonTree.text(named);
  }

  /** The name of a risk, by the product's bands. */
  static String riskLevel(double risk) {
    return risk < 0.3 ? "low" : risk < 0.6 ? "medium" : risk < 0.85 ? "high" : "critical";
  }
}
