package dev.quintai.signatures;

import static dev.quintai.core.Capability.AUTH;
import static dev.quintai.core.Capability.READ;
import static dev.quintai.core.Capability.SEND;
import static dev.quintai.core.Capability.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quintai.core.Capability;
import dev.quintai.core.Severity;
import dev.quintai.signatures.SignatureDistiller.Detection;
import dev.quintai.signatures.SignatureDistiller.Distilled;
import dev.quintai.signatures.federation.FederationPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureDistillerTest {

  private static Detection detection(double confidence, String analyst) {
    return new Detection(
        "4242-1",
        "det-1",
        confidence,
        Severity.HIGH,
        "upload of credentials",
        List.of("codex"),
        1,
        List.of("T1567.001", "T1552.001", "T1567.001", "T9999"),
        analyst);
  }

  private static List<Capability> session() {
    List<Capability> actions = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      actions.add(i % 2 == 0 ? READ : WRITE);
    }
    actions.addAll(List.of(AUTH, AUTH, SEND));
    for (int i = 0; i < 50; i++) {
      actions.add(i % 2 == 0 ? READ : WRITE);
    }
    return actions;
  }

  private static Distilled distill(double confidence, String analyst, Integer... flagged) {
    return SignatureDistiller.distill(
        detection(confidence, analyst), session(), List.of(flagged), 7, Signers.NOW);
  }

  @ParameterizedTest
  @CsvSource({"0.99,0.20", "0.95,0.30", "0.97,0.25", "0.98,0.225", "1.0,0.20", "0.70,0.30"})
  void theThresholdFollowsTheConfidence(double confidence, double maxJsd) {
    assertThat(SignatureDistiller.maxJsd(confidence)).isCloseTo(maxJsd, within(1e-12));
  }

  @Test
  void theGateAsksAnAnalystBetweenItsBounds() {
    assertThat(Confirmation.of(0.95)).isEqualTo(Confirmation.AUTO);
    assertThat(Confirmation.of(0.9499)).isEqualTo(Confirmation.QUEUE);
    assertThat(Confirmation.of(0.70)).isEqualTo(Confirmation.QUEUE);
    assertThat(Confirmation.of(0.6999)).isEqualTo(Confirmation.LOG);
    assertThatThrownBy(() -> Confirmation.of(1.01)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Confirmation.of(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(distill(0.6, "ada").signature()).isNull();
    assertThat(distill(0.8, null).signature()).isNull();
    assertThat(distill(0.8, null).reason()).contains("analyst");
    assertThat(distill(0.8, "ada", 51).signature().provenance()).isEqualTo(Provenance.ML_DISTILLED);
    assertThat(distill(0.96, null, 51).signature().provenance())
        .isEqualTo(Provenance.AUTO_CONFIRMED);
  }

  @Test
  void cutsOutWhatCarriesTheAttack() {
    ThreatSignature s = distill(0.99, null, 50, 52).signature();
    // Two actions before, two after: read write auth auth send read write.
    assertThat(s.conditions().window()).isEqualTo(7);
    assertThat(s.conditions().minTransitions()).isEqualTo(5);
    assertThat(s.probability(AUTH, SEND)).isCloseTo(1.0 / 6, within(1e-12));
    assertThat(s.probability(READ, WRITE)).isCloseTo(2.0 / 6, within(1e-12));
    assertThat(s.maxJsd()).isCloseTo(0.20, within(1e-12));
    assertThat(s.weight()).isEqualTo(0.85);
    assertThat(s.id()).matches("QT-GNN-[0-9A-F]{8}");
    assertThat(s.version()).isEqualTo(7);
    assertThat(s.sourceSessionId()).isEqualTo("4242-1");
    assertThat(s.sourceDetectionId()).isEqualTo("det-1");
    assertThat(s.agentTypes()).containsExactly("codex");
    assertThat(s.minDepth()).isEqualTo(1);
    assertThat(s.mitreAttack()).containsExactly("T1552.001", "T1567.001", "T9999");
    assertThat(s.mitreTactics()).containsExactly("credential-access", "exfiltration");
    // The same shape has the same id, another one another.
    assertThat(distill(0.96, null, 50, 52).signature().id()).isEqualTo(s.id());
    assertThat(distill(0.96, null, 50).signature().id()).isNotEqualTo(s.id());
  }

  @Test
  void whatItMakesFindsTheSessionAgainAndNotTheHonestOne() {
    ThreatSignature s =
        distill(0.96, null, 50, 52).signature().toBuilder()
            .agentTypes(List.of())
            .minDepth(0)
            .build();
    BenignHistory one = BenignHistory.inMemory(new BenignHistory.Limits(10, 0, 1));
    one.add(benign("1-1", session()));
    assertThat(one.objections(List.of(s)).get(0)).isNotNull();
    BenignHistory honest = BenignHistory.inMemory(new BenignHistory.Limits(10, 0, 1));
    honest.add(benign("1-1", session().subList(0, 50)));
    assertThat(honest.objections(List.of(s)).get(0)).isNull();
  }

  private static BenignSession benign(String id, List<Capability> actions) {
    byte[] steps = new byte[actions.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (byte) actions.get(i).index();
    }
    return BenignSession.of(id, "codex", 1, steps);
  }

  @Test
  void tooFewTransitionsAreNoShape() {
    Distilled none =
        SignatureDistiller.distill(
            detection(0.99, null), List.of(AUTH, SEND), List.of(), 1, Signers.NOW);
    assertThat(none.signature()).isNull();
    assertThat(none.reason()).contains("transitions");
    assertThatThrownBy(() -> distill(0.99, null, 5000))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatItMakesCanBeSignedAndReceived() throws Exception {
    SignatureDocument signed = distill(0.99, null, 51).signature().document().sign(Signers.KEY);
    ThreatSignatureRegistry registry = ThreatSignatureRegistry.inMemory(List.of());
    BenignHistory history = BenignHistory.inMemory(new BenignHistory.Limits(4, 0.25, 2));
    history.add(benign("1-1", session()));
    history.add(benign("2-1", session()));
    CorrectionReceiver receiver =
        new CorrectionReceiver(
            registry, Signers.keyring(), history, FederationPolicy.BOTH, () -> Signers.NOW);
    List<Receipt> receipts = receiver.receive(Signers.ACME, Signers.file(signed));
    assertThat(receipts.get(0).accepted()).isTrue();
    assertThat(receipts.get(0).reason()).contains("held").contains("2 of the last 2");
    LoadedSignature held = registry.current().signatures().get(0);
    assertThat(held.lane()).isEqualTo(Lane.SHADOW);
    assertThat(held.held()).contains("100.0%");

    SignatureDocument other = Signers.signed("other", 8);
    receiver.receive(Signers.ACME, Signers.file(other, Signers.document("bad", 9)));
    assertThat(registry.current().signatures().get(1).held()).isNull();
    assertThat(receiver.messages()).isEqualTo(2);
    assertThat(receiver.accepted()).isEqualTo(2);
    assertThat(receiver.rejected()).isEqualTo(1);
  }
}
