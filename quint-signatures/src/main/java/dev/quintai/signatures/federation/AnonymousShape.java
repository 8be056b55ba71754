package dev.quintai.signatures.federation;

import dev.quintai.core.Capability;
import dev.quintai.core.Severity;
import dev.quintai.signatures.Provenance;
import dev.quintai.signatures.ThreatSignature;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.JsonProblem;
import dev.quintai.signatures.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What of a signature may cross from one tenant to another: the shape in whole percent, the
 * severity, and the MITRE techniques. It is built from these alone, value by value, so that nothing
 * else can come along: no name, id, session, agent, tag, time, condition or unknown field, and no
 * text that is not a technique's number. Immutable.
 */
public final class AnonymousShape {

  /** The grid: shares are whole percent, 100 in all. */
  public static final int GRID = 100;

  private static final int CELLS = Capability.COUNT * Capability.COUNT;
  private static final Pattern TECHNIQUE =
      Pattern.compile("T\\d{4}(\\.\\d{3})?|AML\\.T\\d{4}(\\.\\d{3})?");
  static final int MAX_TECHNIQUES = 16;

  private static final List<Severity> SEVERITIES =
      List.of(Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL);
  private static final StrictJson READER = new StrictJson(new JsonLimits(4 << 10, 3, 64, 64));

  private final int[] percent;
  private final Severity severity;
  private final List<String> techniques;

  private AnonymousShape(int[] percent, Severity severity, List<String> techniques) {
    this.percent = percent;
    this.severity = severity;
    this.techniques = techniques;
  }

  /** The cross-tenant form of a signature. */
  public static AnonymousShape of(ThreatSignature signature) {
    TreeSet<String> techniques = new TreeSet<>();
    for (String technique : signature.mitreAttack()) {
      if (techniques.size() < MAX_TECHNIQUES && TECHNIQUE.matcher(technique).matches()) {
        techniques.add(technique);
      }
    }
    return new AnonymousShape(
        round(signature.flowShape()), signature.severity(), List.copyOf(techniques));
  }

  /**
   * Reads what {@link #toJson} has written elsewhere. Fields that are not of this form are not
   * kept.
   *
   * @throws IllegalArgumentException naming the field that is not as it should be, and nothing of
   *     its content
   */
  public static AnonymousShape parse(String json) {
    Object value;
    try {
      value = READER.read(json);
    } catch (JsonProblem e) {
      throw new IllegalArgumentException("an anonymised shape is one JSON object", e);
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw new IllegalArgumentException("an anonymised shape is one JSON object");
    }
    if (!Provenance.FEDERATED.id().equals(object.get("provenance"))) {
      throw new IllegalArgumentException("provenance: federated was expected");
    }
    return new AnonymousShape(
        percent(object.get("flow_shape_percent")),
        severity(object.get("severity")),
        techniques(object.get("mitre_attack")));
  }

  private static int[] percent(Object value) {
    int[] percent = new int[CELLS];
    int sum = 0;
    boolean square = value instanceof List<?> rows && rows.size() == Capability.COUNT;
    for (int cell = 0; square && cell < CELLS; cell++) {
      if (((List<?>) value).get(cell / Capability.COUNT) instanceof List<?> row
          && row.size() == Capability.COUNT
          && row.get(cell % Capability.COUNT) instanceof Long share
          && share >= 0
          && share <= GRID) {
        percent[cell] = share.intValue();
        sum += percent[cell];
      } else {
        square = false;
      }
    }
    if (!square || sum != GRID) {
      throw new IllegalArgumentException(
          "flow_shape_percent: 12 rows of 12 whole percent were expected, 100 in all");
    }
    return percent;
  }

  private static Severity severity(Object value) {
    for (Severity severity : SEVERITIES) {
      if (severity.id().equals(value)) {
        return severity;
      }
    }
    throw new IllegalArgumentException("severity: critical, high, medium or low was expected");
  }

  private static List<String> techniques(Object value) {
    TreeSet<String> techniques = new TreeSet<>();
    boolean good = value instanceof List<?> items && items.size() <= MAX_TECHNIQUES;
    for (int i = 0; good && i < ((List<?>) value).size(); i++) {
      good =
          ((List<?>) value).get(i) instanceof String text
              && TECHNIQUE.matcher(text).matches()
              && techniques.add(text);
    }
    if (!good) {
      throw new IllegalArgumentException(
          "mitre_attack: at most " + MAX_TECHNIQUES + " different technique numbers were expected");
    }
    return List.copyOf(techniques);
  }

  /** Whole percent that add up to 100: the largest remainders are rounded up. */
  private static int[] round(double[][] shape) {
    int[] percent = new int[CELLS];
    double[] remainder = new double[CELLS];
    int left = GRID;
    for (int cell = 0; cell < CELLS; cell++) {
      double share = shape[cell / Capability.COUNT][cell % Capability.COUNT] * GRID;
      // A share that is a whole percent but for its rounding error is that percent.
      percent[cell] = (int) Math.floor(share + 1e-9);
      remainder[cell] = share - percent[cell];
      left -= percent[cell];
    }
    for (; left > 0; left--) {
      int largest = 0;
      for (int cell = 1; cell < CELLS; cell++) {
        if (remainder[cell] > remainder[largest]) {
          largest = cell;
        }
      }
      percent[largest]++;
      remainder[largest] = -1;
    }
    return percent;
  }

  /** The shape in percent, by source and target capability. A copy. */
  public int[][] percent() {
    int[][] rows = new int[Capability.COUNT][Capability.COUNT];
    for (int cell = 0; cell < CELLS; cell++) {
      rows[cell / Capability.COUNT][cell % Capability.COUNT] = percent[cell];
    }
    return rows;
  }

  int percentAt(int cell) {
    return percent[cell];
  }

  /** How grave. */
  public Severity severity() {
    return severity;
  }

  /** MITRE techniques, sorted. */
  public List<String> techniques() {
    return techniques;
  }

  /** The form as JSON: all that leaves a tenant. */
  public String toJson() {
    List<String> rows = new ArrayList<>();
    for (int[] row : percent()) {
      List<String> cells = new ArrayList<>();
      for (int cell : row) {
        cells.add(Integer.toString(cell));
      }
      rows.add("[" + String.join(",", cells) + "]");
    }
    List<String> quoted = techniques.stream().map(t -> "\"" + t + "\"").toList();
    return "{\"provenance\":\"federated\",\"severity\":\""
        + severity.id()
        + "\",\"flow_shape_percent\":["
        + String.join(",", rows)
        + "],\"mitre_attack\":["
        + String.join(",", quoted)
        + "]}";
  }
}
