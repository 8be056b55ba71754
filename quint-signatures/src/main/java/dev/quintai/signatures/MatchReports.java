package dev.quintai.signatures;

import dev.quintai.core.Decision;
import dev.quintai.core.Finding;
import dev.quintai.core.FindingId;
import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.Severity;
import dev.quintai.core.spi.Findings;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Turns the matches of a session's shapes into findings and answers: filters what does not apply,
 * keeps one finding for each signature and revises it to the closest match.
 */
final class MatchReports implements SignatureMatcher.Found {

  /** Findings of one session; more signatures than that say nothing new about it. */
  private static final int MAX_FINDINGS = 1024;

  /** Closer by less than this is rounding. */
  private static final double CLOSER = 1e-9;

  private final SignatureDetector detector;
  private final Session session;
  private final Findings findings;
  private final Reported reported;

  private SessionFlow flow;
  private int evidence;
  private SignatureSession.Evaluation call;
  private boolean joint;

  /** What the session has been told of so far, whichever flow it was; guarded by itself. */
  private static final class Reported {
    final Map<String, Finding> findings = new HashMap<>();

    /** Signatures whose finding was kept quiet: each counts once, as a finding would. */
    final Set<String> quiet = new HashSet<>();

    boolean ended;
  }

  MatchReports(SignatureDetector detector, Session session, Findings findings) {
    this(detector, session, findings, new Reported());
  }

  private MatchReports(
      SignatureDetector detector, Session session, Findings findings, Reported reported) {
    this.detector = detector;
    this.session = session;
    this.findings = findings;
    this.reported = reported;
  }

  /** The same findings, for matches that another thread may find at the same time. */
  MatchReports sibling() {
    return new MatchReports(detector, session, findings, reported);
  }

  /** Says what the matches that follow are about. */
  void begin(
      SessionFlow of, int transitions, SignatureSession.Evaluation at, boolean ofSeveralAgents) {
    flow = of;
    evidence = transitions;
    call = at;
    joint = ofSeveralAgents;
  }

  @Override
  public void found(LoadedSignature loaded, double jsd) {
    ThreatSignature signature = loaded.signature();
    if (evidence < signature.conditions().minTransitions()
        || !signature.appliesTo(session.platform(), session.depth())
        || !flow.meets(signature.conditions())
        || nowNanos() >= signature.expiryNanos()) { // last, since to ask a clock makes an Instant
      return;
    }
    Suppression suppression = suppression(signature);
    if (suppression != null) {
      keepQuiet(signature, suppression);
      return;
    }
    String reason = reason(loaded, jsd);
    call.match(decision(loaded), score(signature, jsd), reason);
    report(signature, jsd, reason);
  }

  private long nowNanos() {
    if (detector.clock() == null) {
      return call.timeNanos();
    }
    Instant now = detector.clock().instant();
    return ThreatSignature.nanos(now);
  }

  private void keepQuiet(ThreatSignature signature, Suppression suppression) {
    synchronized (reported) {
      if (reported.quiet.size() < MAX_FINDINGS && reported.quiet.add(signature.id())) {
        detector.countSuppressed(suppression);
      }
    }
  }

  private Suppression suppression(ThreatSignature signature) {
    List<Suppression> suppressions = detector.set().suppressions();
    for (int i = 0; i < suppressions.size(); i++) {
      Suppression s = suppressions.get(i);
      if (nowNanos() < ThreatSignature.nanos(s.expires())
          && fits(s.signatureId(), signature.id())
          && fits(s.agent(), session.platform())
          && fits(s.session(), session.id())
          && fits(s.tool(), call.intent().tool())
          && (s.path() == null
              || namesPath(call.intent().arguments().object().values(), s.path()))) {
        return s;
      }
    }
    return null;
  }

  private static boolean fits(String scope, String value) {
    return scope == null || scope.equals(value);
  }

  /** Whether a value, or one in it, is the path or lies below it; the tree is bounded. */
  private boolean namesPath(Collection<?> values, String prefix) {
    for (Object value : values) {
      boolean names =
          value instanceof String text
              ? lies(absolute(text), prefix)
              : value instanceof List<?> list
                  ? namesPath(list, prefix)
                  : value instanceof Map<?, ?> map && namesPath(map.values(), prefix);
      if (names) {
        return true;
      }
    }
    return false;
  }

