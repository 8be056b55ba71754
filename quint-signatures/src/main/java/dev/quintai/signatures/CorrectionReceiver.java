package dev.quintai.signatures;

import dev.quintai.signatures.federation.FederationPolicy;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes what is published on a channel, whatever transport brings it: one message is one signature,
 * an array or JSON Lines. For each signature it
 *
 * <ol>
 *   <li>reads it strictly,
 *   <li>checks the key and the Ed25519 signature,
 *   <li>checks the schema,
 *   <li>checks that the version is above the channel's highest,
 *   <li>adds it to the registry, in the lane {@code shadow} and held when it would match too much
 *       of what is benign here, and
 *   <li>has it in force for all evaluations that follow.
 * </ol>
 *
 * <p>A message that cannot be read or stored changes nothing. Thread-safe.
 */
public final class CorrectionReceiver {
  private final ThreatSignatureRegistry registry;
  private final Keyring keyring;
  private final AdmissionTrial trial;
  private final FederationPolicy policy;
  private final InstantSource clock;
  private final LongAdder messages = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  /**
   * A receiver.
   *
   * @param registry where signatures go
   * @param keyring whom to believe
   * @param trial what a new signature must pass to match at once, for example a {@link
   *     BenignHistory}
   * @param policy whether anything is taken from the channel that all share
   * @param clock the present
   */
  public CorrectionReceiver(
      ThreatSignatureRegistry registry,
      Keyring keyring,
      AdmissionTrial trial,
      FederationPolicy policy,
      InstantSource clock) {
    this.registry = Objects.requireNonNull(registry, "registry");
    this.keyring = Objects.requireNonNull(keyring, "keyring");
    this.trial = Objects.requireNonNull(trial, "trial");
    this.policy = Objects.requireNonNull(policy, "policy");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Takes one message.
   *
   * @param channel the channel on which it came, as the transport vouches for it
   * @param message its bytes
   * @return what became of each signature in it; nothing, and the message is counted as refused,
   *     when it came on the shared channel and the tenant takes nothing from there
   * @throws IOException when the registry cannot store the outcome; the message may come again
   */
  public List<Receipt> receive(Channel channel, byte[] message) throws IOException {
    messages.increment();
    if (channel.equals(Channel.GLOBAL) && !policy.receive()) {
      refused.increment();
      return List.of();
    }
    List<Receipt> receipts =
        registry.receive(message, channel, keyring, Lane.SHADOW, trial, clock.instant());
    for (Receipt receipt : receipts) {
      (receipt.accepted() ? accepted : rejected).increment();
    }
    return receipts;
  }

  /** How many messages came. */
  public long messages() {
    return messages.sum();
  }

  /** How many messages were turned away because their channel is closed to this tenant. */
  public long refused() {
    return refused.sum();
  }

  /** How many signatures were accepted, those known already among them. */
  public long accepted() {
    return accepted.sum();
  }

  /** How many signatures were rejected. */
  public long rejected() {
    return rejected.sum();
  }
}
