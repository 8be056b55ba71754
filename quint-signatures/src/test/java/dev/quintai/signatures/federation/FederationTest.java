package dev.quintai.signatures.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import dev.quintai.signatures.FlowConditions;
import dev.quintai.signatures.FlowMatrix;
import dev.quintai.signatures.Provenance;
import dev.quintai.signatures.SignatureDocument;
import dev.quintai.signatures.SignatureMatcher;
import dev.quintai.signatures.SignatureRejectedException;
import dev.quintai.signatures.ThreatSignature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FederationTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final FederationPolicy OPEN = new FederationPolicy(true, true);

  private static ThreatSignature signature(double a, double b, double c) {
    double[][] shape = new double[12][12];
    shape[3][6] = a;
    shape[6][8] = b;
    shape[0][3] = c;
    return ThreatSignature.builder()
        .id("QT-GNN-1")
        .createdAt(NOW)
        .flowShape(shape)
        .severity(Severity.HIGH)
        .mitreAttack(List.of("T1041"))
        .build();
  }

  @Test
  void nothingOfTheTenantSurvives() {
    String secret = "SECRET";
    ThreatSignature planted =
        signature(1 / 3.0, 1 / 3.0, 1 / 3.0).toBuilder()
            .id("QT-GNN-" + secret)
            .version(424_242)
            .name(secret)
            .sourceSessionId(secret)
            .sourceDetectionId(secret)
            .createdAt(Instant.parse("2026-03-14T15:09:26Z"))
            .agentTypes(List.of(secret))
            .minDepth(31_337)
            .weight(0.4242)
            .maxJsd(0.4243)
            .ttlHours(8_675_309)
            .mitreAttack(List.of("T1041", secret, "T1041 " + secret, "AML.T0086", "T1041.SECRET"))
            .mitreTactics(List.of(secret))
            .complianceRefs(List.of(secret))
            .tags(List.of(secret))
            .conditions(
                new FlowConditions(
                    77,
                    9,
                    List.of(
                        new FlowConditions.Requirement(
                            Capability.AUTH, Capability.SEND, Fact.NEW_DESTINATION))))
            .build();
    String json = AnonymousShape.of(planted).toJson();
    assertThat(json)
        .doesNotContain(
            secret, "4242", "4243", "2026", "31337", "8675309", "77", "new_destination");
    assertThat(json).contains("\"T1041\"", "\"AML.T0086\"", "\"severity\":\"high\"");
    FederatedPool pool = new FederatedPool();
    for (int i = 0; i < 3; i++) {
      pool.submit("tenant-" + secret + i, OPEN, AnonymousShape.of(planted));
    }
    assertThat(pool.globals(1, NOW).get(0).document().toJson()).doesNotContain(secret, "tenant");
  }

  @Property(tries = 200)
  void sharesAreWholePercentAndAHundredInAll(@ForAll long seed) {
    Random random = new Random(seed);
    double[][] shape = new double[12][12];
    for (int i = 0; i < 1 + random.nextInt(144); i++) {
      shape[random.nextInt(12)][random.nextInt(12)] = random.nextDouble();
    }
    shape[0][0] += 1e-3;
    ThreatSignature signature = signature(1, 1, 1).toBuilder().flowShape(shape).build();
    int[][] percent = AnonymousShape.of(signature).percent();
    int sum = 0;
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        sum += percent[i][j];
        assertThat((double) percent[i][j])
            .isCloseTo(100 * signature.flowShape()[i][j], within(1.0 + 1e-9));
      }
    }
    assertThat(sum).isEqualTo(100);
  }

  /** Ids name shapes: one tenant more that sends the same must not make another signature of it. */
  @Test
  void theIdStaysWhenTheShapeDoes() {
    FederatedPool pool = new FederatedPool();
    for (String tenant : List.of("one", "two", "three")) {
      pool.submit(tenant, OPEN, AnonymousShape.of(signature(50, 40, 10)));
    }
    String id = pool.globals(1, NOW).get(0).id();
    pool.submit("four", OPEN, AnonymousShape.of(signature(50, 40, 10)));
    assertThat(pool.globals(1, NOW).get(0).id()).isEqualTo(id);
  }

  @Test
  void exactPercentStay() {
    int[][] percent = AnonymousShape.of(signature(0.29, 0.57, 0.14)).percent();
    assertThat(percent[3][6]).isEqualTo(29);
    assertThat(percent[6][8]).isEqualTo(57);
    assertThat(percent[0][3]).isEqualTo(14);
  }

  @Test
  void aShapeIsGlobalFromThreeTenantsOn() {
    FederatedPool pool = new FederatedPool();
    for (int i = 0; i < 10; i++) {
      pool.submit("one", OPEN, AnonymousShape.of(signature(50, 40, 10)));
    }
    pool.submit("two", OPEN, AnonymousShape.of(signature(48, 41, 11)));
    assertThat(pool.globals(5, NOW)).isEmpty();
    pool.submit("far", OPEN, AnonymousShape.of(signature(1, 1, 98)));
    assertThat(pool.globals(5, NOW)).isEmpty();
    pool.submit("three", OPEN, AnonymousShape.of(signature(52, 40, 8)));
    List<ThreatSignature> globals = pool.globals(5, NOW);
    assertThat(globals).hasSize(1);
    ThreatSignature global = globals.get(0);
    assertThat(global.version()).isEqualTo(5);
    assertThat(global.provenance()).isEqualTo(Provenance.FEDERATED);
    assertThat(global.agentTypes()).isEmpty();
    assertThat(global.probability(Capability.AUTH, Capability.SEND)).isCloseTo(0.5, within(1e-9));
    FlowMatrix member = new FlowMatrix();
    for (int i = 0; i < 48; i++) {
      member.add(Capability.AUTH, Capability.SEND);
    }
    for (int i = 0; i < 41; i++) {
      member.add(Capability.SEND, Capability.CONFIGURE);
    }
    for (int i = 0; i < 11; i++) {
      member.add(Capability.READ, Capability.AUTH);
    }
    assertThat(SignatureMatcher.divergence(member, global)).isLessThan(global.maxJsd());
  }

  @Test
  void confidenceGrowsWithTenants() {
    FederatedPool pool = new FederatedPool();
    double before = 0;
    for (int tenants = 1; tenants <= 8; tenants++) {
      pool.submit("t" + tenants, OPEN, AnonymousShape.of(signature(50, 40, 10)));
      List<ThreatSignature> globals = pool.globals(1, NOW);
      if (tenants >= FederatedPool.MIN_TENANTS) {
        assertThat(globals.get(0).weight()).isGreaterThan(before);
        before = globals.get(0).weight();
      }
    }
    assertThat(FederatedPool.confidence(3)).isEqualTo(0.875);
  }

  @Test
  void whoDoesNotContributeIsNotCounted() {
    FederatedPool pool = new FederatedPool();
    for (String tenant : Arrays.asList("a", "b", "c", "d")) {
      assertThat(
              pool.submit(
                  tenant,
                  new FederationPolicy(tenant.compareTo("b") <= 0, true),
                  AnonymousShape.of(signature(1, 1, 1))))
          .isEqualTo(tenant.compareTo("b") <= 0);
    }
    assertThat(pool.refused()).isEqualTo(2);
    assertThat(pool.globals(1, NOW)).isEmpty();
  }

  private static AnonymousShape shape(Severity severity, List<String> techniques) {
    return AnonymousShape.of(
        signature(50, 40, 10).toBuilder().severity(severity).mitreAttack(techniques).build());
  }

  /** What one tenant says of a shape is not everybody's, and no tenant can spoil the others'. */
  @Test
  void onlyWhatEnoughTenantsSayBecomesGlobal() {
    FederatedPool pool = new FederatedPool();
    for (int tenant = 0; tenant < 30; tenant++) {
      List<String> techniques = new ArrayList<>(List.of("T1041"));
      for (int i = 0; i < 15; i++) {
        techniques.add("T" + (2000 + tenant * 15 + i));
      }
      Severity severity =
          tenant < 2 ? Severity.CRITICAL : tenant < 6 ? Severity.HIGH : Severity.LOW;
      pool.submit("t" + tenant, OPEN, shape(severity, techniques));
    }
    ThreatSignature global = pool.globals(1, NOW).get(0);
    assertThat(global.mitreAttack()).containsExactly("T1041");
    assertThat(global.severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void oneTenantCannotFillThePool() {
    FederatedPool pool = new FederatedPool();
    Random random = new Random(4);
    for (int i = 0; i < 2 * FederatedPool.MAX_SHAPES_A_TENANT; i++) {
      double[][] shape = new double[12][12];
      shape[i % 12][i / 12 % 12] = 1;
      shape[random.nextInt(12)][random.nextInt(12)] += 1;
      shape[random.nextInt(12)][random.nextInt(12)] += 1;
      pool.submit(
          "loud", OPEN, AnonymousShape.of(signature(1, 1, 1).toBuilder().flowShape(shape).build()));
    }
    assertThat(pool.shapes()).isEqualTo(FederatedPool.MAX_SHAPES_A_TENANT);
    assertThat(pool.dropped()).isPositive();
    for (String tenant : List.of("a", "b", "c")) {
      assertThat(pool.submit(tenant, OPEN, AnonymousShape.of(signature(98, 1, 1)))).isTrue();
    }
    assertThat(pool.globals(1, NOW)).hasSize(1);
  }

  @Test
  void theFormReadsBackAndNothingElseDoes() {
    AnonymousShape shape = AnonymousShape.of(signature(0.5, 0.3, 0.2));
    String json = shape.toJson();
    assertThat(AnonymousShape.parse(json).toJson()).isEqualTo(json);
    // A newer one may say more; what is not known is not kept.
    assertThat(AnonymousShape.parse(json.replace("{", "{\"tenant\":\"SECRET\",")).toJson())
        .isEqualTo(json);
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            json + json,
            json.replace("50", "51"),
            json.replace("50", "-50"),
            json.replace("50", "50.5"),
            json.replace("50", "1e400"),
            json.replace("50", "9007199254740993"),
            json.replaceFirst("\\[0,", "["),
            json.replace("\"high\"", "\"SECRET\""),
            json.replace("\"high\"", "\"info\""),
            json.replace("T1041", "T1041 SECRET"),
            json.replace("\"T1041\"", "\"T1041\",\"T1041\""),
            json.replace("[\"T1041\"]", "[1]"),
            json.replace("[\"T1041\"]", "null"),
            json.replace("federated", "imported"))) {
      assertThatThrownBy(() -> AnonymousShape.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("SECRET");
    }
  }

  @Test
  void unknownFieldsDoNotSurviveEither() throws SignatureRejectedException {
    String json = signature(1, 1, 1).document().toJson();
    String secrets =
        "{\"tenant\":\"SECRET\",\"more\":{\"SECRET\":[\"SECRET\"]},\"flow_shape_percent\":\"SECRET\",";
    ThreatSignature planted =
        ThreatSignature.of(SignatureDocument.parse(secrets + json.substring(1)));
    assertThat(AnonymousShape.of(planted).toJson()).doesNotContain("SECRET", "tenant", "more");
  }
}
