package dev.quintai.signatures;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The reception of one file: what the registry's state becomes, signature by signature. */
final class Reception {
  private final RegistryState before;
  private final Channel channel;
  private final SignatureVerifier verifier;
  private final Lane lane;
  private final AdmissionTrial trial;
  private final Instant now;
  private final Map<RegistryState.Key, LoadedSignature> signatures;
  private final Set<Integer> windows = new TreeSet<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private long highest;
  private boolean changed;

  /** A new signature, to be tried when the whole file has been read. */
  private record Candidate(
      RegistryState.Key key, ThreatSignature signature, SignatureFile.Part part, int receipt) {}

  Reception(
      RegistryState before,
      Channel channel,
      Keyring keyring,
      Lane lane,
      AdmissionTrial trial,
      Instant now) {
    this.before = before;
    this.channel = channel;
    this.verifier = new SignatureVerifier(keyring);
    this.lane = lane;
    this.trial = trial;
    this.now = now;
    this.signatures = new LinkedHashMap<>(before.signatures());
    this.highest = before.highest().getOrDefault(channel, 0L);
    signatures.values().forEach(s -> windows.add(s.signature().conditions().window()));
  }

  void take(SignatureFile.Part part) {
    receipts.add(judged(part));
  }

  private Receipt judged(SignatureFile.Part part) {
    if (part.rejection() != null) {
      return Receipt.rejected(part, part.rejection());
    }
    try {
      ThreatSignature signature = verifier.verify(part.document(), channel, now);
      RegistryState.Key key = new RegistryState.Key(channel, signature.id());
      LoadedSignature known = signatures.get(key);
      if (known != null && known.signature().says(part.document())) {
        return Receipt.accepted(part, "known already", false);
      }
      if (signature.version() <= highest) {
        throw new SignatureRejectedException(
            Check.REPLAY,
            "version "
                + signature.version()
                + " is not above "
                + highest
                + ", the highest that the channel "
                + channel
                + " has accepted");
      }
      SignatureVerifier.checkExpiry(signature, now);
      makeRoom(key, signature);
      // A new version of a signature goes to the end, so that the order is that of acceptance.
      signatures.remove(key);
      signatures.put(key, new LoadedSignature(signature, channel, lane, null));
      candidates.add(new Candidate(key, signature, part, receipts.size()));
      highest = signature.version();
      changed = true;
      return Receipt.accepted(part, null, true);
    } catch (SignatureRejectedException e) {
      return Receipt.rejected(part, e);
    }
  }

  private void makeRoom(RegistryState.Key key, ThreatSignature signature)
      throws SignatureRejectedException {
    if (!signatures.containsKey(key)
        && signatures.size() >= ThreatSignatureRegistry.MAX_SIGNATURES) {
      signatures.values().removeIf(old -> old.signature().expiredAt(now));
      if (signatures.size() >= ThreatSignatureRegistry.MAX_SIGNATURES) {
        throw new SignatureRejectedException(
            Check.LIMITS,
            "the set is full with " + ThreatSignatureRegistry.MAX_SIGNATURES + " signatures");
      }
    }
    int window = signature.conditions().window();
    if (windows.size() >= SignatureSet.MAX_WINDOWS && !windows.contains(window)) {
      throw new SignatureRejectedException(
          Check.LIMITS,
          "the set has windows of " + SignatureSet.MAX_WINDOWS + " different lengths already");
    }
    windows.add(window);
  }

  /** What became of each part, in order; complete after {@link #outcome}. */
  List<Receipt> receipts() {
    return receipts;
  }

  /** Tries what is new, all at once, since one walk through the past serves all. */
  private void tryCandidates() {
    List<String> objections =
        trial.objections(candidates.stream().map(Candidate::signature).toList());
    for (int i = 0; i < candidates.size(); i++) {
      String held = objections.get(i);
      if (held == null) {
        continue;
      }
      Candidate candidate = candidates.get(i);
      receipts.set(candidate.receipt(), Receipt.accepted(candidate.part(), "held: " + held, true));
      if (signatures.get(candidate.key()).signature() == candidate.signature()) {
        signatures.put(
            candidate.key(), new LoadedSignature(candidate.signature(), channel, lane, held));
      }
    }
  }

  /** The state after it, or null when nothing has changed. */
  RegistryState outcome() {
    if (!changed) {
      return null;
    }
    tryCandidates();
    Map<Channel, Long> versions = new LinkedHashMap<>(before.highest());
    versions.put(channel, highest);
    return before.loaded(versions, signatures);
  }
}
