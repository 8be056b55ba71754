package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.snapshot.SnapshotException;
import dev.quintai.core.snapshot.SnapshotReader;
import dev.quintai.core.spi.Findings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Reads a session's matcher from bytes, as hostile input: each number is held against its limits,
 * each reference against what was told before; {@link SnapshotWrite} is its mirror, line by line.
 */
final class SnapshotRead {
  /** Texts and lists that events bring are bounded by the snapshot's length alone. */
  private static final int MANY = Integer.MAX_VALUE;

  private final SnapshotReader in;
  private final DivergenceSettings settings;
  private Session session;
  private final List<Proc> procs = new ArrayList<>();
  private final List<OpenIntent> intents = new ArrayList<>();
  private final List<Act> acts = new ArrayList<>();
  private final List<Stray> strays = new ArrayList<>();

  private SnapshotRead(byte[] bytes, DivergenceSettings settings) throws SnapshotException {
    this.settings = settings;
    this.in =
        new SnapshotReader(
            bytes, SnapshotWrite.MAGIC, SnapshotWrite.VERSION, 8 * settings.maxBytes());
  }

  static SessionMatcher of(
      byte[] bytes,
      DivergenceSettings settings,
      Session session,
      SessionFacts facts,
      Findings findings)
      throws SnapshotException {
    return new SnapshotRead(bytes, settings).all(session, facts, findings);
  }

  private SessionMatcher all(Session given, SessionFacts shared, Findings findings)
      throws SnapshotException {
    session = Session.restore(in);
    SessionFacts facts = SessionFacts.restore(in);
    if (given != null) {
      if (!given.id().equals(session.id())) {
        throw in.refuse("it is session " + session.id() + ", not " + given.id());
      }
      session = given;
      facts = shared;
    }
    SessionMatcher matcher = new SessionMatcher(session, facts, findings, settings);
    SessionState state = matcher.state;
    graph(state);
    state(matcher);
    blindness(state.blindness);
    intents(matcher);
    strays(matcher.strays);
    timers(state.timers);
    in.finish();
    return matcher;
  }

  private <T> T ref(List<T> kind, String what) throws SnapshotException {
    int number = in.number(-1, kind.size() - 1, what);
    return number < 0 ? null : kind.get(number);
  }

  private <T> T sure(List<T> kind, String what) throws SnapshotException {
    T thing = ref(kind, what);
    if (thing == null) {
      throw in.refuse(what + " is missing");
    }
    return thing;
  }

  private int some(int most, String what) throws SnapshotException {
    return in.count(most, what);
  }

  // ---------------------------------------------------------------- the graph

  private void graph(SessionState state) throws SnapshotException {
    int procCount = some(MANY, "processes");
    int intentCount = some(MANY, "calls");
    int actCount = some(MANY, "acts");
    int strayCount = some(MANY, "strays");
    for (int i = 0; i < procCount; i++) {
      proc(state);
    }
    if (procs.isEmpty() || procs.get(0) != state.root) {
      throw in.refuse("the session's root is missing");
    }
    for (int i = 0; i < intentCount; i++) {
      intents.add(intentBase());
    }
    for (int i = 0; i < actCount; i++) {
      acts.add(act());
    }
    for (int i = 0; i < strayCount; i++) {
      strays.add(stray());
    }
    for (OpenIntent intent : intents) {
      intent(intent);
    }
    for (Proc proc : procs) {
      proc(proc);
    }
  }

  private void proc(SessionState state) throws SnapshotException {
    ProcessId id = new ProcessId(in.number(Integer.MIN_VALUE, MANY, "a pid"), in.number());
    Proc parent = ref(procs, "a process's parent");
    if (parent != null) {
      procs.add(Proc.restored(id, parent));
    } else if (procs.isEmpty() && id.equals(state.session.root())) {
      procs.add(state.root);
    } else {
      throw in.refuse("a process has no parent and is not the session's root");
    }
  }

