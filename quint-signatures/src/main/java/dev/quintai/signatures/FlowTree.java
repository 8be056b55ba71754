package dev.quintai.signatures;

/**
 * The joint flow of a session and the sub-agents that it delegated to: the sum of their own flows,
 * and for each sub-agent a transition from the delegation to its first action. What is split over
 * several agents to stay small is whole here. Its matches are the root's.
 *
 * <p>Sessions of a tree may be handled by several threads: everything is done under the tree's
 * lock.
 */
final class FlowTree {
  private final SignatureSession root;
  private final SessionFlow flow = new SessionFlow();
  private final SignatureIndex.Scratch scratch = new SignatureIndex.Scratch();
  private final MatchReports reports;
  private SignatureSet set;

  FlowTree(SignatureSession root) {
    this.root = root;
    this.reports = root.reportsOfTree();
  }

  /** Starts with what the root has done so far. */
  synchronized void start(SessionFlow own, SignatureSet with) {
    use(with);
    flow.addAll(own);
  }

  /** Takes a transition of a member, and tells what the tree matches now. */
  synchronized void transition(
      int from, int to, int facts, SignatureSet with, SignatureSession.Evaluation call) {
    use(with);
    flow.transition(from, to, facts);
    root.evaluateTree(flow, with, call, reports, scratch);
  }

  private void use(SignatureSet with) {
    if (set != with) {
      flow.use(with);
      set = with;
    }
  }
}
