package dev.quintai.signatures.federation;

import dev.quintai.core.Capability;
import dev.quintai.core.Severity;
import dev.quintai.signatures.ThreatSignature;
import java.util.ArrayList;
import java.util.List;
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
  private static final int MAX_TECHNIQUES = 16;

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
