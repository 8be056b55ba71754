package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureSchemaTest {

  private static ThreatSignature read(Map<String, ?> changes) throws SignatureRejectedException {
    return SignatureSchema.read(Signers.document("QT-SIG-1", 7, changes), Signers.NOW);
  }

  private static void refused(String field, Map<String, ?> changes) {
    SignatureRejectedException e =
        catchThrowableOfType(SignatureRejectedException.class, () -> read(changes));
    assertThat(e).as("%s", changes).isNotNull();
    assertThat(e.check()).isEqualTo(Check.SCHEMA);
    assertThat(e).hasMessageStartingWith(field);
  }

  @Test
  void readsEveryField() throws SignatureRejectedException {
    ThreatSignature s =
        ThreatSignature.of(
            SignatureDocument.parse(
                """
                {"id":"QT-GNN-7F3A9E12","version":42.0,"name":"relay","provenance":"ml-distilled",
                "source_session_id":"s-1","source_detection_id":"d-1",
                "created_at":"2026-05-03t16:22:00.5+02:00","flow_shape":%s,"max_jsd":0.25,
                "severity":"critical","weight":0.9,"agent_types":["claude-code","cursor"],
                "min_depth":2,"mitre_attack":["T1003"],"mitre_tactics":["exfiltration"],
                "compliance_refs":["SOC2"],"tags":["x"],"ttl_hours":1,"unknown":{"a":1},
                "conditions":{"window":40,"min_transitions":3,
                "require":[{"from":3,"to":6,"fact":"sensitive_target"}]}}
                """
                    .formatted(shape(3, 6, 45, 6, 8, 15))));
    assertThat(s.id()).isEqualTo("QT-GNN-7F3A9E12");
    assertThat(s.version()).isEqualTo(42);
    assertThat(s.name()).isEqualTo("relay");
    assertThat(s.provenance()).isEqualTo(Provenance.ML_DISTILLED);
    assertThat(s.sourceSessionId()).isEqualTo("s-1");
    assertThat(s.sourceDetectionId()).isEqualTo("d-1");
    assertThat(s.createdAt()).isEqualTo(Instant.parse("2026-05-03T14:22:00.5Z"));
    assertThat(s.probability(Capability.AUTH, Capability.SEND)).isEqualTo(0.75);
    assertThat(s.probability(Capability.SEND, Capability.CONFIGURE)).isEqualTo(0.25);
    assertThat(s.probability(Capability.SEND, Capability.AUTH)).isZero();
    assertThat(s.maxJsd()).isEqualTo(0.25);
    assertThat(s.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(s.weight()).isEqualTo(0.9);
    assertThat(s.agentTypes()).containsExactly("claude-code", "cursor");
    assertThat(s.minDepth()).isEqualTo(2);
    assertThat(s.mitreAttack()).containsExactly("T1003");
    assertThat(s.mitreTactics()).containsExactly("exfiltration");
    assertThat(s.complianceRefs()).containsExactly("SOC2");
    assertThat(s.tags()).containsExactly("x");
    assertThat(s.expiry()).isEqualTo(Instant.parse("2026-05-03T15:22:00.5Z"));
    assertThat(s.conditions())
        .isEqualTo(
            new FlowConditions(
                40,
                3,
                List.of(
                    new FlowConditions.Requirement(
                        Capability.AUTH, Capability.SEND, Fact.SENSITIVE_TARGET))));
    assertThat(s.document().fields()).containsEntry("unknown", Map.of("a", 1L));
    assertThat(s.appliesTo("cursor", 2)).isTrue();
    assertThat(s.appliesTo("cursor", 1)).isFalse();
    assertThat(s.appliesTo("codex", 2)).isFalse();
  }

  private static String shape(double... triples) {
    return Arrays.deepToString(Flows.shape(triples));
  }

  @Test
  void defaultsAreTheDocuments() throws SignatureRejectedException {
    ThreatSignature s =
        ThreatSignature.of(
            SignatureDocument.parse(
                ("{\"id\":\"a\",\"version\":1,\"created_at\":\"2026-05-03T14:22:00Z\",\"flow_shape\":%s,"
                        + "\"max_jsd\":0.5,\"severity\":\"low\",\"weight\":0.1}")
                    .formatted(shape(0, 0, 1))));
    assertThat(s.ttlHours()).isEqualTo(720);
    assertThat(s.minDepth()).isZero();
    assertThat(s.agentTypes()).isEmpty();
    assertThat(s.conditions()).isEqualTo(FlowConditions.NONE);
    assertThat(s.appliesTo("anything", 0)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id", "version", "created_at", "flow_shape", "max_jsd", "severity", "weight"})
  void namesTheMissingField(String field) {
    refused(field, Map.of(field, Signers.REMOVED));
    refused(field, Map.of(field, Signers.NULL));
    refused(field, Map.of(field, true));
  }

  @Test
  void refusesValuesOutOfRange() throws SignatureRejectedException {
    for (Object bad : List.of("", "a b", "\u00e9", "x".repeat(129), "-a", 7L)) {
      refused("id", Map.of("id", bad));
    }
    for (Object bad : List.of(0L, -1L, 42.5, 9007199254740992.0, "42")) {
      refused("version", Map.of("version", bad));
    }
    for (Object bad : List.of(0L, -0.1, 0.51, "0.2")) {
      refused("max_jsd", Map.of("max_jsd", bad));
    }
    for (Object bad : List.of(0.09, 1.01, 0L, "1")) {
      refused("weight", Map.of("weight", bad));
    }
    for (Object bad : List.of("info", "none", "CRITICAL", 1L)) {
      refused("severity", Map.of("severity", bad));
    }
    refused("provenance", Map.of("provenance", "guessed"));
    refused("ttl_hours", Map.of("ttl_hours", -1L));
    refused("min_depth", Map.of("min_depth", 0.5));
    refused("name", Map.of("name", 5L));
    refused("tags", Map.of("tags", "x"));
    refused("agent_types", Map.of("agent_types", List.of(1L)));
    for (String bad :
        List.of(
            "yesterday",
            "2026-05-03",
            "2026-05-03 14:22:00Z",
            "2026-02-30T00:00:00Z",
            "2026-05-03T14:22:00")) {
      refused("created_at", Map.of("created_at", bad));
    }
    assertThat(read(Map.of("max_jsd", 0.5, "weight", 1L, "ttl_hours", 0L)).expiry())
        .isEqualTo(Instant.MAX);
    assertThat(read(Map.of("ttl_hours", 9007199254740991L)).expiry()).isEqualTo(Instant.MAX);
  }

  @Test
  void refusesWhatIsFromTheFuture() throws SignatureRejectedException {
    Instant limit = Signers.NOW.plus(Duration.ofMinutes(10));
    assertThat(read(Map.of("created_at", limit.toString())).createdAt()).isEqualTo(limit);
    refused("created_at", Map.of("created_at", limit.plusSeconds(1).toString()));
  }

  @Test
  void refusesShapesThatAreNoDistribution() {
    List<Object> row = Collections.nCopies(12, 0.0);
    List<Object> rows = Collections.nCopies(12, row);
    refused("flow_shape", Map.of("flow_shape", rows));
    refused("flow_shape", Map.of("flow_shape", rows.subList(0, 11)));
    refused("flow_shape[0]", Map.of("flow_shape", Collections.nCopies(12, row.subList(0, 11))));
    refused("flow_shape[0]", Map.of("flow_shape", Collections.nCopies(12, 1L)));
    for (Object bad : List.of(-1e-9, "0.1", List.of())) {
      List<Object> other = new ArrayList<>(row);
      other.set(3, bad);
      refused("flow_shape[0][3]", Map.of("flow_shape", Collections.nCopies(12, other)));
    }
  }

  @Test
  void refusesConditionsThatItDoesNotKnow() {
    refused("conditions", Map.of("conditions", 7L));
    refused("window", Map.of("conditions", Map.of("window", 1L)));
    refused("conditions.window", Map.of("conditions", Map.of("window", 1025L)));
    refused("min_transitions", Map.of("conditions", Map.of("min_transitions", 0L)));
    refused("conditions.require", Map.of("conditions", Map.of("require", 7L)));
    refused("conditions.require[0].fact", require(0L, 1L, "weekday"));
    refused("conditions.require[0].to", require(0L, 12L, "new_destination"));
    refused("from", require(-1L, 1L, "new_destination"));
  }

  private static Map<String, ?> require(Object from, Object to, String fact) {
    return Map.of(
        "conditions", Map.of("require", List.of(Map.of("from", from, "to", to, "fact", fact))));
  }

  @Test
  void aBuiltSignatureIsItsDocument() throws SignatureRejectedException {
    ThreatSignature s =
        Flows.signature("QT-SIG-1", Flows.shape(3, 6, 1e17, 6, 8, 1))
            .conditions(
                new FlowConditions(
                    9,
                    4,
                    List.of(
                        new FlowConditions.Requirement(
                            Capability.AUTH, Capability.SEND, Fact.NEW_DESTINATION))))
            .build();
    ThreatSignature back = ThreatSignature.of(s.document());
    assertThat(back.document().digest()).isEqualTo(s.document().digest());
    assertThat(back.conditions()).isEqualTo(s.conditions());
    assertThat(back.flowShape()).isDeepEqualTo(s.flowShape());
    assertThat(back.toBuilder().version(2).build().document().digest())
        .isNotEqualTo(s.document().digest());
  }

  @Test
  void refusesToBuildWhatWouldBeRefused() {
    assertThatThrownBy(() -> Flows.signature("a b", Flows.shape(0, 0, 1)).build())
        .hasMessageStartingWith("id");
    assertThatThrownBy(() -> Flows.signature("a", Flows.zero()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Flows.signature("a", Flows.shape(0, 0, 1)).maxJsd(0.6).build())
        .hasMessageStartingWith("max_jsd");
  }

  @Test
  void hugeCellsReadBack() throws SignatureRejectedException {
    // In canonical form 1e17 is an integer beyond 2^53-1, which a reader must refuse.
    String text =
        Signers.document("QT-SIG-1", 1)
            .toJson()
            .replaceFirst("0\\.6", "1e17")
            .replaceFirst("0\\.4", "1e17");
    ThreatSignature s = ThreatSignature.of(SignatureDocument.parse(text).sign(Signers.KEY));
    assertThat(s.document().signed()).isTrue();
    assertThat(s.probability(Capability.AUTH, Capability.SEND)).isEqualTo(0.5);
  }
}
