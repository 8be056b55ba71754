package dev.quintai.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import dev.quintai.core.Decision;
import dev.quintai.core.Judgement;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gate 1's view of one session.
 *
 * <p>A sub-agent's thread looks into its parent's state when it joins the parent's tree; hence the
 * monitor. Locks are taken from child to parent to tree, never the other way.
 */
final class SignatureSession implements SessionDetector {

  /** Destinations that are told from new ones; past them no destination counts as new. */
  private static final int MAX_DESTINATIONS = 4096;

  /** Delegations to which the start of a sub-agent may be traced. */
  private static final int MAX_DELEGATIONS = 16;

  /** A sub-agent belongs to a delegation that came at most this long before its start. */
  private static final long DELEGATION_HORIZON_MS = 120_000;

  /** The clocks of process starts are floored to the millisecond and may round the other way. */
  private static final long START_TOLERANCE_MS = 250;

  private final SignatureDetector detector;
  private final Session session;
  private final SessionFacts facts;
  private final MatchReports reports;
  private final SessionFlow flow = new SessionFlow();
  private final SignatureIndex.Scratch scratch = new SignatureIndex.Scratch();
  private final Evaluation evaluation = new Evaluation();
  private final AnsweredCalls answered = new AnsweredCalls();
  private final Set<String> destinations = new HashSet<>();
  private final Mailboxes mailboxes = new Mailboxes(this::isNew);
  private final long[] delegations = new long[MAX_DELEGATIONS];
  private int delegated;

  private SignatureSet set;
  private FlowTree tree;

  /** What holds of the action at hand, as {@link FactMarks#bit}s. */
  private int held;

  private boolean started;
  private boolean anyCall;
  private String lastTurn;
  private boolean lastSensitive;
  private boolean lastNewDestination;

  SignatureSession(
      SignatureDetector detector, Session session, SessionFacts facts, Findings findings) {
    this.detector = detector;
    this.session = session;
    this.facts = facts;
    this.reports = new MatchReports(detector, session, findings);
  }

  Session session() {
    return session;
  }

  @Override
  public long due() {
    return Long.MAX_VALUE; // it judges calls, whenever they come
  }

  /** Findings of this session that another thread makes. */
  MatchReports reportsOfTree() {
    return reports.sibling();
  }

  /** The answer to the call at hand, gathered while its actions are taken one by one. */
  static final class Evaluation {
    private IntentEvent intent;
    private long timeNanos;
    private Decision decision;
    private double score;
    private List<String> reasons;

    void start(IntentEvent call) {
      intent = call;
      decision = Decision.ALLOW;
      score = 0;
      reasons = List.of();
    }

    IntentEvent intent() {
      return intent;
    }

    /** When the action at hand was declared. */
    long timeNanos() {
      return timeNanos;
    }

    /** Counts a match of the action at hand. */
    void match(Decision answer, double weight, String reason) {
      if (answer.compareTo(decision) > 0) {
        decision = answer;
      }
      score = Math.max(score, weight);
      if (reasons.isEmpty()) {
        reasons = new ArrayList<>();
      }
      if (reasons.size() < 8 && !reasons.contains(reason)) {
        reasons.add(reason);
      }
    }

    Judgement judgement() {
      return reasons.isEmpty() ? Judgement.ALLOW : new Judgement(decision, score, reasons);
    }
  }

  @Override
  public synchronized Judgement evaluate(IntentEvent intent, List<Action> actions) {
    if (intent.toolUseId() != null) {
      Judgement before = answered.get(intent.toolUseId());
      if (before != null) {
        return before;
      }
    }
    SignatureSet current = detector.set();
    if (current != set) {
      flow.use(current);
      set = current;
    }
    noteTurn(intent);
    evaluation.start(intent);
    for (int i = 0; i < actions.size(); i++) {
      take(actions.get(i));
    }
    Judgement judgement = evaluation.judgement();
    if (intent.toolUseId() != null) {
      answered.put(intent.toolUseId(), judgement);
    }
    return judgement;
  }

