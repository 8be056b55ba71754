package dev.quintai.signatures;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import dev.quintai.signatures.json.Clean;
import dev.quintai.signatures.json.StrictJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the meaning of a document, field by field; every objection names the field. */
final class SignatureSchema {

  /** How far ahead of ours an author's clock may be. */
  static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(10);

  static final long DEFAULT_TTL_HOURS = 720;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private SignatureSchema() {}

  /** The time of creation if it is readable, else null. */
  static Instant createdAt(SignatureDocument document) {
    return document.fields().get("created_at") instanceof String text
        ? Timestamps.parse(text)
        : null;
  }

  static ThreatSignature read(SignatureDocument document, Instant now)
      throws SignatureRejectedException {
    ThreatSignature signature = read(document);
    if (signature.createdAt().isAfter(now.plus(MAX_CLOCK_SKEW))) {
      throw wrong("created_at", "lies more than 10 minutes in the future");
    }
    return signature;
  }

  static ThreatSignature read(SignatureDocument document) throws SignatureRejectedException {
    Map<String, Object> fields = document.fields();
    ThreatSignature.Builder builder = ThreatSignature.builder();
    String id = string(fields, "id", null);
    if (!ID.matcher(id).matches()) {
      throw wrong("id", "must be 1 to 128 letters, digits and . _ : -");
    }
    builder.id(id);
    builder.version(integer(fields, "version", -1, 1));
    builder.name(string(fields, "name", ""));
    builder.provenance(provenance(fields));
    builder.sourceSessionId(string(fields, "source_session_id", ""));
    builder.sourceDetectionId(string(fields, "source_detection_id", ""));
    Instant created = Timestamps.parse(string(fields, "created_at", null));
    if (created == null) {
      throw wrong("created_at", "is no date and time of RFC 3339");
    }
    builder.createdAt(created);
    builder.shape(shape(fields.get("flow_shape")));
    builder.maxJsd(number(fields, "max_jsd", 0, 0.5, false));
    builder.severity(severity(string(fields, "severity", null)));
    builder.weight(number(fields, "weight", 0.1, 1.0, true));
    builder.agentTypes(strings(fields, "agent_types"));
    builder.minDepth((int) Math.min(Integer.MAX_VALUE, integer(fields, "min_depth", 0, 0)));
    builder.mitreAttack(strings(fields, "mitre_attack"));
    builder.mitreTactics(strings(fields, "mitre_tactics"));
    builder.complianceRefs(strings(fields, "compliance_refs"));
    builder.tags(strings(fields, "tags"));
    builder.ttlHours(integer(fields, "ttl_hours", DEFAULT_TTL_HOURS, 0));
    builder.conditions(conditions(fields.get("conditions")));
    return builder.document(document).build();
  }

  private static Provenance provenance(Map<String, Object> fields)
      throws SignatureRejectedException {
    if (fields.get("provenance") == null) {
      return Provenance.ANALYST_AUTHORED;
    }
    Provenance provenance = Provenance.of(string(fields, "provenance", null));
    if (provenance == null) {
      throw wrong(
          "provenance",
          "must be analyst-authored, ml-distilled, auto-confirmed, imported or federated");
    }
    return provenance;
  }

  private static Severity severity(String text) throws SignatureRejectedException {
    return switch (text) {
      case "critical" -> Severity.CRITICAL;
      case "high" -> Severity.HIGH;
      case "medium" -> Severity.MEDIUM;
      case "low" -> Severity.LOW;
      default -> throw wrong("severity", "must be critical, high, medium or low");
    };
  }

  private static SparseShape shape(Object value) throws SignatureRejectedException {
    if (!(value instanceof List<?> rows) || rows.size() != Capability.COUNT) {
      throw wrong("flow_shape", "must be 12 rows of 12 numbers");
    }
    double[] cells = new double[FlowMatrix.CELLS];
    for (int i = 0; i < Capability.COUNT; i++) {
      if (!(rows.get(i) instanceof List<?> numbers) || numbers.size() != Capability.COUNT) {
        throw wrong("flow_shape[" + i + "]", "must be 12 numbers");
      }
      for (int j = 0; j < Capability.COUNT; j++) {
        if (!(numbers.get(j) instanceof Number number)) {
          throw wrong(cell(i, j), "must be a number");
        }
        double cell = number.doubleValue();
        if (!(cell >= 0) || Double.isInfinite(cell)) {
          throw wrong(cell(i, j), "must be finite and not negative");
        }
        cells[i * Capability.COUNT + j] = cell;
      }
    }
    double[] normalised = FlowMatrix.normalise(cells);
    if (normalised == null) {
      throw wrong("flow_shape", "must not be all zero");
    }
    return SparseShape.of(normalised);
  }

