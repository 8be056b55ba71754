package dev.quintai.core;

import java.util.List;
import java.util.Objects;

/**
 * Something a gate noticed, in one of its revisions. A finding keeps its id for life; later events
 * may raise its revision, up to taking it back (type {@code normal}, severity {@link
 * Severity#NONE}). Ids and contents depend on the events alone: same input, same findings.
 *
 * <p>Text fields are redacted by their maker ({@link Redactor}); a finding may leave the machine.
 *
 * @param id deterministic id, see {@link FindingId}
 * @param revision 1 for the first word, then rising
 * @param gate who noticed it
 * @param type for example {@code truth_without_intent}, {@code signature_match}
 * @param severity how grave it is
 * @param session id of the session it belongs to
 * @param parentSession id of that session's parent, or null
 * @param timeNanos when the finding's first event happened
 * @param toolUseId the tool call concerned, or null
 * @param pid the process concerned, or -1
 * @param action {@code exec}, {@code file_read}, {@code file_write}, {@code file_delete}, {@code
 *     network}, or null
 * @param claimed what the model declared, or null
 * @param observed what the operating system saw, or null
 * @param count how many events it stands for, at least 1
 * @param samples a few of them, bounded
 * @param confidence 0 to 1
 * @param reason one sentence that a person can act on
 * @param mitre MITRE ATT&CK technique ids
 * @param signatureId the signature that matched (gate 1), or null
 * @param jsd the divergence from that signature in bits, 0 to 1, or NaN
 * @param measure the deviating measure (gate 2), or null
 */
public record Finding(
    String id,
    int revision,
    Gate gate,
    String type,
    Severity severity,
    String session,
    String parentSession,
    long timeNanos,
    String toolUseId,
    int pid,
    String action,
    String claimed,
    String observed,
    long count,
    List<String> samples,
    double confidence,
    String reason,
    List<String> mitre,
    String signatureId,
    double jsd,
    String measure) {

  /** The type of a finding that was taken back. */
  public static final String NORMAL = "normal";

  public Finding {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(gate, "gate");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(reason, "reason");
    samples = List.copyOf(samples);
    mitre = List.copyOf(mitre);
  }

  /** Whether this revision takes the finding back. */
  public boolean takenBack() {
    return type.equals(NORMAL);
  }

  /** Starts a finding of revision 1. */
  public static Builder builder(String id, Gate gate, String type, Severity severity) {
    return new Builder(id, gate, type, severity);
  }

  /** A copy to change, for the next revision. */
  public Builder revise() {
    Builder b = new Builder(id, gate, type, severity);
    b.revision = revision + 1;
    b.session = session;
    b.parentSession = parentSession;
    b.timeNanos = timeNanos;
    b.toolUseId = toolUseId;
    b.pid = pid;
    b.action = action;
    b.claimed = claimed;
    b.observed = observed;
    b.count = count;
    b.samples = samples;
    b.confidence = confidence;
    b.reason = reason;
    b.mitre = mitre;
    b.signatureId = signatureId;
    b.jsd = jsd;
    b.measure = measure;
    return b;
  }

  /** Collects the fields of a finding. Not thread-safe. */
  public static final class Builder {
    private final String id;
    private final Gate gate;
    private String type;
    private Severity severity;
    private int revision = 1;
    private String session;
    private String parentSession;
    private long timeNanos;
    private String toolUseId;
    private int pid = -1;
    private String action;
    private String claimed;
    private String observed;
    private long count = 1;
    private List<String> samples = List.of();
    private double confidence = 1.0;
    private String reason;
    private List<String> mitre = List.of();
    private String signatureId;
    private double jsd = Double.NaN;
    private String measure;

    private Builder(String id, Gate gate, String type, Severity severity) {
      this.id = id;
      this.gate = gate;
      this.type = type;
      this.severity = severity;
    }

    public Builder type(String value) {
      type = value;
      return this;
    }

    public Builder severity(Severity value) {
      severity = value;
      return this;
    }

    public Builder revision(int value) {
      revision = value;
      return this;
    }

    /** Sets the session and its parent. */
    public Builder session(Session value) {
      session = value.id();
      parentSession = value.parentSessionId();
      return this;
    }

    public Builder session(String value) {
      session = value;
      return this;
    }

    public Builder parentSession(String value) {
      parentSession = value;
      return this;
    }

    public Builder timeNanos(long value) {
      timeNanos = value;
      return this;
    }

    public Builder toolUseId(String value) {
      toolUseId = value;
      return this;
    }

    public Builder pid(int value) {
      pid = value;
      return this;
    }

    public Builder action(String value) {
      action = value;
      return this;
    }

    public Builder claimed(String value) {
      claimed = value;
      return this;
    }

    public Builder observed(String value) {
      observed = value;
      return this;
    }

    public Builder count(long value) {
      count = value;
      return this;
    }

    public Builder samples(List<String> value) {
      samples = value;
      return this;
    }

    public Builder confidence(double value) {
      confidence = value;
      return this;
    }

    public Builder reason(String value) {
      reason = value;
      return this;
    }

    public Builder mitre(List<String> value) {
      mitre = value;
      return this;
    }

    public Builder signatureId(String value) {
      signatureId = value;
      return this;
    }

    public Builder jsd(double value) {
      jsd = value;
      return this;
    }

    public Builder measure(String value) {
      measure = value;
      return this;
    }

    /** The finding. */
    public Finding build() {
      return new Finding(
          id,
          revision,
          gate,
          type,
          severity,
          session,
          parentSession,
          timeNanos,
          toolUseId,
          pid,
          action,
          claimed,
          observed,
          count,
          samples,
          confidence,
          reason,
          mitre,
          signatureId,
          jsd,
          measure);
    }
  }
}