  private OpenIntent intentBase() throws SnapshotException {
    String toolUseId = in.textOrNull();
    String tool = in.text("a call's tool");
    String turnId = in.textOrNull();
    int serverPid = in.number(Integer.MIN_VALUE, MANY, "a server's pid");
    long time = in.time();
    String claim = in.text("a call's claim");
    DeclaredEffects.Kind kind = in.choice(DeclaredEffects.Kind.class);
    boolean optional = in.flag();
    CommandLine line = null;
    List<FileEffect> files = new ArrayList<>();
    List<String> hosts = List.of();
    if (in.flag()) {
      line = CommandLine.of(in.text("a command line"), in.textOrNull(), in.textOrNull());
      files = line.patchedFiles();
    } else {
      int count = some(MANY, "declared files");
      for (int i = 0; i < count; i++) {
        FileEffect.Access access = in.choice(FileEffect.Access.class);
        files.add(new FileEffect(access, in.text("a path"), in.flag(), in.flag()));
      }
      hosts = in.texts(MANY, "declared hosts");
    }
    DeclaredEffects effects = new DeclaredEffects(kind, files, hosts, line, optional);
    return new OpenIntent(toolUseId, tool, turnId, serverPid, time, claim, effects);
  }

  private void intent(OpenIntent intent) throws SnapshotException {
    intent.approved = in.time();
    intent.result = in.time();
    intent.firstMatch = in.time();
    intent.denied = in.flag();
    intent.error = in.flag();
    intent.windowPassed = in.flag();
    intent.closed = in.flag();
    intent.settled = in.flag();
    intent.evicted = in.flag();
    intent.contradicted = in.flag();
    intent.counted = in.flag();
    intent.countedUnmatched = in.flag();
    intent.tentative = ref(acts, "an act that came too late");
    intent.precededBy = ref(strays, "the stray before a call");
    intent.mismatch = ref(strays, "the stray in place of a call");
    int matches = some(OpenIntent.MAX_MATCHES, "matches of a call");
    for (int i = 0; i < matches; i++) {
      intent.match(sure(acts, "a match of a call"));
    }
    intent.missing = finding();
    intent.timing = finding();
    int scales = some(OpenIntent.MAX_SCALES, "scales of a call");
    for (int i = 0; i < scales; i++) {
      intent.add(scale());
    }
    int consumed = some(OpenIntent.MAX_CONSUMED, "effects of a call");
    for (int i = 0; i < consumed; i++) {
      intent.consume(in.number(), in.time());
    }
  }

  private Scale scale() throws SnapshotException {
    Scale scale =
        new Scale(
            in.choice(ActClass.class),
            in.number(-1, MANY, "a command's number"),
            in.number(0, MANY, "a declared number"));
    scale.proc = ref(procs, "a scale's process");
    scale.reported = finding();
    int size = some(Scale.MAX_TARGETS, "targets");
    for (int i = 0; i < size; i++) {
      long hash = in.number();
      if (hash == 0) {
        throw in.refuse("a target's hash is 0");
      }
      scale.add(hash);
    }
    return scale;
  }

  private Act act() throws SnapshotException {
    ActClass act = in.choice(ActClass.class);
    long time = in.time();
    Proc proc = sure(procs, "an act's process");
    String target = in.text("an act's target");
    String requested = in.textOrNull();
    int count = in.number(1, MANY, "an act's count");
    SensitiveTarget sensitive = sensitive();
    ExecImage image = null;
    String shown = null;
    if (in.flag()) {
      String exe = in.text("a program");
      image = new ExecImage(exe, in.texts(MANY, "words"), in.textOrNull(), in.textOrNull());
    } else {
      shown = in.text("what is shown of an act");
    }
    return new Act(act, time, proc, target, requested, shown, count, sensitive, image);
  }

  private SensitiveTarget sensitive() throws SnapshotException {
    SensitiveTarget.Kind kind = in.choiceOrNull(SensitiveTarget.Kind.class);
    if (kind == null) {
      return null;
    }
    return new SensitiveTarget(
        kind,
        in.text("a target's name"),
        in.text("a target's pattern"),
        new HashSet<>(in.texts(MANY, "owners")),
        in.textOrNull(),
        in.text("a target's source"));
  }

