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

  /** Is told of matches one by one. */
  @FunctionalInterface
  public interface Found {

    /**
     * The flow is within a signature's bound.
     *
     * @param signature the signature
     * @param jsd the Jensen-Shannon divergence in bits
     */
    void found(LoadedSignature signature, double jsd);
  }

  /** A matcher of the signatures of a set that are not held. */
  public SignatureMatcher(SignatureSet set) {
    this.set = set;
  }

  /** The signatures within their bound of the flow, nearest first; none without a transition. */
  public List<Match> match(FlowMatrix flow) {
    List<Match> matches = new ArrayList<>();
    each(flow, (signature, jsd) -> matches.add(new Match(signature, jsd)));
    matches.sort(
        Comparator.comparingDouble(Match::jsd).thenComparing(m -> m.signature().signature().id()));
    return matches;
  }

  /** Tells the same matches in no particular order, allocating nothing. */
  public void each(FlowMatrix flow, Found found) {
    List<SignatureSet.Group> groups = set.groups();
    for (int g = 0; g < groups.size(); g++) {
      groups.get(g).index().match(flow, scratch, found);
    }
  }

  /** The Jensen-Shannon divergence of a flow from a signature's shape, in bits, 0 to 1. */
  public static double divergence(FlowMatrix flow, ThreatSignature signature) {
    return flow.total() == 0 ? 1 : FlowDivergence.bits(flow, signature.shape());
  }
}
