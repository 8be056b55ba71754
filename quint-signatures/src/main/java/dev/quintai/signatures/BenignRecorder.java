package dev.quintai.signatures;

import dev.quintai.core.Finding;
import dev.quintai.core.Session;
import dev.quintai.core.Severity;
import dev.quintai.core.spi.FindingSink;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Puts sessions into a {@link BenignHistory} when they have ended and no gate's finding of medium
 * severity or more stands against them. It is a sink of the engine whose gate 1 was made with it
 * ({@link SignatureDetector}): one half knows what was done, the other what was found.
 *
 * <pre>{@code
 * BenignRecorder recorder = new BenignRecorder(history);
 * engine.detector(new SignatureDetector(registry::current, clock, recorder)).sink(recorder);
 * }</pre>
 *
 * <p>Writes nothing to disk: the embedder calls {@link BenignHistory#save} when it suits.
 * Thread-safe.
 */
public final class BenignRecorder implements FindingSink {

  /** Findings of one session that may be taken back; past them it stays suspicious. */
  private static final int MAX_FINDINGS = 1024;

  /** Shorter sessions have nothing that a signature could match. */
  private static final int MIN_ACTIONS = 2;

  private final BenignHistory history;
  private final Map<String, Set<String>> grave = new HashMap<>();
  private final Map<String, BenignSession> ended = new HashMap<>();

  /** A recorder that fills a history. */
  public BenignRecorder(BenignHistory history) {
    this.history = Objects.requireNonNull(history, "history");
  }

  /** What a session has done; told by gate 1 before the sinks hear of its end. */
  synchronized void did(Session session, byte[] steps) {
    if (steps.length >= MIN_ACTIONS) {
      ended.put(
          session.id(), BenignSession.of(session.id(), session.platform(), session.depth(), steps));
    }
  }

  @Override
  public synchronized void accept(Finding finding) {
    Set<String> findings = grave.get(finding.session());
    if (finding.takenBack() || finding.severity().compareTo(Severity.MEDIUM) < 0) {
      if (findings != null && findings.size() < MAX_FINDINGS && findings.remove(finding.id())) {
        if (findings.isEmpty()) {
          grave.remove(finding.session());
        }
      }
      return;
    }
    if (findings == null) {
      findings = new HashSet<>();
      grave.put(finding.session(), findings);
    }
    if (findings.size() < MAX_FINDINGS) {
      findings.add(finding.id());
    }
  }

  @Override
  public synchronized void sessionEnded(Session session) {
    BenignSession benign = ended.remove(session.id());
    if (grave.remove(session.id()) == null && benign != null) {
      history.add(benign);
    }
  }
}