  /** The model answers a turn's calls before it makes new ones: a later turn has read a result. */
  private void noteTurn(IntentEvent intent) {
    boolean sameTurn = intent.turnId() != null && intent.turnId().equals(lastTurn);
    if (anyCall && !sameTurn) {
      facts.publish(Fact.TOOL_OUTPUT_SEEN);
      set(Fact.TOOL_OUTPUT_SEEN, true);
    }
    anyCall = true;
    lastTurn = intent.turnId();
    if (facts.holds(Fact.TOOL_OUTPUT_SEEN)) {
      set(Fact.TOOL_OUTPUT_SEEN, true);
    }
    if (facts.holds(Fact.UNDECLARED_EFFECT)) {
      set(Fact.UNDECLARED_EFFECT, true);
    }
  }

  private void take(Action action) {
    evaluation.timeNanos = action.timeNanos();
    boolean newDestination = isNewDestination(action);
    set(Fact.SENSITIVE_TARGET, action.sensitive() || lastSensitive);
    set(Fact.NEW_DESTINATION, newDestination || lastNewDestination);
    lastSensitive = action.sensitive();
    lastNewDestination = newDestination;

    int from = flow.last();
    int to = action.capability().index();
    flow.action(action.capability(), held);
    if (!started) {
      started = true;
      joinParent(to);
    } else if (tree != null) {
      tree.transition(from, to, held, set, evaluation);
    }
    if (action.capability() == Capability.DELEGATE) {
      delegations[delegated % MAX_DELEGATIONS] = action.timeNanos() / 1_000_000;
      delegated++;
    }
    evaluate(flow);
  }

  private void set(Fact fact, boolean holds) {
    int bit = FactMarks.bit(fact);
    held = holds ? held | bit : held & ~bit;
  }

  private boolean isNewDestination(Action action) {
    String destination = action.domain().equals(Action.LOCAL) ? action.remoteIp() : action.domain();
    if (destination == null && action.capability() == Capability.SEND) {
      return mailboxes.anyOf(evaluation.intent());
    }
    return destination != null && !isThisMachine(destination) && isNew(destination);
  }

  private boolean isNew(String destination) {
    return destinations.size() < MAX_DESTINATIONS && destinations.add(destination);
  }

  private static boolean isThisMachine(String destination) {
    return destination.equals("localhost")
        || destination.endsWith(".localhost")
        || destination.startsWith("127.")
        || destination.equals("::1");
  }

  /** Becomes a part of its parent's tree when the parent has delegated to it. */
  private void joinParent(int first) {
    SignatureSession parent = detector.opened(session.parentSessionId());
    if (parent == null || !parent.delegatedBefore(session.root().startMs())) {
      return;
    }
    tree = parent.treeOf(set);
    tree.transition(Capability.DELEGATE.index(), first, held, set, evaluation);
  }

  private synchronized boolean delegatedBefore(long startMs) {
    for (int i = 0; i < Math.min(delegated, MAX_DELEGATIONS); i++) {
      long after = startMs - delegations[i];
      if (after >= -START_TOLERANCE_MS && after <= DELEGATION_HORIZON_MS) {
        return true;
      }
    }
    return false;
  }

  private synchronized FlowTree treeOf(SignatureSet with) {
    if (tree == null) {
      tree = new FlowTree(this);
      tree.start(flow, with);
    }
    return tree;
  }

  private void evaluate(SessionFlow own) {
    int evidence = own.whole().total();
    if (evidence < set.leastEvidence()) {
      return;
    }
    reports.begin(own, evidence, evaluation, false);
    own.match(scratch, reports);
  }

  /** Matches the joint flow of this session and its sub-agents; under the tree's lock. */
  void evaluateTree(
      SessionFlow joint,
      SignatureSet with,
      Evaluation call,
      MatchReports to,
      SignatureIndex.Scratch memory) {
    int evidence = joint.whole().total();
    List<SignatureSet.Group> groups = with.groups();
    for (int g = 0; g < groups.size(); g++) {
      // A window is one agent's last actions; there is no such order over several.
      if (groups.get(g).window() == 0) {
        to.begin(joint, evidence, call, true);
        groups.get(g).index().match(joint.whole(), memory, to);
      }
    }
  }

  @Override
  public void end() {
    reports.end();
    detector.closed(this, flow);
  }
}