  private Stray stray() throws SnapshotException {
    String id = in.text("a stray's id");
    ActClass act = in.choice(ActClass.class);
    Proc proc = sure(procs, "a stray's process");
    long first = in.time();
    long last = in.time();
    Stray stray = new Stray(id, act, proc, first, in.number());
    stray.last = last;
    int count = some(Stray.MAX_ACTS, "acts of a stray");
    for (int i = 0; i < count; i++) {
      stray.acts.add(sure(acts, "an act of a stray"));
    }
    stray.more = in.number();
    stray.folded.addAll(in.texts(Stray.MAX_FOLDED, "acts folded into a stray"));
    stray.foldedCount = in.number();
    stray.cause = secret(ref(acts, "a stray's cause"));
    stray.precedes = ref(intents, "the call that a stray precedes");
    stray.mismatch = ref(intents, "the call that a stray stands for");
    stray.explainedBy = ref(intents, "the call that explains a stray");
    stray.alerted = in.flag();
    stray.timerSet = in.flag();
    stray.settled = in.flag();
    stray.evicted = in.flag();
    stray.fromProject = in.flag();
    stray.reported = finding();
    return stray;
  }

  private Act secret(Act act) throws SnapshotException {
    if (act != null && act.sensitive() == null) {
      throw in.refuse("what makes contacts suspect is no read of a secret");
    }
    return act;
  }

  private void proc(Proc proc) throws SnapshotException {
    proc.exe = in.textOrNull();
    proc.script = in.textOrNull();
    proc.cwd = in.textOrNull();
    proc.uid = in.number(Integer.MIN_VALUE, MANY, "a user id");
    proc.own = in.flag();
    proc.use = in.number(-1, MANY, "a command's number");
    proc.lineShell = in.flag();
    proc.unseen = in.flag();
    proc.housekeeping = in.textOrNull();
    proc.lineage = ref(intents, "the call that a process stems from");
    proc.fold = ref(strays, "the stray that a process stems from");
    proc.contains = ref(intents, "the call that a process runs");
    proc.exited = in.flag();
    proc.forgotten = in.flag();
    proc.execd = in.flag();
    proc.seen = in.time();
    proc.forked = in.time();
    proc.createdAt = in.number(Integer.MIN_VALUE, MANY, "a place");
    if (in.flag()) {
      proc.created = new String[8];
      for (int i = 0; i < proc.created.length; i++) {
        proc.created[i] = in.textOrNull();
      }
    }
    proc.childAt = in.number(Integer.MIN_VALUE, MANY, "a place");
    if (in.flag()) {
      proc.children = new Proc[4];
      for (int i = 0; i < proc.children.length; i++) {
        Proc child = ref(procs, "a child");
        if (child != null && child.parent() != proc) {
          throw in.refuse("a child has another parent");
        }
        proc.children[i] = child;
      }
    }
  }

  private Finding finding() throws SnapshotException {
    if (!in.flag()) {
      return null;
    }
    String id = in.text("a finding's id");
    int revision = in.number(1, MANY, "a revision");
    String type = in.text("a finding's type");
    Finding.Builder finding =
        Finding.builder(id, Gate.DIVERGENCE, type, in.choice(Severity.class))
            .revision(revision)
            .session(session.id())
            .parentSession(in.textOrNull())
            .timeNanos(in.time())
            .toolUseId(in.textOrNull())
            .pid(in.number(Integer.MIN_VALUE, MANY, "a pid"))
            .action(in.textOrNull())
            .claimed(in.textOrNull())
            .observed(in.textOrNull())
            .count(in.number())
            .samples(in.texts(MANY, "samples"))
            .confidence(in.real());
    return finding
        .reason(in.text("a finding's reason"))
        .mitre(in.texts(MANY, "techniques"))
        .build();
  }

  // ---------------------------------------------------------------- the parts

