package dev.quintai.signatures;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a registry remembers, as of one generation. Immutable.
 *
 * @param generation rises with every change; 0 before the first
 * @param parent the generation to which a roll-back returns, or 0
 * @param highest the highest version each channel has accepted
 * @param signatures the signatures in the order of their acceptance
 * @param lanes lanes that an operator has set by hand, by signature id
 * @param suppressions in the order in which they were made
 */
record RegistryState(
    long generation,
    long parent,
    Map<Channel, Long> highest,
    Map<Key, LoadedSignature> signatures,
    Map<String, Lane> lanes,
    List<Suppression> suppressions) {

  /** What names a signature: the same id of two channels is two signatures. */
  record Key(Channel channel, String id) {}

  static final RegistryState EMPTY =
      new RegistryState(0, 0, Map.of(), Map.of(), Map.of(), List.of());

  RegistryState {
    highest = Collections.unmodifiableMap(new LinkedHashMap<>(highest));
    signatures = Collections.unmodifiableMap(new LinkedHashMap<>(signatures));
    lanes = Collections.unmodifiableMap(new LinkedHashMap<>(lanes));
    suppressions = List.copyOf(suppressions);
  }

  RegistryState withGeneration(long other, long otherParent) {
    return new RegistryState(other, otherParent, highest, signatures, lanes, suppressions);
  }

  RegistryState withHighest(Map<Channel, Long> other) {
    return new RegistryState(generation, parent, other, signatures, lanes, suppressions);
  }

  RegistryState withLanes(Map<String, Lane> other) {
    return new RegistryState(generation, parent, highest, signatures, other, suppressions);
  }

  RegistryState withSuppressions(List<Suppression> other) {
    return new RegistryState(generation, parent, highest, signatures, lanes, other);
  }

  /** The greater of each channel's two versions. */
  static Map<Channel, Long> max(Map<Channel, Long> a, Map<Channel, Long> b) {
    Map<Channel, Long> max = new LinkedHashMap<>(a);
    b.forEach((channel, version) -> max.merge(channel, version, Math::max));
    return max;
  }
}
