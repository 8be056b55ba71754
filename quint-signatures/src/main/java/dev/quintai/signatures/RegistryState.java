package dev.quintai.signatures;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a registry remembers, as of one generation. Immutable.
 *
 * @param generation rises with every change; 0 before the first
 * @param parents the generations to which roll-backs return, the next first; 0 is the empty set
 *     before the first change. At most {@link ThreatSignatureRegistry#MAX_ROLLBACKS}
 * @param highest the highest version each channel has accepted
 * @param signatures the signatures in the order of their acceptance
 * @param lanes lanes that an operator has set by hand, by signature id
 * @param suppressions in the order in which they were made
 */
record RegistryState(
    long generation,
    List<Long> parents,
    Map<Channel, Long> highest,
    Map<Key, LoadedSignature> signatures,
    Map<String, Lane> lanes,
    List<Suppression> suppressions) {

  /** What names a signature: the same id of two channels is two signatures. */
  record Key(Channel channel, String id) {}

  static final RegistryState EMPTY =
      new RegistryState(0, List.of(), Map.of(), Map.of(), Map.of(), List.of());

  RegistryState {
    parents = List.copyOf(parents);
    highest = Collections.unmodifiableMap(new LinkedHashMap<>(highest));
    signatures = Collections.unmodifiableMap(new LinkedHashMap<>(signatures));
    lanes = Collections.unmodifiableMap(new LinkedHashMap<>(lanes));
    suppressions = List.copyOf(suppressions);
  }

  RegistryState withGeneration(long other, List<Long> otherParents) {
    return new RegistryState(other, otherParents, highest, signatures, lanes, suppressions);
  }

  RegistryState withHighest(Map<Channel, Long> other) {
    return new RegistryState(generation, parents, other, signatures, lanes, suppressions);
  }

  RegistryState withLanes(Map<String, Lane> other) {
    return new RegistryState(generation, parents, highest, signatures, other, suppressions);
  }

  RegistryState withSuppressions(List<Suppression> other) {
    return new RegistryState(generation, parents, highest, signatures, lanes, other);
  }

  /** What a load makes of it; a roll-back returns to this one. */
  RegistryState loaded(Map<Channel, Long> versions, Map<Key, LoadedSignature> now) {
    List<Long> back = new ArrayList<>();
    back.add(generation);
    back.addAll(parents);
    int kept = Math.min(back.size(), ThreatSignatureRegistry.MAX_ROLLBACKS);
    return new RegistryState(generation, back.subList(0, kept), versions, now, lanes, suppressions);
  }

  /** What a roll-back to the {@code i}-th of its parents makes of it. */
  RegistryState rolledBack(int i, Map<Key, LoadedSignature> then) {
    return new RegistryState(
        generation, parents.subList(i + 1, parents.size()), highest, then, lanes, suppressions);
  }

  /** The greater of each channel's two versions. */
  static Map<Channel, Long> max(Map<Channel, Long> a, Map<Channel, Long> b) {
    Map<Channel, Long> max = new LinkedHashMap<>(a);
    b.forEach((channel, version) -> max.merge(channel, version, Math::max));
    return max;
  }
}
