package dev.quintai.signatures.federation;

import dev.quintai.core.Capability;
import dev.quintai.core.JensenShannon;
import dev.quintai.core.Severity;
import dev.quintai.signatures.Provenance;
import dev.quintai.signatures.ThreatSignature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers the anonymised shapes of many tenants and says which are common enough to be everybody's.
 *
 * <p>Shapes are clustered by the Jensen-Shannon metric (the square root of the divergence, which
 * keeps the triangle inequality: Endres and Schindelin 2003): a shape joins the nearest cluster
 * whose first member is within {@link #RADIUS}, else it starts one. A cluster becomes global from
 * {@link #MIN_TENANTS} tenants; however much one tenant sends, it counts once. So do a technique
 * and a severity: what fewer tenants say of the shape does not leave the pool. Confidence grows
 * with each further tenant.
 *
 * <p>Tenant names are keys of this pool and appear in nothing that leaves it. Not thread-safe.
 */
public final class FederatedPool {

  /** Tenants that must have seen a shape before it is everybody's. */
  public static final int MIN_TENANTS = 3;

  /** How far from a cluster's first member a shape may lie, in the metric: 0.0625 bits. */
  public static final double RADIUS = 0.25;

  /** The most clusters; a shape that would need another is counted and not kept. */
  public static final int MAX_CLUSTERS = 10_000;

  /** The most shapes of one tenant; a further one is counted and not kept. */
  public static final int MAX_SHAPES_A_TENANT = 1_000;

  /** The most shapes of all tenants: of each tenant the last one in each cluster. */
  public static final int MAX_SHAPES = 100_000;

  private static final int CELLS = Capability.COUNT * Capability.COUNT;

  private final List<Cluster> clusters = new ArrayList<>();
  private final Map<String, Integer> shapesByTenant = new HashMap<>();
  private int shapes;
  private long dropped;
  private long refused;

  /** Shapes that are close to each other, the last one of each tenant. */
  private static final class Cluster {
    final JensenShannon.Prepared first;
    final Map<String, AnonymousShape> byTenant = new LinkedHashMap<>();

    Cluster(JensenShannon.Prepared first) {
      this.first = first;
    }
  }

  /** A pool without shapes. */
  public FederatedPool() {}

  /**
   * Takes a tenant's shape, if its policy lets it leave.
   *
   * @return whether it was taken
   */
  public boolean submit(String tenant, FederationPolicy policy, AnonymousShape shape) {
    if (!policy.contribute()) {
      refused++;
      return false;
    }
    JensenShannon.Prepared prepared = prepare(shape);
    Cluster nearest = null;
    double least = RADIUS;
    for (Cluster cluster : clusters) {
      double distance = Math.sqrt(JensenShannon.divergence(cluster.first, prepared));
      if (distance <= least) {
        least = distance;
        nearest = cluster;
      }
    }
    boolean further = nearest == null || !nearest.byTenant.containsKey(tenant);
    if (further
        && (shapes >= MAX_SHAPES
            || shapesByTenant.getOrDefault(tenant, 0) >= MAX_SHAPES_A_TENANT
            || (nearest == null && clusters.size() >= MAX_CLUSTERS))) {
      dropped++;
      return false;
    }
    if (nearest == null) {
      nearest = new Cluster(prepared);
      clusters.add(nearest);
    }
    if (further) {
      shapes++;
      shapesByTenant.merge(tenant, 1, Integer::sum);
    }
    nearest.byTenant.put(tenant, shape);
    return true;
  }

  /** How many shapes it holds. */
  public int shapes() {
    return shapes;
  }

  /** How many shapes were not kept for want of room. */
  public long dropped() {
    return dropped;
  }

  /** How many shapes were turned away because their tenant does not contribute. */
  public long refused() {
    return refused;
  }

  /**
   * How sure a shape is that so many tenants have seen independently: 0.875 for three, and half of
   * what is missing to 1 for each further one.
   */
  public static double confidence(int tenants) {
    return 1 - Math.pow(0.5, tenants);
  }

  /**
   * The signatures that are everybody's by now, unsigned, those of most tenants first.
   *
   * @param firstVersion the version of the first; each following one is one higher
   * @param now the present
   */
  public List<ThreatSignature> globals(long firstVersion, Instant now) {
    List<Cluster> common = new ArrayList<>();
    for (Cluster cluster : clusters) {
      if (cluster.byTenant.size() >= MIN_TENANTS) {
        common.add(cluster);
      }
    }
    common.sort(Comparator.comparingInt((Cluster c) -> c.byTenant.size()).reversed());
    List<ThreatSignature> signatures = new ArrayList<>();
    for (Cluster cluster : common) {
      signatures.add(global(cluster, firstVersion + signatures.size(), now));
    }
    return signatures;
  }

  private static ThreatSignature global(Cluster cluster, long version, Instant now) {
    double[] mean = new double[CELLS];
    Map<String, Integer> named = new TreeMap<>();
    List<Severity> severities = new ArrayList<>();
    for (AnonymousShape shape : cluster.byTenant.values()) {
      for (int cell = 0; cell < CELLS; cell++) {
        mean[cell] += shape.percentAt(cell);
      }
      shape.techniques().forEach(technique -> named.merge(technique, 1, Integer::sum));
      severities.add(shape.severity());
    }
    for (int cell = 0; cell < CELLS; cell++) {
      mean[cell] /= cluster.byTenant.size();
    }
    double farthest = 0;
    JensenShannon.Prepared centre = JensenShannon.prepare(mean);
    for (AnonymousShape shape : cluster.byTenant.values()) {
      farthest = Math.max(farthest, JensenShannon.divergence(centre, prepare(shape)));
    }
    double confidence = confidence(cluster.byTenant.size());
    double[][] rows = new double[Capability.COUNT][Capability.COUNT];
    for (int cell = 0; cell < CELLS; cell++) {
      rows[cell / Capability.COUNT][cell % Capability.COUNT] = mean[cell];
    }
    return ThreatSignature.builder()
        .id("QT-GNN-" + hash(mean))
        .version(version)
        .name("federated")
        .provenance(Provenance.FEDERATED)
        .createdAt(now)
        .flowShape(rows)
        // All members must match, with some room; the more tenants, the less is needed.
        .maxJsd(Math.min(0.5, Math.max(0.2, farthest + 0.1 * (2 - confidence))))
        .severity(severity(severities))
        .weight(Math.max(0.1, 0.85 * confidence))
        .mitreAttack(techniques(named))
        .build();
  }

  /** The gravest severity that enough tenants see at least. */
  private static Severity severity(List<Severity> all) {
    all.sort(Comparator.reverseOrder());
    return all.get(MIN_TENANTS - 1);
  }

  /** The techniques that enough tenants name, those of most tenants if there are many. */
  private static List<String> techniques(Map<String, Integer> named) {
    return named.entrySet().stream()
        .filter(entry -> entry.getValue() >= MIN_TENANTS)
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(AnonymousShape.MAX_TECHNIQUES)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static JensenShannon.Prepared prepare(AnonymousShape shape) {
    long[] counts = new long[CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      counts[cell] = shape.percentAt(cell);
    }
    return JensenShannon.prepare(counts);
  }

  private static String hash(double[] cells) {
    StringBuilder text = new StringBuilder();
    for (double cell : cells) {
      text.append(Math.round(cell)).append(',');
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