  private static String cell(int row, int column) {
    return "flow_shape[" + row + "][" + column + "]";
  }

  private static FlowConditions conditions(Object value) throws SignatureRejectedException {
    if (value == null) {
      return FlowConditions.NONE;
    }
    Map<String, Object> fields = object("conditions", value);
    long window = integer(fields, "window", 0, 2);
    if (window > FlowConditions.MAX_WINDOW) {
      throw wrong("conditions.window", "must be 2 to " + FlowConditions.MAX_WINDOW);
    }
    long evidence = integer(fields, "min_transitions", FlowConditions.DEFAULT_MIN_TRANSITIONS, 1);
    List<FlowConditions.Requirement> require = new ArrayList<>();
    Object list = fields.get("require");
    if (list != null) {
      if (!(list instanceof List<?> items)) {
        throw wrong("conditions.require", "must be an array");
      }
      for (int i = 0; i < items.size(); i++) {
        require.add(requirement("conditions.require[" + i + "]", items.get(i)));
      }
    }
    return new FlowConditions((int) window, (int) Math.min(Integer.MAX_VALUE, evidence), require);
  }

  private static FlowConditions.Requirement requirement(String where, Object value)
      throws SignatureRejectedException {
    Map<String, Object> fields = object(where, value);
    String name = string(fields, "fact", null);
    for (Fact fact : Fact.values()) {
      if (fact.name().toLowerCase(Locale.ROOT).equals(name)) {
        return new FlowConditions.Requirement(
            axis(where, fields, "from"), axis(where, fields, "to"), fact);
      }
    }
    throw wrong(where + ".fact", "is unknown: " + Clean.text(name));
  }

  private static Capability axis(String where, Map<String, Object> fields, String name)
      throws SignatureRejectedException {
    long index = integer(fields, name, -1, 0);
    if (index >= Capability.COUNT) {
      throw wrong(where + "." + name, "must be a capability's index, 0 to 11");
    }
    return Capability.at((int) index);
  }

  @SuppressWarnings("unchecked") // the reader makes maps with string keys only
  private static Map<String, Object> object(String name, Object value)
      throws SignatureRejectedException {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw wrong(name, "must be an object");
  }

  /** A string; a null or absent one is the fallback, or an objection without one. */
  private static String string(Map<String, Object> fields, String name, String fallback)
      throws SignatureRejectedException {
    Object value = fields.get(name);
    if (value instanceof String text) {
      return text;
    }
    if (value == null && fallback != null) {
      return fallback;
    }
    throw wrong(name, value == null ? "is missing" : "must be a string");
  }

  /** An integer of at least {@code min}; an absent one is the fallback if that is not negative. */
  private static long integer(Map<String, Object> fields, String name, long fallback, long min)
      throws SignatureRejectedException {
    Object value = fields.get(name);
    if (value == null) {
      if (fallback < 0) {
        throw wrong(name, "is missing");
      }
      return fallback;
    }
    // 42.0 and 42 have one canonical form, so they must have one meaning.
    if (value instanceof Number number) {
      double exact = number.doubleValue();
      if (exact == Math.rint(exact) && exact >= min && exact <= StrictJson.MAX_INTEGER) {
        return (long) exact;
      }
    }
    throw wrong(name, "must be an integer of at least " + min);
  }

  private static double number(
      Map<String, Object> fields, String name, double min, double max, boolean minIncluded)
      throws SignatureRejectedException {
    Object value = fields.get(name);
    if (value == null) {
      throw wrong(name, "is missing");
    }
    if (value instanceof Number number) {
      double exact = number.doubleValue();
      if ((minIncluded ? exact >= min : exact > min) && exact <= max) {
        return exact;
      }
    }
    throw wrong(name, "must be a number in " + (minIncluded ? "[" : "(") + min + ", " + max + "]");
  }

  private static List<String> strings(Map<String, Object> fields, String name)
      throws SignatureRejectedException {
    Object value = fields.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items)) {
      throw wrong(name, "must be an array of strings");
    }
    List<String> strings = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw wrong(name, "must be an array of strings");
      }
      strings.add(text);
    }
    return List.copyOf(strings);
  }

  private static SignatureRejectedException wrong(String field, String what) {
    return new SignatureRejectedException(Check.SCHEMA, field + " " + what);
  }
}
