package dev.quintai.signatures;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quintai.core.Capability;
import dev.quintai.core.Severity;
import dev.quintai.signatures.json.CanonicalJson;
import dev.quintai.signatures.json.Clean;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The shape of an attack: how its actions follow each other, how near a session must come to it,
 * and what is said of it when one does. Immutable.
 */
public final class ThreatSignature {
  private final String id;
  private final long version;
  private final String name;
  private final Provenance provenance;
  private final String sourceSessionId;
  private final String sourceDetectionId;
  private final Instant createdAt;
  private final SparseShape shape;
  private final double maxJsd;
  private final Severity severity;
  private final double weight;
  private final List<String> agentTypes;
  private final int minDepth;
  private final List<String> mitreAttack;
  private final List<String> mitreTactics;
  private final List<String> complianceRefs;
  private final List<String> tags;
  private final long ttlHours;
  private final FlowConditions conditions;

  /** The canonical form of the document, with the signature's field, if there is one, before it. */
  private final byte[] json;

  /** Where in {@link #json} the canonical form goes on after its bracket. */
  private final int canonical;

  private final Instant expiry;
  private final long expiryNanos;

  private ThreatSignature(Builder b) {
    id = Objects.requireNonNull(b.id, "id");
    version = b.version;
    name = Objects.requireNonNull(b.name, "name");
    provenance = Objects.requireNonNull(b.provenance, "provenance");
    sourceSessionId = b.sourceSessionId;
    sourceDetectionId = b.sourceDetectionId;
    createdAt = Objects.requireNonNull(b.createdAt, "createdAt");
    shape = Objects.requireNonNull(b.shape, "shape");
    maxJsd = b.maxJsd;
    severity = Objects.requireNonNull(b.severity, "severity");
    weight = b.weight;
    agentTypes = List.copyOf(b.agentTypes);
    minDepth = b.minDepth;
    mitreAttack = List.copyOf(b.mitreAttack);
    mitreTactics = List.copyOf(b.mitreTactics);
    complianceRefs = List.copyOf(b.complianceRefs);
    tags = List.copyOf(b.tags);
    ttlHours = b.ttlHours;
    conditions = b.conditions;
    expiry = expiry(createdAt, ttlHours);
    expiryNanos = nanos(expiry);
    SignatureDocument document = b.document != null ? b.document : SignatureFields.document(this);
    byte[] signed = document.canonicalBytes();
    byte[] field = signatureField(document);
    canonical = 1 + field.length;
    json = Arrays.copyOf(signed, signed.length + field.length);
    System.arraycopy(signed, 1, json, canonical, signed.length - 1);
    System.arraycopy(field, 0, json, 1, field.length);
  }

  private static byte[] signatureField(SignatureDocument document) {
    String name = SignatureDocument.SIGNATURE_FIELD;
    if (!document.fields().containsKey(name)) {
      return new byte[0];
    }
    String value = CanonicalJson.canonicalText(document.fields().get(name));
    return ("\"" + name + "\":" + value + ",").getBytes(UTF_8);
  }

  private static Instant expiry(Instant created, long ttlHours) {
    if (ttlHours == 0) {
      return Instant.MAX;
    }
    long left = (Instant.MAX.getEpochSecond() - created.getEpochSecond()) / 3600;
    return ttlHours >= left ? Instant.MAX : created.plusSeconds(3600 * ttlHours);
  }

  /** Starts a signature. */
  public static Builder builder() {
    return new Builder();
  }

  /** A copy of all fields to change; the copy bears no signature. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Reads a document whose signature has been verified, or need not be.
   *
   * @throws SignatureRejectedException by {@link Check#SCHEMA}, naming the field
   */
  public static ThreatSignature of(SignatureDocument document) throws SignatureRejectedException {
    return SignatureSchema.read(document);
  }

  /** Its id: {@code QT-SIG-} hand-authored, {@code QT-GNN-} distilled, {@code QT-IMP-} imported. */
  public String id() {
    return id;
  }

