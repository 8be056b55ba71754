package dev.quintai.daemon.signatures;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import dev.quintai.daemon.signatures.ImportCommand.NotExpressibleException;
import dev.quintai.signatures.FlowConditions;
import dev.quintai.signatures.Provenance;
import dev.quintai.signatures.ThreatSignature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a sequence of capability steps:
 *
 * <pre>
 * name: credentials, then upload
 * severity: high
 * steps:                 # in order; each step after the first is a transition
 *   - read
 *   - auth
 *   - capability: send
 *     weight: 2          # of the transition into this step; 1 by default
 * require:               # optional
 *   - {from: auth, to: send, fact: sensitive_target}
 * max_jsd: 0.25          # optional, with weight, window, min_transitions, agent_types, min_depth,
 *                        # mitre_attack, mitre_tactics, compliance_refs, tags, ttl_hours
 * </pre>
 */
final class StepsImport {

  /** The weight of an imported signature until an analyst has looked at it. */
  private static final double START_WEIGHT = 0.85;

  private static final int MAX_STEPS = 1024;
  private static final long MAX_HOURS = (1L << 53) - 1;
  private static final int MAX_SHOWN = 200;

  private StepsImport() {}

  static ThreatSignature read(Map<?, ?> document, long version, Instant now)
      throws NotExpressibleException {
    if (!(document.get("steps") instanceof List<?> steps)
        || steps.size() < 2
        || steps.size() > MAX_STEPS) {
      throw new NotExpressibleException("steps: a list of 2 to " + MAX_STEPS + " was expected");
    }
    double[][] shape = new double[Capability.COUNT][Capability.COUNT];
    Capability before = null;
    for (int i = 0; i < steps.size(); i++) {
      Object step = steps.get(i);
      double weight = 1;
      Object name = step;
      if (step instanceof Map<?, ?> map) {
        name = map.get("capability");
        weight = number(map, "weight", 1, "steps[" + i + "].");
      }
      Capability capability = capability(name, "steps[" + i + "]");
      if (before != null) {
        shape[before.index()][capability.index()] += weight;
      }
      before = capability;
    }
    int evidence = Math.min(FlowConditions.DEFAULT_MIN_TRANSITIONS, steps.size() - 1);
    FlowConditions conditions =
        new FlowConditions(
            (int) integer(document, "window", 0, FlowConditions.MAX_WINDOW),
            (int) integer(document, "min_transitions", evidence, MAX_STEPS),
            requirements(document));
    return builder(document, shape, conditions, version, now).build();
  }

  /** All that both formats have; what a caller sets beside it is no part of the id. */
  static ThreatSignature.Builder builder(
      Map<?, ?> document, double[][] shape, FlowConditions conditions, long version, Instant now)
      throws NotExpressibleException {
    List<String> agents = strings(document, "agent_types");
    int depth = (int) integer(document, "min_depth", 0, Integer.MAX_VALUE);
    return ThreatSignature.builder()
        .id("QT-IMP-" + hash(shape, conditions + " " + agents + " " + depth))
        .conditions(conditions)
        .version(version)
        .name(text(document, "name", text(document, "title", "imported")))
        .provenance(Provenance.IMPORTED)
        .createdAt(now)
        .flowShape(shape)
        .maxJsd(number(document, "max_jsd", 0.25, ""))
        .severity(severity(text(document, "severity", text(document, "level", "medium"))))
        .weight(number(document, "weight", START_WEIGHT, ""))
        .agentTypes(agents)
        .minDepth(depth)
        .mitreAttack(strings(document, "mitre_attack"))
        .mitreTactics(strings(document, "mitre_tactics"))
        .complianceRefs(strings(document, "compliance_refs"))
        .tags(strings(document, "tags"))
        .ttlHours(integer(document, "ttl_hours", 720, MAX_HOURS));
  }

  private static List<FlowConditions.Requirement> requirements(Map<?, ?> document)
      throws NotExpressibleException {
    List<FlowConditions.Requirement> requirements = new ArrayList<>();
    Object list = document.get("require");
    if (list == null) {
      return requirements;
    }
    if (!(list instanceof List<?> items)) {
      throw new NotExpressibleException("require: a list was expected");
    }
    for (int i = 0; i < items.size(); i++) {
      String where = "require[" + i + "]";
      if (!(items.get(i) instanceof Map<?, ?> item)) {
        throw new NotExpressibleException(where + ": from, to and fact were expected");
      }
      requirements.add(
          new FlowConditions.Requirement(
              capability(item.get("from"), where + ".from"),
              capability(item.get("to"), where + ".to"),
              fact(item.get("fact"), where + ".fact")));
    }
    return requirements;
  }

  private static Fact fact(Object name, String where) throws NotExpressibleException {
    for (Fact fact : Fact.values()) {
      if (fact.name().toLowerCase(Locale.ROOT).equals(name)) {
        return fact;
      }
    }
    throw new NotExpressibleException(where + ": no such fact: " + shown(name));
  }

  private static Capability capability(Object name, String where) throws NotExpressibleException {
    for (Capability capability : Capability.values()) {
      if (capability.id().equals(name)) {
        return capability;
      }
    }
    throw new NotExpressibleException(where + ": no such capability: " + shown(name));
  }

  static Severity severity(String name) throws NotExpressibleException {
    return switch (name) {
      case "critical" -> Severity.CRITICAL;
      case "high" -> Severity.HIGH;
      case "medium" -> Severity.MEDIUM;
      case "low", "informational" -> Severity.LOW;
      default -> throw new NotExpressibleException("severity: critical, high, medium or low");
    };
  }

  private static double number(Map<?, ?> map, String field, double fallback, String where)
      throws NotExpressibleException {
    Object value = map.get(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new NotExpressibleException(where + field + ": a number was expected");
  }

  private static long integer(Map<?, ?> map, String field, long fallback, long max)
      throws NotExpressibleException {
    Object value = map.get(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= 0
        && number.doubleValue() <= max) {
      return number.longValue();
    }
    throw new NotExpressibleException(field + ": a whole number of 0 to " + max + " was expected");
  }

  /** A value from the file, fit for a message: one line, nothing hidden, not long. */
  static String shown(Object value) {
    if (!(value instanceof String text)) {
      return value instanceof Number || value instanceof Boolean
          ? value.toString()
          : "something else than a text";
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_SHOWN)
        .map(c -> isHidden(c) ? ' ' : c)
        .forEach(shown::appendCodePoint);
    return text.length() > MAX_SHOWN ? shown + "..." : shown.toString();
  }

  private static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  static String text(Map<?, ?> map, String field, String fallback) throws NotExpressibleException {
    Object value = map.get(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof String text) {
      return text;
    }
    throw new NotExpressibleException(field + ": a string was expected");
  }

  static List<String> strings(Map<?, ?> map, String field) throws NotExpressibleException {
    Object value = map.get(field);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items) || !items.stream().allMatch(String.class::isInstance)) {
      throw new NotExpressibleException(field + ": a list of strings was expected");
    }
    return items.stream().map(String.class::cast).toList();
  }

  /**
   * Eight hex digits of the SHA-256 of the shape and of what else decides whom it matches: the same
   * meaning has the same id, and another one has another.
   */
  private static String hash(double[][] shape, String rest) {
    double sum = 0;
    for (double[] row : shape) {
      for (double cell : row) {
        sum += cell;
      }
    }
    StringBuilder text = new StringBuilder();
    for (double[] row : shape) {
      for (double cell : row) {
        text.append(Math.round(10_000 * cell / sum)).append(',');
      }
    }
    text.append(rest);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