  private void state(SessionMatcher matcher) throws SnapshotException {
    SessionState state = matcher.state;
    state.now = in.time();
    state.ending = in.flag();
    state.cwd = in.textOrNull();
    state.cwdSource = in.choiceOrNull(Session.Source.class);
    state.home = in.textOrNull();
    if (in.flag()) {
      state.configured = in.texts(2 * AgentProcess.MAX_CONFIGURED, "configured commands");
      state.fromProject = in.texts(AgentProcess.MAX_CONFIGURED, "commands of the project");
    }
    if (sure(procs, "the root") != state.root) {
      throw in.refuse("the root is another process");
    }
    state.marked = secret(ref(acts, "what makes contacts suspect"));
    int names = some(SessionState.MAX_NAMES, "names");
    for (int i = 0; i < names; i++) {
      state.names.put(in.text("an address"), in.text("a name"));
    }
    hashes(state.contacted, SessionState.MAX_HOSTS);
    state.bytes = in.number();
    state.evicted = in.number();
    state.procs.evicted(in.number());
    state.procs.clear();
    int known = some(settings.maxProcesses(), "processes");
    for (int i = 0; i < known; i++) {
      state.procs.put(sure(procs, "a process"));
    }
    int ended = some(MANY, "ended processes");
    for (int i = 0; i < ended; i++) {
      state.procs.restoreEnded(sure(procs, "an ended process"));
    }
    matcher.execs.declared = in.flag();
    matcher.execs.platformBefore = in.textOrNull();
    int recent = some(TruthJudge.MAX_RECENT, "recent acts");
    for (int i = 0; i < recent; i++) {
      matcher.truths.restoreKept(sure(acts, "a recent act"));
    }
    hashes(matcher.truths.writes, TruthJudge.MAX_WRITES);
  }

  private void hashes(RecentHashes hashes, int most) throws SnapshotException {
    int count = some(most, "hashes");
    for (int i = 0; i < count; i++) {
      long hash = in.number();
      if (hash == 0) {
        throw in.refuse("a hash is 0");
      }
      hashes.add(hash);
    }
  }

  private void blindness(Blindness blindness) throws SnapshotException {
    source(blindness.unnamed);
    int sources = some(Blindness.MAX_SOURCES, "sources");
    for (int i = 0; i < sources; i++) {
      Blindness.Source source = new Blindness.Source();
      blindness.sources.put(in.text("a source's name"), source);
      source(source);
    }
    int spans = some(Blindness.MAX_SPANS, "blind spans");
    for (int i = 0; i < spans; i++) {
      long from = in.time();
      long to = in.time();
      boolean intents = in.flag();
      blindness.spans.addLast(new Blindness.Span(from, to, classes(), intents));
    }
    blindness.delivered = classes();
  }

  private void source(Blindness.Source source) throws SnapshotException {
    source.last = in.time();
    source.intents = in.flag();
    source.classes = classes();
  }

  private int classes() throws SnapshotException {
    return in.number(0, ActClass.ALL, "classes of acts");
  }

  private void intents(SessionMatcher matcher) throws SnapshotException {
    Intents all = matcher.intents;
    all.changes = in.number();
    all.running = in.number(Integer.MIN_VALUE, MANY, "the number of running calls");
    all.timingMismatches = in.number(0, MANY, "the number of late calls");
    refs(all.open, settings.maxIntents());
    refs(all.expired, settings.maxIntents());
    List<OpenIntent> some = new ArrayList<>();
    refs(some, MANY);
    for (OpenIntent intent : some) {
      if (intent.toolUseId == null) {
        throw in.refuse("a call without an id is known by it");
      }
      all.byId.add(intent);
    }
    some.clear();
    refs(some, MANY);
    for (OpenIntent intent : some) {
      all.unsettle(intent);
    }
    hashes(all.past, Intents.MAX_PAST);
    matcher.health.resolved = in.number(0, MANY, "the number of resolved calls");
    matcher.health.unmatched = in.number(0, MANY, "the number of unmatched calls");
    matcher.health.reported = finding();
  }

  private void refs(List<OpenIntent> into, int most) throws SnapshotException {
    int count = some(most, "calls");
    for (int i = 0; i < count; i++) {
      into.add(sure(intents, "a call"));
    }
  }

  private void strays(Strays all) throws SnapshotException {
    all.epoch = in.number();
    int count = some(settings.maxStrays(), "strays");
    for (int i = 0; i < count; i++) {
      Stray stray = sure(strays, "a stray");
      all.restore(stray, in.flag());
    }
  }

  private void timers(Timers timers) throws SnapshotException {
    timers.order = in.number();
    int count = some(MANY, "timers");
    for (int i = 0; i < count; i++) {
      long time = in.time();
      long order = in.number();
      Timers.Kind kind = in.choice(Timers.Kind.class);
      if (kind.ofStray()) {
        timers.add(time, order, kind, null, sure(strays, "a timer's stray"));
      } else {
        timers.add(time, order, kind, sure(intents, "a timer's call"), null);
      }
    }
  }
}