  /** A relative path as it reads from the session's working directory. */
  private String absolute(String path) {
    String from = session.workingDir();
    return from == null || path.startsWith("/") || path.startsWith("~") ? path : from + "/" + path;
  }

  /** Whether a path is, or lies below, another one; one that climbs with {@code ..} never does. */
  private static boolean lies(String path, String above) {
    if (!path.startsWith(above) || ("/" + path + "/").contains("/../")) {
      return false;
    }
    return path.length() == above.length()
        || above.endsWith("/")
        || path.charAt(above.length()) == '/';
  }

  private static Decision decision(LoadedSignature loaded) {
    Decision bySeverity =
        switch (loaded.signature().severity()) {
          case HIGH, CRITICAL -> Decision.BLOCK;
          case MEDIUM -> Decision.ALERT;
          default -> Decision.ALLOW;
        };
    Decision byLane =
        switch (loaded.lane()) {
          case SHADOW -> Decision.ALLOW;
          case ALERT -> Decision.ALERT;
          case BLOCK -> Decision.BLOCK;
        };
    return bySeverity.compareTo(byLane) <= 0 ? bySeverity : byLane;
  }

  /** {@code weight x (1 - jsd / max_jsd)}: 0 at the edge, the weight for the very shape. */
  private static double score(ThreatSignature signature, double jsd) {
    return signature.weight() * (1 - jsd / signature.maxJsd());
  }

  private String reason(LoadedSignature loaded, double jsd) {
    ThreatSignature signature = loaded.signature();
    String name = signature.displayName();
    return String.format(
        Locale.ROOT,
        "%s resembles %s%s: %.3f bits from its shape, which matches up to %.3f%s",
        joint ? "the flow of this session and its sub-agents" : "the flow of this session",
        signature.id(),
        name.isEmpty() ? "" : " (" + name + ")",
        jsd,
        signature.maxJsd(),
        loaded.lane() == Lane.SHADOW ? "; the signature is in its shadow lane" : "");
  }

  private void report(ThreatSignature signature, double jsd, String reason) {
    synchronized (reported) {
      if (reported.ended) {
        return;
      }
      Finding before = reported.findings.get(signature.id());
      Finding now =
          before == null ? first(signature, jsd, reason) : revised(before, signature, jsd, reason);
      if (now != null) {
        reported.findings.put(signature.id(), now);
        findings.report(now);
      }
    }
  }

  private Finding first(ThreatSignature signature, double jsd, String reason) {
    if (reported.findings.size() >= MAX_FINDINGS) {
      detector.countUnkept();
      return null;
    }
    return Finding.builder(
            FindingId.of(Gate.SIGNATURE, session.id(), signature.id()),
            Gate.SIGNATURE,
            "signature_match",
            signature.severity())
        .session(session)
        .timeNanos(call.timeNanos())
        .toolUseId(call.intent().toolUseId())
        .pid(call.intent().process().pid())
        .claimed(call.intent().tool())
        .confidence(confidence(signature, jsd))
        .reason(reason)
        .mitre(signature.mitreAttack())
        .signatureId(signature.id())
        .jsd(jsd)
        .build();
  }

  private static Finding revised(
      Finding before, ThreatSignature signature, double jsd, String reason) {
    if (jsd >= before.jsd() - CLOSER) {
      return null;
    }
    Severity graver =
        signature.severity().compareTo(before.severity()) > 0
            ? signature.severity()
            : before.severity();
    return before
        .revise()
        .severity(graver)
        .confidence(confidence(signature, jsd))
        .reason(reason)
        .jsd(jsd)
        .build();
  }

  /** How sure a match is: the weight, less what the shape is off. */
  private static double confidence(ThreatSignature signature, double jsd) {
    return signature.weight() * (1 - jsd);
  }

  /** Nothing is reported any more. */
  void end() {
    synchronized (reported) {
      reported.ended = true;
    }
  }
}
