package dev.quintai.signatures;

import dev.quintai.core.Capability;
import dev.quintai.core.Severity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Makes a signature of a recorded attack: the shape of the actions that carry it, a threshold from
 * how sure the detection is, and what is known of it. The signature is not signed yet. No state;
 * thread-safe.
 */
public final class SignatureDistiller {

  /** The confidence of 0.99 gives this threshold, and more gives no less. */
  static final double TIGHTEST_JSD = 0.20;

  /** The confidence of 0.95 gives this threshold, and less gives no more. */
  static final double WIDEST_JSD = 0.30;

  /** The weight of a signature that no analyst has written. */
  static final double START_WEIGHT = 0.85;

  /** The weight of a signature that an analyst has written. */
  static final double ANALYST_WEIGHT = 1.0;

  /** Fewer transitions are no shape. */
  static final int MIN_TRANSITIONS = 2;

  /**
   * Actions around the flagged ones that belong to the attack: what led to it and what followed.
   */
  private static final int MARGIN = 2;

  private SignatureDistiller() {}

  /**
   * What was detected.
   *
   * @param sessionId the session, for provenance
   * @param detectionId the detection, for provenance
   * @param confidence 0 to 1
   * @param severity how grave
   * @param name what to call it
   * @param agentTypes platforms to which it shall apply; empty for all
   * @param minDepth see {@link ThreatSignature#minDepth}
   * @param mitreAttack techniques of the rules that fired
   * @param confirmedBy null, or who confirmed it where its confidence asks for an analyst
   */
  public record Detection(
      String sessionId,
      String detectionId,
      double confidence,
      Severity severity,
      String name,
      List<String> agentTypes,
      int minDepth,
      List<String> mitreAttack,
      String confirmedBy) {
    public Detection {
      Objects.requireNonNull(sessionId, "sessionId");
      Objects.requireNonNull(detectionId, "detectionId");
      Objects.requireNonNull(severity, "severity");
      Objects.requireNonNull(name, "name");
      agentTypes = List.copyOf(agentTypes);
      mitreAttack = List.copyOf(mitreAttack);
      Confirmation.of(confidence);
    }
  }

  /**
   * An outcome.
   *
   * @param confirmation what the gate says
   * @param signature the signature, or null when the gate or the evidence does not allow one
   * @param reason why there is none, or null
   */
  public record Distilled(Confirmation confirmation, ThreatSignature signature, String reason) {}

  /**
   * The largest divergence that shall match: 0.30 bits at a confidence of 0.95, 0.20 at 0.99,
   * linear between, and no wider or tighter beyond.
   */
  public static double maxJsd(double confidence) {
    double slope = (TIGHTEST_JSD - WIDEST_JSD) / (0.99 - 0.95);
    double linear = WIDEST_JSD + (confidence - 0.95) * slope;
    return Math.max(TIGHTEST_JSD, Math.min(WIDEST_JSD, linear));
  }

  /**
   * Distils a signature.
   *
   * @param detection what was detected
   * @param actions the session's actions, in order
   * @param flagged places in {@code actions} that the detection is about; empty for the whole
   *     session
   * @param version the version to publish it with
   * @param now the present
   */
  public static Distilled distill(
      Detection detection,
      List<Capability> actions,
      List<Integer> flagged,
      long version,
      Instant now) {
    Confirmation confirmation = Confirmation.of(detection.confidence());
    if (confirmation == Confirmation.LOG) {
      return new Distilled(confirmation, null, "a confidence below 0.70 is logged only");
    }
    if (confirmation == Confirmation.QUEUE && detection.confirmedBy() == null) {
      return new Distilled(confirmation, null, "an analyst has to confirm it first");
    }
    List<Capability> attack = attack(actions, flagged);
    FlowMatrix flow = new FlowMatrix();
    attack.forEach(flow::action);
    if (flow.total() < MIN_TRANSITIONS) {
      return new Distilled(
          confirmation, null, "fewer than " + MIN_TRANSITIONS + " transitions are no shape");
    }
    boolean whole = attack.size() == actions.size();
    FlowConditions conditions =
        new FlowConditions(
            whole ? 0 : Math.min(FlowConditions.MAX_WINDOW, attack.size()),
            Math.min(FlowConditions.DEFAULT_MIN_TRANSITIONS, flow.total()),
            List.of());
    ThreatSignature signature =
        ThreatSignature.builder()
            .id("QT-GNN-" + shapeHash(flow))
            .version(version)
            .name(detection.name())
            .provenance(
                confirmation == Confirmation.AUTO
                    ? Provenance.AUTO_CONFIRMED
                    : Provenance.ML_DISTILLED)
            .sourceSessionId(detection.sessionId())
            .sourceDetectionId(detection.detectionId())
            .createdAt(now)
            .flowShape(flow.flow())
            .maxJsd(maxJsd(detection.confidence()))
            .severity(detection.severity())
            .weight(START_WEIGHT)
            .agentTypes(detection.agentTypes())
            .minDepth(detection.minDepth())
            .mitreAttack(List.copyOf(new TreeSet<>(detection.mitreAttack())))
            .mitreTactics(MitreTactics.of(detection.mitreAttack()))
            .conditions(conditions)
            .build();
    return new Distilled(confirmation, signature, null);
  }

  /** The actions from shortly before the first flagged one to shortly after the last. */
  private static List<Capability> attack(List<Capability> actions, List<Integer> flagged) {
    if (flagged.isEmpty()) {
      return actions;
    }
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (int place : flagged) {
      Objects.checkIndex(place, actions.size());
      first = Math.min(first, place);
      last = Math.max(last, place);
    }
    return actions.subList(
        Math.max(0, first - MARGIN), Math.min(actions.size(), last + 1 + MARGIN));
  }

  /**
   * Eight hex digits of the SHA-256 of the shape in tenths of a per mille: equal shapes, one id.
   */
  private static String shapeHash(FlowMatrix flow) {
    StringBuilder text = new StringBuilder(FlowMatrix.CELLS * 3);
    for (double cell : flow.distribution()) {
      text.append(Math.round(cell * 10_000)).append(',');
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest, 0, 4).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
