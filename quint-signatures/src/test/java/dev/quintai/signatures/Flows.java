package dev.quintai.signatures;

import dev.quintai.core.Capability;
import java.time.Instant;
import java.util.Random;

/** Flows and signatures for tests. */
final class Flows {
  static final Instant CREATED = Instant.parse("2026-05-03T14:22:00Z");

  private Flows() {}

  static double[][] zero() {
    return new double[Capability.COUNT][Capability.COUNT];
  }

  /** A shape from triples of source, target and weight. */
  static double[][] shape(double... triples) {
    double[][] rows = zero();
    for (int i = 0; i < triples.length; i += 3) {
      rows[(int) triples[i]][(int) triples[i + 1]] += triples[i + 2];
    }
    return rows;
  }

  static ThreatSignature.Builder signature(String id, double[][] shape) {
    return ThreatSignature.builder()
        .id(id)
        .createdAt(CREATED)
        .flowShape(shape)
        .maxJsd(0.25)
        .ttlHours(0);
  }

  static LoadedSignature loaded(ThreatSignature signature) {
    return new LoadedSignature(signature, Channel.GLOBAL, Lane.BLOCK, null);
  }

  /** A signature of a few random cells. */
  static ThreatSignature random(String id, Random random) {
    double[][] shape = zero();
    int cells = 1 + random.nextInt(8);
    for (int i = 0; i < cells; i++) {
      shape[random.nextInt(12)][random.nextInt(12)] += random.nextDouble() + 1e-9;
    }
    return signature(id, shape).maxJsd(Math.max(1e-6, random.nextDouble() / 2)).build();
  }

  /** The flow of random actions; the fewer capabilities, the nearer to something. */
  static FlowMatrix randomFlow(Random random, int actions) {
    FlowMatrix flow = new FlowMatrix();
    int kinds = 1 + random.nextInt(12);
    for (int i = 0; i < actions; i++) {
      flow.action(Capability.at(random.nextInt(kinds)));
    }
    return flow;
  }
}
