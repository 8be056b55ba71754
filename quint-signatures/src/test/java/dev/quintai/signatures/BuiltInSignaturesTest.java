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
}
