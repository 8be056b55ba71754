package dev.quintai.daemon.signatures;

import dev.quintai.core.Capability;
import dev.quintai.daemon.signatures.ImportCommand.NotExpressibleException;
import dev.quintai.signatures.FlowConditions;
import dev.quintai.signatures.ThreatSignature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads Sigma correlations (specification 2.0) of type {@code temporal_ordered}: the referred
 * rules, in their order, become capability steps by the category of their log source.
 *
 * <p>What survives is the order of the categories. A rule's detection, the time span, groups,
 * aliases and conditions do not, and each is told; other correlation types and log sources without
 * a capability are refused.
 */
final class SigmaImport {

  /** Log source categories that mean one capability. */
  private static final Map<String, Capability> CAPABILITIES =
      Map.ofEntries(
          Map.entry("process_creation", Capability.EXECUTE),
          Map.entry("ps_script", Capability.EXECUTE),
          Map.entry("file_access", Capability.READ),
          Map.entry("file_event", Capability.WRITE),
          Map.entry("file_change", Capability.WRITE),
          Map.entry("file_rename", Capability.WRITE),
          Map.entry("file_delete", Capability.DELETE),
          Map.entry("network_connection", Capability.SEND),
          Map.entry("proxy", Capability.SEND),
          Map.entry("dns_query", Capability.SEARCH),
          Map.entry("registry_add", Capability.CONFIGURE),
          Map.entry("registry_set", Capability.CONFIGURE),
          Map.entry("registry_event", Capability.CONFIGURE));

  private final Map<String, Map<?, ?>> rules = new HashMap<>();
  private final Set<Object> parts = new HashSet<>();
  private final Consumer<String> remarks;

  SigmaImport(List<Map<?, ?>> documents, Consumer<String> remarks) {
    this.remarks = remarks;
    for (Map<?, ?> document : documents) {
      if (document.containsKey("logsource")) {
        for (String field : new String[] {"name", "id", "title"}) {
          if (document.get(field) instanceof String key) {
            rules.putIfAbsent(key, document);
          }
        }
      } else if (document.get("correlation") instanceof Map<?, ?> correlation
          && correlation.get("rules") instanceof List<?> names) {
        parts.addAll(names);
      }
    }
  }

  /** Whether a correlation refers to the rule. */
  boolean isPart(Map<?, ?> rule) {
    return parts.contains(rule.get("name"))
        || parts.contains(rule.get("id"))
        || parts.contains(rule.get("title"));
  }

  ThreatSignature read(Map<?, ?> document, long version, Instant now)
      throws NotExpressibleException {
    if (!(document.get("correlation") instanceof Map<?, ?> correlation)) {
      throw new NotExpressibleException("correlation: a mapping was expected");
    }
    if (!"temporal_ordered".equals(correlation.get("type"))) {
      throw new NotExpressibleException(
          "correlation.type "
              + StepsImport.shown(correlation.get("type"))
              + ": only temporal_ordered is a sequence");
    }
    if (!(correlation.get("rules") instanceof List<?> names) || names.size() < 2) {
      throw new NotExpressibleException("correlation.rules: at least two were expected");
    }
    String title = StepsImport.text(document, "title", "imported");
    String told = StepsImport.shown(title);
    double[][] shape = new double[Capability.COUNT][Capability.COUNT];
    Capability before = null;
    Set<String> tags = new TreeSet<>(StepsImport.strings(document, "tags"));
    for (Object name : names) {
      Map<?, ?> rule = rules.get(name);
      if (rule == null) {
        throw new NotExpressibleException(
            "correlation.rules: no rule " + StepsImport.shown(name) + " in this file");
      }
      Capability capability = capability(name, rule);
      tags.addAll(StepsImport.strings(rule, "tags"));
      remarks.accept(
          told
              + ": the detection of "
              + StepsImport.shown(name)
              + " is not kept, only "
              + capability.id());
      if (before != null) {
        shape[before.index()][capability.index()] += 1;
      }
      before = capability;
    }
    for (String lost : new String[] {"timespan", "group-by", "aliases", "condition"}) {
      if (correlation.containsKey(lost)) {
        remarks.accept(
            told
                + ": correlation."
                + lost
                + " is not kept"
                + (lost.equals("group-by") ? ": a signature always looks at one session" : ""));
      }
    }
    FlowConditions conditions =
        new FlowConditions(
            Math.min(FlowConditions.MAX_WINDOW, names.size() + 2), names.size() - 1, List.of());
    return StepsImport.builder(document, shape, conditions, version, now)
        .tags(List.of("sigma"))
        .mitreAttack(techniques(tags))
        .build();
  }

  private static Capability capability(Object name, Map<?, ?> rule) throws NotExpressibleException {
    Object category =
        rule.get("logsource") instanceof Map<?, ?> source ? source.get("category") : null;
    Capability capability = category == null ? null : CAPABILITIES.get(category);
    if (capability == null) {
      throw new NotExpressibleException(
          "rule "
              + StepsImport.shown(name)
              + ": no capability for the log source category "
              + StepsImport.shown(category)
              + "; known are "
              + new TreeSet<>(CAPABILITIES.keySet()));
    }
    return capability;
  }

  /** Sigma writes {@code attack.t1059.004}. */
  private static List<String> techniques(Set<String> tags) {
    List<String> techniques = new ArrayList<>();
    for (String tag : tags) {
      String upper = tag.toUpperCase(Locale.ROOT);
      if (upper.matches("ATTACK\\.T\\d{4}(\\.\\d{3})?")) {
        techniques.add(upper.substring("ATTACK.".length()));
      }
    }
    return techniques;
  }
}