  /** Its place in its channel; rises with each signature published there. */
  public long version() {
    return version;
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** The name without control characters, cut at 200 characters, fit for messages. */
  public String displayName() {
    return Clean.text(name);
  }

  /** Where it comes from. */
  public Provenance provenance() {
    return provenance;
  }

  /** The session it was distilled from, or an empty string. */
  public String sourceSessionId() {
    return sourceSessionId;
  }

  /** The detection it was distilled from, or an empty string. */
  public String sourceDetectionId() {
    return sourceDetectionId;
  }

  /** When it was made. */
  public Instant createdAt() {
    return createdAt;
  }

  /** Probability of each transition, by source and target capability; sums to 1. A copy. */
  public double[][] flowShape() {
    return FlowMatrix.rows(shape.dense());
  }

  /** The same, only its cells above zero. */
  SparseShape shape() {
    return shape;
  }

  /** Probability of a transition. */
  public double probability(Capability from, Capability to) {
    return shape.at(from.index() * Capability.COUNT + to.index());
  }

  /** The largest Jensen-Shannon divergence, in bits, that still is a match: in (0, 0.5]. */
  public double maxJsd() {
    return maxJsd;
  }

  /** How grave a match is. */
  public Severity severity() {
    return severity;
  }

  /** How much a match counts: in [0.1, 1]. */
  public double weight() {
    return weight;
  }

  /** The platforms to which it applies; empty for all. */
  public List<String> agentTypes() {
    return agentTypes;
  }

  /** How many agents must be above a session at least; 0 for any session. */
  public int minDepth() {
    return minDepth;
  }

  /** MITRE ATT&CK (and ATLAS) technique ids. */
  public List<String> mitreAttack() {
    return mitreAttack;
  }

  /** MITRE tactics. */
  public List<String> mitreTactics() {
    return mitreTactics;
  }

  /** References into compliance frameworks. */
  public List<String> complianceRefs() {
    return complianceRefs;
  }

  /** Free labels. */
  public List<String> tags() {
    return tags;
  }

  /** How many hours after its creation it stops to match; 0 for never. */
  public long ttlHours() {
    return ttlHours;
  }

  /** What must hold besides the shape. */
  public FlowConditions conditions() {
    return conditions;
  }

  /** The document, signed or not, that says all this; read anew at each call. */
  public SignatureDocument document() {
    try {
      return SignatureDocument.parseStored(new String(json, UTF_8));
    } catch (SignatureRejectedException e) {
      throw new IllegalStateException("a document that was written strictly is readable", e);
    }
  }

  /** The document as compact JSON in UTF-8; not a copy, not to be changed. */
  byte[] json() {
    return json;
  }

  /** Whether a document says the same, byte for byte of the canonical form. */
  boolean says(SignatureDocument document) {
    byte[] other = document.canonicalBytes();
    return Arrays.equals(json, canonical, json.length, other, 1, other.length);
  }

  /** Whether its time is over at an instant. */
  public boolean expiredAt(Instant instant) {
    return !instant.isBefore(expiry);
  }

  /** The first instant at which it no longer matches; {@link Instant#MAX} for never. */
  public Instant expiry() {
    return expiry;
  }

  /** The same in nanoseconds since the Unix epoch; {@link Long#MAX_VALUE} for never. */
  long expiryNanos() {
    return expiryNanos;
  }

  /** An instant in nanoseconds since the Unix epoch, at the nearest bound beyond their range. */
  static long nanos(Instant instant) {
    long limit = Long.MAX_VALUE / 1_000_000_000L - 1;
    if (instant.getEpochSecond() >= limit) {
      return Long.MAX_VALUE;
    }
    if (instant.getEpochSecond() <= -limit) {
      return Long.MIN_VALUE;
    }
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** Whether it applies to sessions of that platform and depth. */
  public boolean appliesTo(String platform, int depth) {
    return depth >= minDepth && (agentTypes.isEmpty() || agentTypes.contains(platform));
  }

  @Override
  public String toString() {
    return id + " version " + version;
  }

  /** Collects the fields of a signature. Not thread-safe. */
  public static final class Builder {
    private String id;
    private long version = 1;
    private String name = "";
    private Provenance provenance = Provenance.ANALYST_AUTHORED;
    private String sourceSessionId = "";
    private String sourceDetectionId = "";
    private Instant createdAt;
    private SparseShape shape;
    private double maxJsd = 0.25;
    private Severity severity = Severity.MEDIUM;
    private double weight = 1.0;
    private List<String> agentTypes = List.of();
    private int minDepth;
    private List<String> mitreAttack = List.of();
    private List<String> mitreTactics = List.of();
    private List<String> complianceRefs = List.of();
    private List<String> tags = List.of();
    private long ttlHours = SignatureSchema.DEFAULT_TTL_HOURS;
    private FlowConditions conditions = FlowConditions.NONE;
    private SignatureDocument document;

    private Builder() {}

    private Builder(ThreatSignature s) {
      id = s.id;
      version = s.version;
      name = s.name;
      provenance = s.provenance;
      sourceSessionId = s.sourceSessionId;
      sourceDetectionId = s.sourceDetectionId;
      createdAt = s.createdAt;
      shape = s.shape;
      maxJsd = s.maxJsd;
      severity = s.severity;
      weight = s.weight;
      agentTypes = s.agentTypes;
      minDepth = s.minDepth;
      mitreAttack = s.mitreAttack;
      mitreTactics = s.mitreTactics;
      complianceRefs = s.complianceRefs;
      tags = s.tags;
      ttlHours = s.ttlHours;
      conditions = s.conditions;
    }

    public Builder id(String value) {
      id = value;
      return this;
    }

    public Builder version(long value) {
      version = value;
      return this;
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder provenance(Provenance value) {
      provenance = value;
      return this;
    }

    public Builder sourceSessionId(String value) {
      sourceSessionId = value;
      return this;
    }

    public Builder sourceDetectionId(String value) {
      sourceDetectionId = value;
      return this;
    }

    public Builder createdAt(Instant value) {
      createdAt = value;
      return this;
    }

    /** Sets the shape from 12 x 12 weights of any sum above 0. */
    public Builder flowShape(double[][] weights) {
      double[] normalised = FlowMatrix.normalise(FlowMatrix.flat(weights));
      if (normalised == null) {
        throw new IllegalArgumentException("a shape is finite, not negative and not all zero");
      }
      shape = SparseShape.of(normalised);
      return this;
    }

    /** Sets the shape, which sums to 1. */
    Builder shape(SparseShape value) {
      shape = value;
      return this;
    }

    public Builder maxJsd(double value) {
      maxJsd = value;
      return this;
    }

    public Builder severity(Severity value) {
      severity = value;
      return this;
    }

    public Builder weight(double value) {
      weight = value;
      return this;
    }

    public Builder agentTypes(List<String> value) {
      agentTypes = value;
      return this;
    }

    public Builder minDepth(int value) {
      minDepth = value;
      return this;
    }

    public Builder mitreAttack(List<String> value) {
      mitreAttack = value;
      return this;
    }

    public Builder mitreTactics(List<String> value) {
      mitreTactics = value;
      return this;
    }

    public Builder complianceRefs(List<String> value) {
      complianceRefs = value;
      return this;
    }

    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    public Builder ttlHours(long value) {
      ttlHours = value;
      return this;
    }

    public Builder conditions(FlowConditions value) {
      conditions = value;
      return this;
    }

    /** Sets the document that was read; without one it is made from the fields. */
    Builder document(SignatureDocument value) {
      document = value;
      return this;
    }

    /**
     * The signature.
     *
     * @throws IllegalArgumentException when a field is outside what {@link ThreatSignature#of}
     *     would accept
     */
    public ThreatSignature build() {
      ThreatSignature signature = new ThreatSignature(this);
      if (document == null) {
        try {
          SignatureSchema.read(SignatureDocument.parse(new String(signature.json, UTF_8)));
        } catch (SignatureRejectedException e) {
          throw new IllegalArgumentException(e.getMessage(), e);
        }
      }
      return signature;
    }
  }
}
