package dev.quintai.signatures;

import static dev.quintai.signatures.Signers.ACME;
import static dev.quintai.signatures.Signers.KEY;
import static dev.quintai.signatures.Signers.NOW;
import static dev.quintai.signatures.Signers.document;
import static dev.quintai.signatures.Signers.file;
import static dev.quintai.signatures.Signers.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreatSignatureRegistryTest {
  @TempDir Path folder;

  private ThreatSignatureRegistry open() throws IOException {
    return ThreatSignatureRegistry.open(folder.resolve("signatures"), List.of());
  }

  private static List<String> receive(
      ThreatSignatureRegistry registry, Channel channel, SignatureDocument... documents)
      throws IOException {
    return registry
        .receive(file(documents), channel, Signers.keyring(), Lane.ALERT, AdmissionTrial.NONE, NOW)
        .stream()
        .map(r -> r.accepted() ? (r.changed() ? "new" : "known") : r.check().id())
        .toList();
  }

  private static List<String> ids(ThreatSignatureRegistry registry) {
    return registry.current().signatures().stream()
        .map(s -> s.signature().id() + " " + s.signature().version())
        .toList();
  }

  @Test
  void versionsRiseByChannelAndSurviveARestart() throws IOException {
    ThreatSignatureRegistry registry = open();
    assertThat(receive(registry, ACME, signed("a", 5), signed("b", 6)))
        .containsExactly("new", "new");
    assertThat(receive(registry, ACME, signed("b", 6), signed("a", 5)))
        .containsExactly("known", "known");
    assertThat(receive(registry, ACME, signed("c", 6), signed("c", 4)))
        .containsExactly("replay", "replay");
    assertThat(receive(registry, Channel.GLOBAL, signed("g", 1))).containsExactly("new");
    assertThat(receive(registry, ACME, signed("b", 7))).containsExactly("new");
    assertThat(receive(registry, ACME, signed("b", 6))).containsExactly("replay");

    ThreatSignatureRegistry again = open();
    assertThat(ids(again)).containsExactly("a 5", "g 1", "b 7");
    assertThat(receive(again, ACME, signed("d", 7))).containsExactly("replay");
    assertThat(receive(again, Channel.GLOBAL, signed("d", 2))).containsExactly("new");
    assertThat(again.current().signatures().get(0).lane()).isEqualTo(Lane.ALERT);
    assertThat(again.damage()).isNull();
  }

  @Test
  void rejectsOneByOneInTheOrderOfTheChecks() throws IOException {
    ThreatSignatureRegistry registry = open();
    String old = NOW.minus(Duration.ofDays(40)).toString();
    assertThat(
            receive(
                registry,
                ACME,
                signed("a", 10),
                document("b", 20),
                document("c", 21, Map.of("weight", 2L)).sign(KEY),
                document("d", 9, Map.of("created_at", old)).sign(KEY),
                document("e", 22, Map.of("created_at", old)).sign(KEY),
                signed("f", 11)))
        .containsExactly("new", "signature", "schema", "replay", "expired", "new");
    assertThat(ids(registry)).containsExactly("a 10", "f 11");
  }

  @Test
  void anExpiredOneThatIsKnownIsANoOp() throws IOException {
    ThreatSignatureRegistry registry = open();
    SignatureDocument document = signed("a", 1);
    assertThat(receive(registry, ACME, document)).containsExactly("new");
    List<Receipt> later =
        registry.receive(
            file(document),
            ACME,
            Signers.keyring(),
            Lane.BLOCK,
            AdmissionTrial.NONE,
            NOW.plus(Duration.ofDays(60)));
    assertThat(later.get(0).accepted()).isTrue();
    assertThat(later.get(0).changed()).isFalse();
  }

  @Test
  void rollsBackWithoutForgettingVersions() throws IOException {
    ThreatSignatureRegistry registry = open();
    receive(registry, ACME, signed("a", 1));
    receive(registry, ACME, signed("b", 2));
    registry.setLane("a", Lane.SHADOW);
    registry.suppress(
        new Suppression(null, "codex", null, null, null, NOW.plusSeconds(60), "known"), NOW);
    assertThat(registry.rollback()).isTrue();
    assertThat(ids(registry)).containsExactly("a 1");
    assertThat(receive(registry, ACME, signed("b", 2))).containsExactly("replay");
    assertThat(registry.current().signatures().get(0).lane()).isEqualTo(Lane.SHADOW);
    assertThat(registry.rollback()).isTrue();
    assertThat(ids(open())).isEmpty();
    assertThat(registry.rollback()).isFalse();
    assertThat(receive(registry, ACME, signed("c", 3))).containsExactly("new");
  }

  @Test
  void theSetToReturnToOutlivesManyOtherChanges() throws IOException {
    ThreatSignatureRegistry registry = open();
    receive(registry, ACME, signed("a", 1));
    receive(registry, ACME, signed("b", 2));
    for (int i = 0; i < 3 * SignatureDirectory.KEPT; i++) {
      registry.setLane("b", i % 2 == 0 ? Lane.SHADOW : Lane.BLOCK);
    }
    assertThat(registry.rollback()).isTrue();
    assertThat(ids(registry)).containsExactly("a 1");
    try (var files = Files.list(folder.resolve("signatures"))) {
      assertThat(files.count()).isLessThanOrEqualTo(SignatureDirectory.KEPT + 4);
    }
  }

  @Test
  void withoutAFolderItRollsBackOnce() throws IOException {
    ThreatSignatureRegistry registry = ThreatSignatureRegistry.inMemory(List.of());
    receive(registry, ACME, signed("a", 1));
    receive(registry, ACME, signed("b", 2));
    assertThat(registry.rollback()).isTrue();
    assertThat(ids(registry)).containsExactly("a 1");
    assertThat(registry.rollback()).isFalse();
  }

  @Test
  void holdsWhatTheTrialObjectsTo() throws IOException {
    ThreatSignatureRegistry registry = open();
    registry.receive(
        file(signed("a", 1)),
        ACME,
        Signers.keyring(),
        Lane.SHADOW,
        signatures -> List.of("matches 9% of what was benign"),
        NOW);
    LoadedSignature held = open().current().signatures().get(0);
    assertThat(held.held()).isEqualTo("matches 9% of what was benign");
    assertThat(registry.setLane("a", Lane.ALERT)).isTrue();
    assertThat(open().current().signatures().get(0).held()).isNull();
    assertThat(open().current().signatures().get(0).lane()).isEqualTo(Lane.ALERT);
    assertThat(registry.setLane("nobody", Lane.ALERT)).isFalse();
  }

  @Test
  void suppressionsSurviveAndEnd() throws IOException {
    ThreatSignatureRegistry registry = open();
    Suppression first = new Suppression("a", null, "1-2", null, "/w", NOW.plusSeconds(60), "first");
    registry.suppress(first, NOW);
    assertThat(open().current().suppressions()).containsExactly(first);
    Suppression second =
        new Suppression(null, "codex", null, null, null, NOW.plusSeconds(600), "s");
    registry.suppress(second, NOW.plusSeconds(60));
    assertThat(open().current().suppressions()).containsExactly(second);
    assertThatThrownBy(() -> new Suppression("a", null, null, null, null, NOW, "why"))
        .hasMessageContaining("scope");
    assertThatThrownBy(() -> new Suppression("a", "b", null, null, null, NOW, " "))
        .hasMessageContaining("reason");
  }

  @Test
  void everythingIsForItsOwnerOnly() throws IOException {
    receive(open(), ACME, signed("a", 1));
    Path signatures = folder.resolve("signatures");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(signatures)))
        .isEqualTo("rwx------");
    try (var files = Files.list(signatures)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aTornSetLeavesTheLastWholeOneAndItsVersions() throws IOException {
    receive(open(), ACME, signed("a", 1));
    receive(open(), ACME, signed("b", 2));
    Path newest = folder.resolve("signatures/set-2.jsonl");
    byte[] content = Files.readAllBytes(newest);
    for (int length : new int[] {0, 1, 60, content.length / 2, content.length - 1}) {
      Files.write(newest, java.util.Arrays.copyOf(content, length));
      ThreatSignatureRegistry registry = open();
      assertThat(ids(registry)).as("cut at %d", length).containsExactly("a 1");
      assertThat(registry.damage()).contains("set-2.jsonl");
      // The version of what was lost is still known: it cannot be replaced by an older one.
      assertThat(receive(registry, ACME, signed("c", 2))).containsExactly("replay");
    }
    byte[] flipped = content.clone();
    flipped[content.length / 2] ^= 1;
    Files.write(newest, flipped);
    assertThat(ids(open())).containsExactly("a 1");
    assertThat(receive(open(), ACME, signed("b", 3))).containsExactly("new");
    assertThat(ids(open())).containsExactly("a 1", "b 3");
  }

  @Test
  void lostVersionsLetNothingIn() throws IOException {
    receive(open(), ACME, signed("a", 1));
    receive(open(), ACME, signed("b", 2));
    Files.writeString(folder.resolve("signatures/set-2.jsonl"), "torn");
    Files.writeString(folder.resolve("signatures/versions.json"), "torn");
    ThreatSignatureRegistry registry = open();
    assertThat(ids(registry)).containsExactly("a 1");
    assertThatThrownBy(() -> receive(registry, ACME, signed("c", 2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("versions");
  }

  /**
   * Stops dead at the n-th step, as a kill would: nothing after it is done, not even a clean-up.
   */
  private static final class Kill extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aKillAtAnyStepLeavesTheOldSetOrTheNew() throws IOException {
    for (int step = 1; ; step++) {
      Path own = folder.resolve("kill-" + step);
      receive(ThreatSignatureRegistry.open(own, List.of()), ACME, signed("a", 1));
      int[] left = {step};
      ThreatSignatureRegistry victim =
          ThreatSignatureRegistry.open(
              new SignatureDirectory(
                  own,
                  name -> {
                    if (--left[0] == 0) {
                      throw new Kill();
                    }
                  }),
              List.of());
      boolean killed = false;
      try {
        receive(victim, ACME, signed("b", 2));
      } catch (Kill e) {
        killed = true;
      }
      ThreatSignatureRegistry after = ThreatSignatureRegistry.open(own, List.of());
      assertThat(ids(after)).as("step %d", step).isIn(List.of("a 1"), List.of("a 1", "b 2"));
      assertThat(after.damage()).as("step %d", step).isNull();
      assertThat(receive(after, ACME, signed("b", 2))).containsAnyOf("new", "known");
      assertThat(receive(after, ACME, signed("c", 3))).containsExactly("new");
      assertThat(ids(ThreatSignatureRegistry.open(own, List.of())))
          .containsExactly("a 1", "b 2", "c 3");
      if (!killed) {
        assertThat(step).isGreaterThan(8);
        return;
      }
    }
  }

  @Test
  void aFullDiskAtAnyStepChangesNothing() throws IOException {
    for (int step = 1; step <= 10; step++) {
      Path own = folder.resolve("full-" + step);
      receive(ThreatSignatureRegistry.open(own, List.of()), ACME, signed("a", 1));
      int[] left = {step};
      ThreatSignatureRegistry registry =
          ThreatSignatureRegistry.open(
              new SignatureDirectory(
                  own,
                  name -> {
                    if (--left[0] == 0) {
                      throw new IOException("No space left on device");
                    }
                  }),
              List.of());
      assertThatThrownBy(() -> receive(registry, ACME, signed("b", 2)))
          .isInstanceOf(IOException.class);
      assertThat(ids(registry)).as("step %d", step).containsExactly("a 1");
      assertThat(ids(ThreatSignatureRegistry.open(own, List.of()))).containsExactly("a 1");
      left[0] = Integer.MAX_VALUE;
      assertThat(receive(registry, ACME, signed("b", 2))).containsExactly("new");
    }
  }

  @Test
  void ofManyWithOneVersionOneWins() throws Exception {
    receive(open(), ACME, signed("a", 1));
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Callable<List<String>>> updates = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        SignatureDocument document = signed("race-" + i, 2);
        updates.add(() -> receive(open(), ACME, document));
      }
      List<String> outcomes = new ArrayList<>();
      for (Future<List<String>> outcome : threads.invokeAll(updates)) {
        outcomes.addAll(outcome.get());
      }
      assertThat(outcomes).containsOnly("new", "replay").containsOnlyOnce("new");
    } finally {
      threads.shutdown();
    }
    assertThat(open().current().signatures()).hasSize(2);
  }

  @Test
  void seesWhatAnotherProcessHasWritten() throws IOException {
    ThreatSignatureRegistry one = open();
    ThreatSignatureRegistry other = open();
    receive(one, ACME, signed("a", 1));
    assertThat(ids(other)).isEmpty();
    assertThat(other.refresh()).isTrue();
    assertThat(ids(other)).containsExactly("a 1");
    assertThat(other.refresh()).isFalse();
  }
}
