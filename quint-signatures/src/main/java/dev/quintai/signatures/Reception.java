package dev.quintai.signatures;

import dev.quintai.signatures.json.Clean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reception of one file: what the registry's state becomes, signature by signature. */
class Reception {
  private final RegistryState before;
  private final Channel channel;
  private final SignatureVerifier verifier;
  private final Lane lane;
  private final AdmissionTrial trial;
  private final Instant now;
  private final Map<RegistryState.Key, LoadedSignature> signatures;

  /** How many signatures use each window. */
  private final Map<Integer, Integer> windows = new HashMap<>();

  private long bytes;
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
    count();
  }

  /** How many bytes the signatures of a set may have. */
  long maxBytes() {
    return ThreatSignatureRegistry.MAX_BYTES;
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
      remove(key);
      signatures.put(key, new LoadedSignature(signature, channel, lane, null));
      add(signature);
      candidates.add(new Candidate(key, signature, part, receipts.size()));
      highest = signature.version();
      changed = true;
      return Receipt.accepted(part, null, true);
    } catch (SignatureRejectedException e) {
      return Receipt.rejected(part, e);
    }
  }

  /**
   * Sees to it that the set has room for a signature. What has expired makes room; the rest stays.
   */
  private void makeRoom(RegistryState.Key key, ThreatSignature signature)
      throws SignatureRejectedException {
    String full = objection(key, signature);
    if (full != null && signatures.values().removeIf(old -> old.signature().expiredAt(now))) {
      count();
      full = objection(key, signature);
    }
    if (full != null) {
      throw new SignatureRejectedException(Check.LIMITS, full);
    }
  }

  /** Why the set has no room for a signature in the place of the one of its name, or null. */
  private String objection(RegistryState.Key key, ThreatSignature signature) {
    LoadedSignature replaced = signatures.get(key);
    if (replaced == null && signatures.size() >= ThreatSignatureRegistry.MAX_SIGNATURES) {
      return "the set is full with " + ThreatSignatureRegistry.MAX_SIGNATURES + " signatures";
    }
    long now = bytes + size(signature) - (replaced == null ? 0 : size(replaced.signature()));
    if (now > maxBytes()) {
      return "the set is full: its signatures may have " + maxBytes() + " bytes";
    }
    int freed = replaced == null ? -1 : window(replaced.signature());
    boolean frees = replaced != null && windows.get(freed) == 1 && freed != window(signature);
    if (!windows.containsKey(window(signature))
        && windows.size() - (frees ? 1 : 0) >= SignatureSet.MAX_WINDOWS) {
      return "the set has windows of " + SignatureSet.MAX_WINDOWS + " different lengths already";
    }
    return null;
  }

  private void count() {
    windows.clear();
    bytes = 0;
    for (LoadedSignature loaded : signatures.values()) {
      add(loaded.signature());
    }
  }

  private void add(ThreatSignature signature) {
    windows.merge(window(signature), 1, Integer::sum);
    bytes += size(signature);
  }

  private void remove(RegistryState.Key key) {
    LoadedSignature old = signatures.remove(key);
    if (old != null) {
      windows.computeIfPresent(window(old.signature()), (w, n) -> n == 1 ? null : n - 1);
      bytes -= size(old.signature());
    }
  }

  private static int window(ThreatSignature signature) {
    return signature.conditions().window();
  }

  private static int size(ThreatSignature signature) {
    return signature.json().length;
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
      if (objections.get(i) == null) {
        continue;
      }
      String held = Clean.text(objections.get(i));
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
