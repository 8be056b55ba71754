package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.AgentIds;
import dev.quintai.core.Finding;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the example sessions of every built-in signature through gate 1. */
class BuiltInSignaturesTest {

  /** One example: a session of tool calls, and whether a signature is to match it. */
  record Example(String signature, boolean match, String why, List<?> calls, List<?> subAgent) {
    @Override
    public String toString() {
      return signature + (match ? " matches: " : " is quiet: ") + why;
    }
  }

  static Stream<Example> examples() throws Exception {
    StrictJson reader = new StrictJson(new JsonLimits(1 << 20, 10, 4096, 1000));
    List<Example> examples = new ArrayList<>();
    for (String line : text().split("\n")) {
      Map<?, ?> row = (Map<?, ?>) reader.read(line);
      examples.add(
          new Example(
              (String) row.get("signature"),
              (Boolean) row.get("match"),
              (String) row.get("why"),
              (List<?>) row.get("calls"),
              (List<?>) row.get("subAgent")));
    }
    return examples.stream();
  }

  private static String text() throws IOException {
    try (InputStream in =
        BuiltInSignaturesTest.class.getResourceAsStream("built-in-examples.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void judgesTheExample(Example example) {
    Set<Finding> findings = run(example);
    Set<String> ids = findings.stream().map(Finding::signatureId).collect(Collectors.toSet());
    if (example.match()) {
      assertThat(ids).contains(example.signature());
    } else {
      // What is harmless for one is harmless for all, at least above a note in the log.
      assertThat(findings).filteredOn(f -> f.severity().compareTo(Severity.LOW) > 0).isEmpty();
      assertThat(ids).doesNotContain(example.signature());
    }
  }

  private static Set<Finding> run(Example example) {
    SignatureSet set = SignatureSet.of(BuiltInSignatures.all(), List.of());
    SignatureDetector detector = new SignatureDetector(() -> set);
    Set<Finding> findings = new LinkedHashSet<>();
    Session root = session(1_777_085_379_000L, null);
    run(detector, root, example.calls(), findings);
    if (example.subAgent() != null) {
      long start = 1_777_085_379_000L + 1000L * example.calls().size() + 100;
      run(detector, session(start, root), example.subAgent(), findings);
    }
    return findings;
  }

  private static Session session(long startMs, Session parent) {
    Session session =
        new Session(
            new ProcessId(4242 + (parent == null ? 0 : 1), startMs),
            "claude-code",
            parent,
            AgentIds.agentId("m", 501, "claude-code", null));
    session.offer(Session.Field.WORKING_DIR, "/home/u/app", Session.Source.TRUTH);
    session.offer(Session.Field.HOME, "/home/u", Session.Source.TRUTH);
    return session;
  }

  @SuppressWarnings("unchecked") // the reader makes maps with string keys only
  private static void run(
      SignatureDetector detector, Session session, List<?> calls, Set<Finding> findings) {
    SessionDetector watched = detector.open(session, new SessionFacts(), findings::add);
    CapabilityMapper mapper = new CapabilityMapper();
    long timeMs = session.root().startMs();
    for (Object item : calls) {
      timeMs += 1000;
      Map<String, Object> call = (Map<String, Object>) item;
      IntentEvent intent =
          IntentEvent.builder(timeMs * 1_000_000L, session.root(), (String) call.get("tool"))
              .toolUseId("toolu_" + timeMs)
              .arguments(Arguments.of((Map<String, Object>) call.get("arguments")))
              .provider("anthropic")
              .build();
      watched.evaluate(intent, mapper.actionsOf(intent, session));
    }
  }

  @Test
  void everySignatureHasExamplesOfBothKinds() throws Exception {
    Set<String> matching =
        examples().filter(Example::match).map(Example::signature).collect(Collectors.toSet());
    Set<String> quiet =
        examples().filter(e -> !e.match()).map(Example::signature).collect(Collectors.toSet());
    Set<String> all =
        BuiltInSignatures.described().stream()
            .map(b -> b.signature().id())
            .collect(Collectors.toSet());
    assertThat(matching).isEqualTo(all);
    assertThat(quiet).isEqualTo(all);
    assertThat(all).hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void everySignatureSaysWhatItGoesBackTo() {
    for (BuiltInSignatures.BuiltIn builtIn : BuiltInSignatures.described()) {
      ThreatSignature signature = builtIn.signature();
      assertThat(builtIn.citation()).as(signature.id()).startsWith("https://");
      assertThat(builtIn.attack()).as(signature.id()).endsWith(".");
      assertThat(signature.mitreAttack())
          .as(signature.id())
          .anyMatch(id -> id.matches("T\\d{4}(\\.\\d{3})?"))
          .anyMatch(id -> id.matches("AML\\.T\\d{4}(\\.\\d{3})?"));
      assertThat(signature.provenance()).isEqualTo(Provenance.ANALYST_AUTHORED);
      assertThat(signature.weight()).isEqualTo(1.0);
    }
  }

  /**
   * The techniques that were looked up, by number and name: ATT&CK in its data of version 18.1, and
   * T1685 in public material of version 19, which gave it the name of T1562.001; ATLAS in its data
   * of version 5.6.
   */
  private static final Map<String, String> TECHNIQUES =
      Map.ofEntries(
          Map.entry("T1003.008", "/etc/passwd and /etc/shadow"),
          Map.entry("T1048.003", "Exfiltration Over Unencrypted Non-C2 Protocol"),
          Map.entry("T1057", "Process Discovery"),
          Map.entry("T1059.004", "Unix Shell"),
          Map.entry("T1082", "System Information Discovery"),
          Map.entry("T1095", "Non-Application Layer Protocol"),
          Map.entry("T1098.004", "SSH Authorized Keys"),
          Map.entry("T1105", "Ingress Tool Transfer"),
          Map.entry("T1204.002", "Malicious File"),
          Map.entry("T1213", "Data from Information Repositories"),
          Map.entry("T1222.002", "Linux and Mac File and Directory Permissions Modification"),
          Map.entry("T1485", "Data Destruction"),
          Map.entry("T1546.004", "Unix Shell Configuration Modification"),
          Map.entry("T1548.003", "Sudo and Sudo Caching"),
          Map.entry("T1552", "Unsecured Credentials"),
          Map.entry("T1552.001", "Credentials In Files"),
          Map.entry("T1552.004", "Private Keys"),
          Map.entry("T1552.005", "Cloud Instance Metadata API"),
          Map.entry("T1560", "Archive Collected Data"),
          Map.entry("T1567", "Exfiltration Over Web Service"),
          Map.entry("T1567.001", "Exfiltration to Code Repository"),
          Map.entry("T1578.003", "Delete Cloud Instance"),
          Map.entry("T1685", "Disable or Modify Tools"),
          Map.entry("AML.T0051.001", "LLM Prompt Injection: Indirect"),
          Map.entry("AML.T0053", "AI Agent Tool Invocation"),
          Map.entry("AML.T0055", "Unsecured Credentials"),
          Map.entry("AML.T0072", "Reverse Shell"),
          Map.entry("AML.T0081", "Modify AI Agent Configuration"),
          Map.entry("AML.T0086", "Exfiltration via AI Agent Tool Invocation"),
          Map.entry("AML.T0090", "OS Credential Dumping"),
          Map.entry("AML.T0098", "AI Agent Tool Credential Harvesting"),
          Map.entry("AML.T0100", "AI Agent Clickbait"),
          Map.entry("AML.T0101", "Data Destruction via AI Agent Tool Invocation"),
          Map.entry("AML.T0110", "AI Agent Tool Poisoning"));

  @Test
  void everyTechniqueWasLookedUpAndItsTacticIsNamed() {
    for (BuiltInSignatures.BuiltIn builtIn : BuiltInSignatures.described()) {
      ThreatSignature signature = builtIn.signature();
      assertThat(TECHNIQUES.keySet()).as(signature.id()).containsAll(signature.mitreAttack());
      Set<String> tactics = new LinkedHashSet<>(MitreTactics.of(signature.mitreAttack()));
      assertThat(signature.mitreTactics()).as(signature.id()).containsAll(tactics);
      if (signature.mitreAttack().contains("AML.T0086")) {
        tactics.add("exfiltration");
      }
      assertThat(tactics).as(signature.id()).containsAll(signature.mitreTactics());
    }
  }
}
