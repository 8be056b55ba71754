package dev.quintai.signatures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the signatures whose shape a flow resembles, without sessions or an engine.
 *
 * <p>Looks at shapes only: platforms, depth, expiry, windows, evidence and facts are the business
 * of {@link SignatureDetector}. Not thread-safe: one for each thread; the set may be shared.
 */
public final class SignatureMatcher {
  private final SignatureSet set;
  private final SignatureIndex.Scratch scratch = new SignatureIndex.Scratch();

  /**
   * A signature that a flow resembles.
   *
   * @param signature the signature
   * @param jsd the Jensen-Shannon divergence in bits, at most the signature's own bound
   */
  public record Match(LoadedSignature signature, double jsd) {}

  /** A matcher of the signatures of a set that are not held. */
  public SignatureMatcher(SignatureSet set) {
    this.set = set;
  }

  /** The signatures within their bound of the flow, nearest first; none without a transition. */
  public List<Match> match(FlowMatrix flow) {
    List<Match> matches = new ArrayList<>();
    for (SignatureSet.Group group : set.groups()) {
      group
          .index()
          .match(flow, scratch, (signature, jsd) -> matches.add(new Match(signature, jsd)));
    }
    matches.sort(
        Comparator.comparingDouble(Match::jsd).thenComparing(m -> m.signature().signature().id()));
    return matches;
  }

  /** The Jensen-Shannon divergence of a flow from a signature's shape, in bits, 0 to 1. */
  public static double divergence(FlowMatrix flow, ThreatSignature signature) {
    return flow.total() == 0 ? 1 : FlowDivergence.bits(flow, signature.shape());
  }
}
