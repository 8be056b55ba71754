package dev.quintai.signatures;

import dev.quintai.core.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a signature's fields into a document: the opposite of {@link SignatureSchema}. */
final class SignatureFields {
  private SignatureFields() {}

  static SignatureDocument document(ThreatSignature s) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", s.id());
    fields.put("version", s.version());
    fields.put("name", s.name());
    fields.put("provenance", s.provenance().id());
    fields.put("source_session_id", s.sourceSessionId());
    fields.put("source_detection_id", s.sourceDetectionId());
    fields.put("created_at", s.createdAt().toString());
    fields.put("flow_shape", rows(s.shape().dense()));
    fields.put("max_jsd", s.maxJsd());
    fields.put("severity", s.severity().id());
    fields.put("weight", s.weight());
    fields.put("agent_types", s.agentTypes());
    fields.put("min_depth", (long) s.minDepth());
    fields.put("mitre_attack", s.mitreAttack());
    fields.put("mitre_tactics", s.mitreTactics());
    fields.put("compliance_refs", s.complianceRefs());
    fields.put("tags", s.tags());
    fields.put("ttl_hours", s.ttlHours());
    if (!s.conditions().equals(FlowConditions.NONE)) {
      fields.put("conditions", conditions(s.conditions()));
    }
    return SignatureDocument.of(fields);
  }

  private static List<Object> rows(double[] shape) {
    List<Object> rows = new ArrayList<>(Capability.COUNT);
    for (int i = 0; i < Capability.COUNT; i++) {
      rows.add(
          Arrays.stream(shape, i * Capability.COUNT, (i + 1) * Capability.COUNT).boxed().toList());
    }
    return rows;
  }

  private static Map<String, Object> conditions(FlowConditions conditions) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (conditions.window() > 0) {
      fields.put("window", (long) conditions.window());
    }
    fields.put("min_transitions", (long) conditions.minTransitions());
    List<Object> require = new ArrayList<>();
    for (FlowConditions.Requirement requirement : conditions.require()) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("from", (long) requirement.from().index());
      item.put("to", (long) requirement.to().index());
      item.put("fact", requirement.fact().name().toLowerCase(Locale.ROOT));
      require.add(item);
    }
    if (!require.isEmpty()) {
      fields.put("require", require);
    }
    return fields;
  }
}
