package dev.quintai.signatures;

import static dev.quintai.signatures.Signers.ACME;
import static dev.quintai.signatures.Signers.NOW;
import static dev.quintai.signatures.Signers.file;
import static dev.quintai.signatures.Signers.signed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.core.Capability;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a match has to do with the replacement of its set: nothing. */
@Timeout(60)
class ReloadTest {
  @TempDir Path folder;

  private static SessionDetector session(SignatureDetector detector) {
    return detector.open(
        new Session(new ProcessId(1, 1), "codex", null, AgentIds.agentId("m", 1, "codex", null)),
        new SessionFacts(),
        finding -> {});
  }

  private static void act(SessionDetector session, int i) {
    Action action =
        new Action(
            Capability.at(i % Capability.COUNT),
            "tool",
            "server",
            Action.LOCAL,
            null,
            false,
            i,
            0.1,
            null,
            true,
            false);
    IntentEvent call = IntentEvent.builder(i, new ProcessId(1, 1), "tool").build();
    session.evaluate(call, List.of(action));
  }

  @Test
  void aMatchWaitsForNoLoadHoweverLongThatTakes() throws Exception {
    ThreatSignatureRegistry registry =
        ThreatSignatureRegistry.open(folder.resolve("signatures"), BuiltInSignatures.all());
    SessionDetector session = session(new SignatureDetector(registry::current));
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    CompletableFuture<List<Receipt>> load =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return registry.receive(
                    file(signed("a", 1)),
                    ACME,
                    Signers.keyring(),
                    Lane.SHADOW,
                    signatures -> {
                      loading.countDown();
                      await(enough);
                      return AdmissionTrial.NONE.objections(signatures);
                    },
                    NOW);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    loading.await();
    // The load holds the registry's monitor and its file's lock now.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    ThreadInfo before = threads.getThreadInfo(Thread.currentThread().getId());
    for (int i = 1; i <= 10_000; i++) {
      act(session, i);
    }
    ThreadInfo after = threads.getThreadInfo(Thread.currentThread().getId());
    assertThat(after.getBlockedCount()).isEqualTo(before.getBlockedCount());
    assertThat(after.getWaitedCount()).isEqualTo(before.getWaitedCount());
    assertThat(load).isNotDone();
    assertThat(registry.current().signatures()).hasSameSizeAs(BuiltInSignatures.all());
    enough.countDown();
    assertThat(load.get(30, TimeUnit.SECONDS)).allMatch(Receipt::accepted);
    assertThat(registry.current().signatures()).hasSize(BuiltInSignatures.all().size() + 1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
