package dev.quintai.core;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.FindingSink;
import dev.quintai.core.spi.SessionDetector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Takes events, finds their sessions, lets every gate judge them, and tells the sinks.
 *
 * <pre>{@code
 * try (QuintEngine engine = QuintEngine.builder().mode(Mode.ALERT).detector(gate).sink(out).build()) {
 *   engine.accept(exec);                        // what the operating system saw
 *   Verdict verdict = engine.evaluate(intent);  // what the model wants: judged before it happens
 * }
 * }</pre>
 *
 * <p>An event passes twice. On arrival it updates the live sessions, and a tool call is judged at
 * once. Then it waits for the allowed lateness and is delivered to its session's detectors in the
 * order of time, so that the final findings do not depend on the order of arrival.
 *
 * <p>Time is that of the events. An embedder that has no steady stream of them calls {@link
 * #advanceTo}. {@link #close} resolves whatever is open as if time went on without events.
 *
 * <p>Thread-safe: one lock holds the order; sinks and the tap are called under it. No method throws
 * for what an event says. A detector or sink that throws is counted ({@link #stats}) and obeys the
 * {@link FailMode}.
 */
public final class QuintEngine implements AutoCloseable {

  /** Detectors hear of the passing of time in steps of this, and only those that wait for it. */
  private static final long ADVANCE_NANOS = 250_000_000L;

  private final Mode mode;
  private final FailMode failMode;
  private final long gateBudgetNanos;
  private final LongSupplier ticker;
  private final List<Detector> detectors;
  private final List<FindingSink> sinks;
  private final ActionMapper actions;
  private final Consumer<? super Event> tap;
  private final EarlierSessions earlier;

  private final SessionTracker live;
  private final SessionTracker settled;
  private final EventOrder order;
  private final Map<String, Watched> watched = new TreeMap<>();
  private final WakeQueue<Watched> waiting = new WakeQueue<>();
  private final Set<IntentEvent> unjudged = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<Gate, Long> gateFailures = new EnumMap<>(Gate.class);
  private long events;
  private long intents;
  private long late;
  private long lost;
  private long sinkFailures;
  private boolean closed;
  private long nextAdvance = Long.MIN_VALUE;

  /** A session with its detectors. */
  private static final class Watched extends WakeQueue.Entry {
    static final int MAX_CALLS = 4_096;

    final Session session;
    final SessionFacts facts = new SessionFacts();
    final List<SessionDetector> detectors = new ArrayList<>();
    final List<Gate> gates = new ArrayList<>();

    /** Verdicts of calls already judged: a call seen from two places is judged once. */
    final BoundedMap<String, Verdict> judged = new BoundedMap<>(MAX_CALLS);

    Watched(Session session) {
      this.session = session;
    }

    @Override
    String tie() {
      return session.id();
    }
  }

  private QuintEngine(Builder builder) {
    mode = builder.mode;
    failMode = builder.failMode;
    gateBudgetNanos = builder.gateBudget.toNanos();
    ticker = builder.ticker;
    detectors = builder.detectors.stream().sorted(Comparator.comparing(Detector::gate)).toList();
    sinks = List.copyOf(builder.sinks);
    actions = builder.actions;
    tap = builder.tap;
    earlier = builder.earlier;
    live = new SessionTracker(builder.machineId, builder.platforms, builder.maxProcesses);
    settled = new SessionTracker(builder.machineId, builder.platforms, builder.maxProcesses);
    order = new EventOrder(builder.lateness.toNanos(), builder.maxWaiting);
  }

  /** Starts an engine. Nothing is found by {@code ServiceLoader} unless asked for. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Judges a tool call before it takes effect. The call is also taken as an event: it must not be
   * passed to {@link #accept} as well.
   *
   * @return the verdict; a call that belongs to no session is allowed, with a null session
   */
  public synchronized Verdict evaluate(IntentEvent intent) {
    Objects.requireNonNull(intent, "intent");
    Session session = arrive(intent);
    Verdict verdict;
    if (session == null) {
      unjudged.add(intent);
      verdict = verdict(Decision.ALLOW, 0, List.of(), Map.of(), 0, null, List.of());
    } else {
      verdict = judge(intent, session);
    }
    settle();
    return verdict;
  }

  /**
   * Takes anything but a tool call that waits for a verdict; a tool call is judged all the same.
   */
  public synchronized void accept(Event event) {
    Objects.requireNonNull(event, "event");
    if (event instanceof IntentEvent intent) {
      evaluate(intent);
      return;
    }
    arrive(event);
    settle();
  }

  /** Time has come this far, whether events came or not. */
  public synchronized void advanceTo(Instant now) {
    requireOpen();
    order.advance(
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano()));
    settle();
  }

  /**
   * Gives a field of a session a value from a source that delivers no events: the agent's own
   * files, the operator.
   *
   * @return whether it was taken; not when a higher-ranked source has given one, or the session is
   *     not held
   */
  public synchronized boolean describe(
      String sessionId, Session.Field field, String value, Session.Source source) {
    Session session = live.session(sessionId);
    String before = session == null ? null : session.get(field);
    boolean ofAgent = field == Session.Field.AGENT_SESSION_UUID && value != null;
    String other = ofAgent && !value.equals(before) ? earlier.ofAgentSession(value) : null;
    if (session == null || !session.offer(field, value, source)) {
      return false;
    }
    Session inOrder = settled.session(sessionId);
    if (inOrder != null) {
      inOrder.offer(field, value, source);
    }
    if (other != null && !other.equals(sessionId)) {
      sinks.forEach(sink -> tell(() -> sink.sessionResumed(session, other)));
    }
    return true;
  }

  /** The sessions as they are now. */
  public SessionTracker sessions() {
    return live;
  }

  /** What has been counted so far. */
  public synchronized EngineStats stats() {
    return new EngineStats(
        events,
        intents,
        settled.unattributed(),
        late,
        order.early(),
        lost,
        Math.max(live.evictedProcesses(), settled.evictedProcesses()),
        gateFailures,
        sinkFailures);
  }

  /** Resolves what is open, as if time went on with no more events. Idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    for (Event event = order.drain(); event != null; event = order.drain()) {
      deliver(event);
    }
    for (Watched session : List.copyOf(watched.values())) {
      end(session);
    }
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
  }

  private Session arrive(Event event) {
    requireOpen();
    events++;
    if (event instanceof SensorLoss loss) {
      lost += loss.lost();
    }
    tell(() -> tap.accept(event));
    Session session = live.observe(event);
    for (Session started : live.takeStarted()) {
      if (earlier.started(started.id())) {
        sinks.forEach(sink -> tell(() -> sink.sessionResumed(started, started.id())));
      } else {
        sinks.forEach(sink -> tell(() -> sink.sessionStarted(started)));
      }
    }
    if (event.timeNanos() < order.watermark()) {
      late++;
    }
    order.add(event);
    return session;
  }

  /** Delivers what the watermark has passed. */
  private void settle() {
    for (Event event = order.poll(); event != null; event = order.poll()) {
      deliver(event);
    }
    long watermark = order.watermark();
    if (watermark == Long.MIN_VALUE || watermark < nextAdvance) {
      return;
    }
    nextAdvance = watermark + ADVANCE_NANOS;
    advance(watermark);
    for (Session over : settled.advance(watermark)) {
      end(watch(over));
    }
    live.advance(watermark);
  }

  /** Tells those that wait for it how far time has come. */
  private void advance(long watermark) {
    List<Watched> due = new ArrayList<>();
    for (Watched next = waiting.poll(watermark); next != null; next = waiting.poll(watermark)) {
      due.add(next);
    }
    for (Watched session : due) {
      guard(session, d -> d.advance(watermark));
      wake(session);
    }
  }

  private void wake(Watched session) {
    long due = Long.MAX_VALUE;
    for (int i = 0; i < session.detectors.size(); i++) {
      try {
        due = Math.min(due, session.detectors.get(i).due());
      } catch (RuntimeException e) {
        gateFailures.merge(session.gates.get(i), 1L, Long::sum);
        due = Long.MIN_VALUE;
      }
    }
    waiting.set(session, due);
  }

  private void deliver(Event event) {
    Session session = settled.observe(event);
    if (event instanceof SensorLoss) {
      for (Watched each : watched.values()) {
        guard(each, d -> d.on(event));
        wake(each);
      }
    } else if (session != null) {
      Watched target = watch(session);
      target.session.follow(session);
      if (event instanceof IntentEvent intent && unjudged.remove(intent)) {
        judge(intent, session);
      }
      guard(target, d -> d.on(event));
      wake(target);
    } else if (event instanceof IntentEvent intent) {
      unjudged.remove(intent);
    }
  }

  private void end(Watched session) {
    guard(session, SessionDetector::end);
    watched.remove(session.session.id());
    waiting.remove(session);
    sinks.forEach(sink -> tell(() -> sink.sessionEnded(session.session)));
  }

  private Watched watch(Session session) {
    Watched known = watched.get(session.id());
    if (known != null) {
      return known;
    }
    Watched fresh = new Watched(session.view());
    watched.put(session.id(), fresh);
    for (Detector detector : detectors) {
      try {
        fresh.detectors.add(detector.open(fresh.session, fresh.facts, this::report));
        fresh.gates.add(detector.gate());
      } catch (RuntimeException e) {
        gateFailures.merge(detector.gate(), 1L, Long::sum);
      }
    }
    return fresh;
  }

  private Verdict judge(IntentEvent intent, Session session) {
    Watched target = watch(session);
    if (intent.toolUseId() != null) {
      Verdict before = target.judged.get(intent.toolUseId());
      if (before != null) {
        return before;
      }
    }
    intents++;
    List<Action> mapped = actions.actionsOf(intent, session);
    double risk = 0;
    for (Action action : mapped) {
      session.count(action.risk());
      target.session.count(action.risk());
      risk = Math.max(risk, action.risk());
    }
    Decision decision = Decision.ALLOW;
    double score = 0;
    List<Judgement> judgements = new ArrayList<>();
    Map<Gate, Double> scores = new EnumMap<>(Gate.class);
    List<Gate> failed = new ArrayList<>();
    for (int i = 0; i < target.detectors.size(); i++) {
      Gate gate = target.gates.get(i);
      Judgement judgement = ask(target.detectors.get(i), gate, intent, mapped, failed);
      judgements.add(judgement);
      scores.put(gate, judgement.score());
      score = Math.max(score, judgement.score());
      if (judgement.decision().compareTo(decision) > 0) {
        decision = judgement.decision();
      }
    }
    target.facts.turn();
    List<String> reasons =
        judgements.stream()
            .sorted(Comparator.comparing(Judgement::decision).reversed())
            .flatMap(j -> j.reasons().stream())
            .toList();
    Verdict verdict = verdict(decision, score, reasons, scores, risk, session.id(), failed);
    if (intent.toolUseId() != null) {
      target.judged.put(intent.toolUseId(), verdict);
    }
    return verdict;
  }

  private Judgement ask(
      SessionDetector detector,
      Gate gate,
      IntentEvent intent,
      List<Action> mapped,
      List<Gate> failed) {
    long before = ticker.getAsLong();
    String problem;
    try {
      Judgement judgement = detector.evaluate(intent, mapped);
      if (ticker.getAsLong() - before <= gateBudgetNanos) {
        return judgement;
      }
      problem = " took longer than its " + gateBudgetNanos / 1_000_000 + " ms";
    } catch (RuntimeException e) {
      problem = " failed: " + e;
    }
    gateFailures.merge(gate, 1L, Long::sum);
    failed.add(gate);
    return failMode == FailMode.OPEN
        ? Judgement.ALLOW
        : new Judgement(Decision.BLOCK, 0, List.of("gate " + gate.id() + problem));
  }

  private Verdict verdict(
      Decision decision,
      double score,
      List<String> reasons,
      Map<Gate, Double> scores,
      double risk,
      String session,
      List<Gate> failed) {
    return new Verdict(decision, mode, score, reasons, scores, risk, session, failed);
  }

  private void report(Finding finding) {
    sinks.forEach(sink -> tell(() -> sink.accept(finding)));
  }

  private void guard(Watched session, Consumer<SessionDetector> call) {
    for (int i = 0; i < session.detectors.size(); i++) {
      try {
        call.accept(session.detectors.get(i));
      } catch (RuntimeException e) {
        gateFailures.merge(session.gates.get(i), 1L, Long::sum);
      }
    }
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      sinkFailures++;
    }
  }

  /** Collects an engine's parts. A mistake is told by {@link #build}. Not thread-safe. */
  public static final class Builder {
    private Mode mode = Mode.SHADOW;
    private FailMode failMode = FailMode.OPEN;
    private Duration gateBudget = Duration.ofMillis(100);
    private LongSupplier ticker = System::nanoTime;
    private final List<Detector> detectors = new ArrayList<>();
    private final List<FindingSink> sinks = new ArrayList<>();
    private ActionMapper actions;
    private PlatformRule platforms;
    private String machineId = "local";
    private Duration lateness = Duration.ofSeconds(30);
    private int maxProcesses = 65_536;
    private int maxWaiting = 131_072;
    private Consumer<? super Event> tap = event -> {};
    private EarlierSessions earlier = EarlierSessions.NONE;

    private Builder() {}

    /** What becomes of verdicts; {@link Mode#SHADOW} by default. */
    public Builder mode(Mode value) {
      mode = value;
      return this;
    }

    /** What answers for a failing gate; {@link FailMode#OPEN} by default. */
    public Builder failMode(FailMode value) {
      failMode = value;
      return this;
    }

    /** How long a gate may take for one call before it counts as failed; 100 ms by default. */
    public Builder gateBudget(Duration value) {
      gateBudget = value;
      return this;
    }

    /** The monotonic clock that {@link #gateBudget} is measured with, in nanoseconds. */
    public Builder ticker(LongSupplier value) {
      ticker = value;
      return this;
    }

    /** Adds a gate. */
    public Builder detector(Detector value) {
      detectors.add(value);
      return this;
    }

    /** Adds a sink. */
    public Builder sink(FindingSink value) {
      sinks.add(value);
      return this;
    }

    /** How tool calls become actions. */
    public Builder actions(ActionMapper value) {
      actions = value;
      return this;
    }

    /** How agents are told from other programs. */
    public Builder platforms(PlatformRule value) {
      platforms = value;
      return this;
    }

    /** The installation's stable id, a part of every agent's id; {@code local} by default. */
    public Builder machineId(String value) {
      machineId = value;
      return this;
    }

    /** How late an event may arrive and still count in its place; 30 s by default. */
    public Builder lateness(Duration value) {
      lateness = value;
      return this;
    }

    /** How many processes are remembered at most; 65,536 by default. */
    public Builder maxProcesses(int value) {
      maxProcesses = value;
      return this;
    }

    /** How many events wait for their time at most; 131,072 by default. */
    public Builder maxWaiting(int value) {
      maxWaiting = value;
      return this;
    }

    /** Sees every event in the order in which the engine took it: a recorder, for example. */
    public Builder tap(Consumer<? super Event> value) {
      tap = value;
      return this;
    }

    /** Tells sessions that go on from new ones; remembers nothing by default. */
    public Builder earlier(EarlierSessions value) {
      earlier = value;
      return this;
    }

    /**
     * The engine.
     *
     * @throws IllegalArgumentException when a part is missing or out of its range
     */
    public QuintEngine build() {
      require(mode != null, "mode");
      require(failMode != null, "failMode");
      require(gateBudget != null && !gateBudget.isNegative(), "gateBudget");
      require(ticker != null, "ticker");
      require(lateness != null && !lateness.isNegative(), "lateness");
      require(maxProcesses > 0, "maxProcesses");
      require(maxWaiting > 0, "maxWaiting");
      require(machineId != null && !machineId.isEmpty(), "machineId");
      require(tap != null, "tap");
      require(earlier != null, "earlier");
      require(actions != null, "actions");
      require(platforms != null, "platforms");
      require(detectors.stream().allMatch(Objects::nonNull), "detector");
      require(sinks.stream().allMatch(Objects::nonNull), "sink");
      require(
          detectors.stream().map(Detector::gate).distinct().count() == detectors.size(),
          "detector: one for each gate");
      return new QuintEngine(this);
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new IllegalArgumentException(
            "QuintEngine.builder(): " + what + " is missing or wrong");
      }
    }
  }
}
