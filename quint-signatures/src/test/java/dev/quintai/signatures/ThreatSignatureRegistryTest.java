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

  /** How many loads a registry takes back, one after the other, and what is left after each. */
  private static List<List<String>> rollBackToTheEnd(ThreatSignatureRegistry registry)
      throws IOException {
    List<List<String>> sets = new ArrayList<>();
    for (int left = registry.rollbacks(); registry.rollback(); left--) {
      assertThat(registry.rollbacks()).isEqualTo(left - 1);
      sets.add(ids(registry));
    }
    assertThat(registry.rollbacks()).isZero();
    return sets;
  }

  @Test
  void asManyLoadsAreTakenBackAsAreKept() throws IOException {
    for (ThreatSignatureRegistry registry :
        List.of(open(), ThreatSignatureRegistry.inMemory(List.of()))) {
      assertThat(registry.rollback()).isFalse();
      int loads = ThreatSignatureRegistry.MAX_ROLLBACKS + 3;
      for (int i = 1; i <= loads; i++) {
        receive(registry, ACME, signed("s" + i, i));
        // What is no load is not counted as one, and pushes no earlier set out.
        registry.setLane("s" + i, i % 2 == 0 ? Lane.SHADOW : Lane.BLOCK);
      }
      assertThat(registry.rollbacks()).isEqualTo(ThreatSignatureRegistry.MAX_ROLLBACKS);
      List<List<String>> sets = rollBackToTheEnd(registry);
      assertThat(sets).hasSize(ThreatSignatureRegistry.MAX_ROLLBACKS);
      for (int i = 0; i < sets.size(); i++) {
        assertThat(sets.get(i)).hasSize(loads - 1 - i);
      }
      // The oldest set that is kept stays in force: nothing falls back to nothing by accident.
      assertThat(ids(registry)).containsExactly("s1 1", "s2 2", "s3 3");
      assertThat(receive(registry, ACME, signed("s4", 4))).containsExactly("replay");
      assertThat(receive(registry, ACME, signed("s4", loads + 1))).containsExactly("new");
      assertThat(rollBackToTheEnd(registry)).containsExactly(List.of("s1 1", "s2 2", "s3 3"));
    }
    try (var files = Files.list(folder.resolve("signatures"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".jsonl")).count())
          .isLessThanOrEqualTo(SignatureDirectory.KEPT + ThreatSignatureRegistry.MAX_ROLLBACKS);
    }
  }

  @Test
  void anyMixOfLoadsAndRollBacksKeepsEverySetThatIsPromised() throws IOException {
    java.util.Random random = new java.util.Random(5);
    java.util.ArrayDeque<List<String>> back = new java.util.ArrayDeque<>();
    int version = 0;
    for (int step = 0; step < 120; step++) {
      ThreatSignatureRegistry registry = open();
      if (random.nextInt(5) < 2) {
        assertThat(registry.rollback()).isEqualTo(!back.isEmpty());
        if (!back.isEmpty()) {
          assertThat(ids(open())).as("step %d", step).isEqualTo(back.pop());
        }
      } else if (random.nextInt(3) == 0 && version > 0) {
        registry.setLane("s" + (1 + random.nextInt(version)), Lane.values()[step % 3]);
      } else {
        back.push(ids(registry));
        version++;
        receive(registry, ACME, signed("s" + version, version));
        while (back.size() > ThreatSignatureRegistry.MAX_ROLLBACKS) {
          back.removeLast();
        }
      }
      assertThat(open().rollbacks()).isEqualTo(back.size());
      assertThat(open().damage()).isNull();
    }
    try (var files = Files.list(folder.resolve("signatures"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".jsonl")).count())
          .isLessThanOrEqualTo(SignatureDirectory.KEPT + ThreatSignatureRegistry.MAX_ROLLBACKS);
    }
  }

  @Test
  void whatADamagedNewestSetLeavesCanStillBeRolledBack() throws IOException {
    for (int i = 1; i <= 12; i++) {
      receive(open(), ACME, signed("s" + i, i));
    }
    assertThat(open().rollback()).isTrue();
    assertThat(open().rollback()).isTrue();
    Files.writeString(folder.resolve("signatures/set-14.jsonl"), "torn");
    Files.writeString(folder.resolve("signatures/set-13.jsonl"), "torn");
    // Set 12 is in force now, and all that it may return to is there.
    assertThat(ids(open())).hasSize(12);
    assertThat(rollBackToTheEnd(open())).hasSize(ThreatSignatureRegistry.MAX_ROLLBACKS);
  }

  @Test
  void anEarlierSetThatIsDamagedIsPassedOverAndTold() throws IOException {
    for (int i = 1; i <= 4; i++) {
      receive(open(), ACME, signed("s" + i, i));
    }
    Files.writeString(folder.resolve("signatures/set-3.jsonl"), "torn");
    ThreatSignatureRegistry registry = open();
    assertThat(registry.rollback()).isTrue();
    assertThat(ids(registry)).containsExactly("s1 1", "s2 2");
    assertThat(registry.damage()).contains("set-3.jsonl").contains("passed over");
    assertThat(registry.rollbacks()).isEqualTo(2);
    Files.delete(folder.resolve("signatures/set-1.jsonl"));
    assertThat(registry.rollback()).isTrue();
    assertThat(ids(registry)).isEmpty();
    assertThat(registry.rollback()).isFalse();
  }

  @Test
  void whenNoEarlierSetCanBeReadNothingChanges() throws IOException {
    ThreatSignatureRegistry registry = open();
    for (int i = 1; i <= ThreatSignatureRegistry.MAX_ROLLBACKS + 1; i++) {
      receive(registry, ACME, signed("s" + i, i));
    }
    List<String> before = ids(registry);
    for (int i = 1; i <= ThreatSignatureRegistry.MAX_ROLLBACKS; i++) {
      Files.writeString(folder.resolve("signatures/set-" + i + ".jsonl"), "torn");
    }
    assertThatThrownBy(registry::rollback)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no earlier set can be read")
        .hasMessageContaining("set-8.jsonl");
    assertThat(ids(registry)).isEqualTo(before);
    assertThat(ids(open())).isEqualTo(before);
  }

  @Test
  void whatIsNoFileCostsOnlyItself() throws IOException {
    receive(open(), ACME, signed("a", 1));
    Path signatures = folder.resolve("signatures");
    Files.createDirectory(signatures.resolve("set-7.jsonl"));
    Files.createSymbolicLink(signatures.resolve("set-8.jsonl"), folder.resolve("nowhere"));
    ThreatSignatureRegistry registry = open();
    assertThat(ids(registry)).containsExactly("a 1");
    assertThat(registry.damage()).contains("set-7.jsonl", "set-8.jsonl");
    // The second copy of the versions is of before these: what they have accepted is not known.
    assertThatThrownBy(() -> receive(registry, ACME, signed("b", 2))).hasMessageContaining("lost");
    Files.delete(signatures.resolve("set-7.jsonl"));
    Files.delete(signatures.resolve("set-8.jsonl"));
    Files.createSymbolicLink(signatures.resolve("set-2.jsonl.tmp"), folder.resolve("elsewhere"));
    Files.writeString(signatures.resolve("set-1234567890123456.jsonl"), "beyond any number");
    assertThat(receive(open(), ACME, signed("b", 2))).containsExactly("new");
    assertThat(ids(open())).containsExactly("a 1", "b 2");
    assertThat(folder.resolve("elsewhere")).doesNotExist();
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

  /** A folder with {@code loads} loads, the last of which a chunk of a file does not hold. */
  private Path loaded(String name, int loads) throws IOException {
    Path own = folder.resolve(name);
    SignatureDocument[] many = new SignatureDocument[40];
    for (int i = 1; i < loads; i++) {
      receive(ThreatSignatureRegistry.open(own, List.of()), ACME, signed("s" + i, i));
    }
    for (int i = 0; i < many.length; i++) {
      many[i] = signed("m" + i, 100 + i);
    }
    receive(ThreatSignatureRegistry.open(own, List.of()), ACME, many);
    return own;
  }

  private static SignatureDirectory dyingAt(int step, int[] left, Path own) throws IOException {
    left[0] = step;
    return new SignatureDirectory(
        own,
        name -> {
          if (--left[0] == 0) {
            throw new Kill();
          }
        });
  }

  @Test
  void aKillAtAnyStepLeavesTheOldSetOrTheNew() throws IOException {
    int loads = SignatureDirectory.KEPT + ThreatSignatureRegistry.MAX_ROLLBACKS + 1;
    Path full = loaded("full", loads);
    List<String> before = ids(ThreatSignatureRegistry.open(full, List.of()));
    for (int step = 1; ; step++) {
      Path own = copy(full, "kill-" + step);
      ThreatSignatureRegistry victim =
          ThreatSignatureRegistry.open(dyingAt(step, new int[1], own), List.of());
      boolean killed = false;
      try {
        receive(victim, ACME, signed("b", 200));
      } catch (Kill e) {
        killed = true;
      }
      ThreatSignatureRegistry after = ThreatSignatureRegistry.open(own, List.of());
      List<String> with = new ArrayList<>(before);
      with.add("b 200");
      assertThat(ids(after)).as("step %d", step).isIn(before, with);
      assertThat(after.damage()).as("step %d", step).isNull();
      assertThat(receive(after, ACME, signed("b", 200))).containsAnyOf("new", "known");
      assertThat(receive(after, ACME, signed("c", 201))).containsExactly("new");
      assertThat(ids(ThreatSignatureRegistry.open(own, List.of()))).endsWith("b 200", "c 201");
      assertThat(rollBackToTheEnd(after)).hasSize(ThreatSignatureRegistry.MAX_ROLLBACKS);
      if (!killed) {
        assertThat(step).isGreaterThan(12);
        return;
      }
    }
  }

  @Test
  void aKillAtAnyStepOfARollBackLeavesTheOldSetOrTheNew() throws IOException {
    int loads = SignatureDirectory.KEPT + ThreatSignatureRegistry.MAX_ROLLBACKS + 1;
    Path full = loaded("full", loads);
    List<String> before = ids(ThreatSignatureRegistry.open(full, List.of()));
    List<String> earlier = before.subList(0, loads - 1);
    for (int step = 1; ; step++) {
      Path own = copy(full, "kill-" + step);
      ThreatSignatureRegistry victim =
          ThreatSignatureRegistry.open(dyingAt(step, new int[1], own), List.of());
      boolean killed = false;
      try {
        victim.rollback();
      } catch (Kill e) {
        killed = true;
      }
      ThreatSignatureRegistry after = ThreatSignatureRegistry.open(own, List.of());
      boolean done = ids(after).equals(earlier);
      assertThat(ids(after)).as("step %d", step).isIn(before, earlier);
      assertThat(after.damage()).as("step %d", step).isNull();
      assertThat(rollBackToTheEnd(after))
          .as("step %d", step)
          .hasSize(ThreatSignatureRegistry.MAX_ROLLBACKS - (done ? 1 : 0));
      assertThat(receive(after, ACME, signed("late", 139))).containsExactly("replay");
      if (!killed) {
        assertThat(step).isGreaterThan(8);
        return;
      }
    }
  }

  private Path copy(Path from, String name) throws IOException {
    Path to = Files.createDirectory(folder.resolve(name));
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  @Test
  void aFailureToTidyUpIsNoFailure() throws IOException {
    Path own = loaded("full", SignatureDirectory.KEPT + ThreatSignatureRegistry.MAX_ROLLBACKS + 1);
    ThreatSignatureRegistry registry =
        ThreatSignatureRegistry.open(
            new SignatureDirectory(
                own,
                name -> {
                  if (name.equals("delete")) {
                    throw new IOException("Operation not permitted");
                  }
                }),
            List.of());
    assertThat(receive(registry, ACME, signed("b", 200))).containsExactly("new");
    assertThat(ids(registry)).endsWith("b 200");
  }

  @Test
  void whatIsKnownIsNotReadAgain() throws IOException {
    ThreatSignatureRegistry one = open();
    receive(one, ACME, signed("a", 1), signed("b", 2), signed("c", 3));
    ThreatSignatureRegistry other = open();
    List<LoadedSignature> before = other.current().signatures();
    receive(one, ACME, signed("a", 4));
    one.setLane("c", Lane.BLOCK);
    assertThat(other.refresh()).isTrue();
    List<LoadedSignature> after = other.current().signatures();
    assertThat(ids(other)).containsExactly("b 2", "c 3", "a 4");
    assertThat(after.get(0).signature()).isSameAs(before.get(1).signature());
    assertThat(after.get(1).signature()).isSameAs(before.get(2).signature());
    assertThat(after.get(1).lane()).isEqualTo(Lane.BLOCK);
  }

  @Test
  void aFullDiskAtAnyStepChangesNothing() throws IOException {
    for (int step = 1; step <= 10; step++) {
      Path own = folder.resolve("disk-" + step);
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

  @Test
  void whatHasExpiredOrBeenReplacedTakesUpNoWindow() throws IOException {
    ThreatSignatureRegistry registry = open();
    SignatureDocument[] all = new SignatureDocument[SignatureSet.MAX_WINDOWS];
    for (int i = 0; i < all.length; i++) {
      all[i] = document("w" + i, 1 + i, Map.of("conditions", Map.of("window", 2L + i))).sign(KEY);
    }
    assertThat(receive(registry, ACME, all)).containsOnly("new");
    SignatureDocument other =
        document("other", 100, Map.of("conditions", Map.of("window", 500L))).sign(KEY);
    assertThat(receive(registry, ACME, other)).containsExactly("limits");
    SignatureDocument replaced =
        document("w7", 101, Map.of("conditions", Map.of("window", 501L))).sign(KEY);
    assertThat(receive(registry, ACME, replaced)).containsExactly("new");
    List<Receipt> later =
        registry.receive(
            file(
                document("late", 102, Map.of("conditions", Map.of("window", 500L), "ttl_hours", 0L))
                    .sign(KEY)),
            ACME,
            Signers.keyring(),
            Lane.SHADOW,
            AdmissionTrial.NONE,
            NOW.plus(Duration.ofDays(60)));
    assertThat(later).allMatch(Receipt::accepted);
    assertThat(ids(open())).containsExactly("late 102");
  }

  @Test
  void nothingThatIsStoredMakesTheSetUnreadable() throws IOException {
    for (String bad : List.of("x".repeat(1025), "\ud800", "a\u0000b", "two\nlines", "\u202egnol")) {
      assertThatThrownBy(() -> new Suppression("a", bad, null, null, null, NOW, "why"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("agent");
      assertThatThrownBy(() -> new Suppression(bad, "a", null, null, null, NOW, "why"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("signature");
      assertThatThrownBy(() -> new Suppression("a", "b", null, null, null, NOW, bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("reason");
    }
    String longest = "\ud83d\ude00".repeat(512);
    ThreatSignatureRegistry registry = open();
    registry.suppress(
        new Suppression(longest, longest, longest, longest, longest, NOW.plusSeconds(9), longest),
        NOW);
    registry.receive(
        file(signed("a", 1)),
        ACME,
        Signers.keyring(),
        Lane.SHADOW,
        signatures -> List.of("it would match \ud800 \u001b[2J " + "much ".repeat(10_000)),
        NOW);
    ThreatSignatureRegistry again = open();
    assertThat(again.damage()).isNull();
    assertThat(again.current().suppressions()).hasSize(1);
    LoadedSignature held = again.current().signatures().get(0);
    assertThat(held.held()).startsWith("it would match").doesNotContain("\u001b").hasSize(200);
  }

  @Test
  void aSignatureThatGrowsInItsCanonicalFormIsKeptAndKnownAgain() throws IOException {
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      rows.add(java.util.Collections.nCopies(200, 1e20));
    }
    SignatureDocument grows = document("grows", 1, Map.of("unknown", rows)).sign(KEY);
    String compact = new String(file(grows), java.nio.charset.StandardCharsets.UTF_8);
    byte[] small =
        compact.replace("1.0E20", "1e20").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(small.length).isLessThan(256 << 10);
    assertThat(grows.canonical().length).isGreaterThan(1 << 20);
    for (String expected : List.of("new", "known")) {
      assertThat(
              open()
                  .receive(small, ACME, Signers.keyring(), Lane.BLOCK, AdmissionTrial.NONE, NOW)
                  .stream()
                  .map(r -> r.accepted() ? (r.changed() ? "new" : "known") : r.reason()))
          .containsExactly(expected);
    }
    assertThat(open().damage()).isNull();
    assertThat(open().current().signatures().get(0).signature().document().digest())
        .isEqualTo(grows.digest());
  }

  @Test
  void theBytesOfASetAreBounded() {
    Reception reception =
        new Reception(
            RegistryState.EMPTY, ACME, Signers.keyring(), Lane.BLOCK, AdmissionTrial.NONE, NOW) {
          @Override
          long maxBytes() {
            return 4000;
          }
        };
    SignatureDocument[] all = new SignatureDocument[10];
    for (int i = 0; i < all.length; i++) {
      all[i] = signed("s" + i, 1 + i);
    }
    SignatureFile.read(file(all), reception::take);
    assertThat(reception.receipts()).anyMatch(Receipt::accepted);
    assertThat(reception.receipts().get(9).check()).isEqualTo(Check.LIMITS);
    assertThat(reception.receipts().get(9).reason()).contains("4000 bytes");
  }
}
