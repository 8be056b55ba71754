package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.snapshot.SnapshotWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes a session's matcher as bytes; {@link SnapshotRead} is its mirror, line by line. */
final class SnapshotWrite {
  /** {@code QDIV}. */
  static final int MAGIC = 0x51444956;

  /** Raised with every change of the form or of an enumeration in it. */
  static final int VERSION = 3;

  private final SessionMatcher matcher;
  private final SessionState state;
  private final SnapshotWriter out;
  private final Graph graph = new Graph();

  private SnapshotWrite(SessionMatcher matcher) {
    this.matcher = matcher;
    this.state = matcher.state;
    long epoch = state.session.root().startMs() * 1_000_000L;
    this.out = new SnapshotWriter(MAGIC, VERSION, epoch);
    matcher.reach(graph);
  }

  static byte[] of(SessionMatcher matcher) {
    SnapshotWrite write = new SnapshotWrite(matcher);
    write.all();
    return write.out.seal();
  }

  private void all() {
    state.session.save(out);
    state.facts.save(out);
    graph();
    state();
    blindness();
    intents();
    strays();
    timers();
  }

  private void ref(Object thing) {
    out.number(graph.number(thing));
  }

  // ---------------------------------------------------------------- the graph

  private void graph() {
    out.number(graph.procs.size()).number(graph.intents.size());
    out.number(graph.acts.size()).number(graph.strays.size());
    for (Proc proc : graph.procs) {
      out.number(proc.id.pid()).number(proc.id.startMs());
      ref(proc.parent());
    }
    graph.intents.forEach(this::intentBase);
    graph.acts.forEach(this::act);
    graph.strays.forEach(this::stray);
    graph.intents.forEach(this::intent);
    graph.procs.forEach(this::proc);
  }

  private void intentBase(OpenIntent intent) {
    out.text(intent.toolUseId).text(intent.tool).text(intent.turnId).number(intent.serverPid);
    out.time(intent.time).text(intent.claim);
    DeclaredEffects effects = intent.effects;
    out.choice(effects.kind()).flag(effects.optional()).flag(effects.line() != null);
    if (effects.line() != null) {
      out.text(effects.line().text()).text(effects.line().cwd()).text(effects.line().home());
    } else {
      out.number(effects.files().size());
      for (FileEffect file : effects.files()) {
        out.choice(file.access()).text(file.path()).flag(file.tree()).flag(file.escapes());
      }
      out.texts(effects.hosts());
    }
  }

  private void intent(OpenIntent intent) {
    out.time(intent.approved).time(intent.result).time(intent.firstMatch);
    out.flag(intent.denied).flag(intent.error).flag(intent.windowPassed).flag(intent.closed);
    out.flag(intent.settled).flag(intent.evicted).flag(intent.contradicted);
    out.flag(intent.counted).flag(intent.countedUnmatched);
    ref(intent.tentative);
    ref(intent.precededBy);
    ref(intent.mismatch);
    out.number(intent.matches.size());
    intent.matches.forEach(this::ref);
    finding(intent.missing);
    finding(intent.timing);
    out.number(intent.scales.size());
    intent.scales.forEach(this::scale);
    out.number(intent.consumedCount);
    for (int i = 0; i < intent.consumedCount * 2; i += 2) {
      out.number(intent.consumed[i]).time(intent.consumed[i + 1]);
    }
  }

  private void scale(Scale scale) {
    out.choice(scale.act).number(scale.use).number(scale.declared);
    ref(scale.proc);
    finding(scale.reported);
    out.number(scale.size);
    for (long hash : scale.hashes) {
      if (hash != 0) {
        out.number(hash);
      }
    }
  }

  private void act(Act act) {
    out.choice(act.act()).time(act.time());
    ref(act.proc());
    out.text(act.target()).text(act.requested()).number(act.count());
    sensitive(act.sensitive());
    ExecImage image = act.image();
    out.flag(image != null);
    if (image != null) {
      out.text(image.exe()).texts(image.argv()).text(image.cwd()).text(image.home());
    } else {
      out.text(act.shown());
    }
  }

  private void sensitive(SensitiveTarget target) {
    out.choice(target == null ? null : target.kind());
    if (target != null) {
      out.text(target.name()).text(target.pattern()).texts(new TreeSet<>(target.owners()));
      out.text(target.ownerPlatform()).text(target.source());
    }
  }

  private void stray(Stray stray) {
    out.text(stray.id).choice(stray.act);
    ref(stray.proc);
    out.time(stray.first).time(stray.last).number(stray.epoch);
    out.number(stray.acts.size());
    stray.acts.forEach(this::ref);
    out.number(stray.more).texts(stray.folded).number(stray.foldedCount);
    ref(stray.cause);
    ref(stray.precedes);
    ref(stray.mismatch);
    ref(stray.explainedBy);
    out.flag(stray.alerted).flag(stray.timerSet).flag(stray.settled).flag(stray.evicted);
    out.flag(stray.fromProject);
    finding(stray.reported);
  }

  private void proc(Proc proc) {
    out.text(proc.exe).text(proc.script).text(proc.cwd).number(proc.uid);
    out.flag(proc.own).number(proc.use).flag(proc.lineShell).flag(proc.unseen);
    out.text(proc.housekeeping);
    ref(proc.lineage);
    ref(proc.fold);
    ref(proc.contains);
    out.flag(proc.exited).flag(proc.forgotten).flag(proc.execd);
    out.time(proc.seen).time(proc.forked);
    out.number(proc.createdAt).flag(proc.created != null);
    if (proc.created != null) {
      for (String path : proc.created) {
        out.text(path);
      }
    }
    out.number(proc.childAt).flag(proc.children != null);
    if (proc.children != null) {
      for (Proc child : proc.children) {
        ref(child);
      }
    }
  }

  private void finding(Finding f) {
    out.flag(f != null);
    if (f == null) {
      return;
    }
    out.text(f.id()).number(f.revision()).text(f.type()).choice(f.severity());
    out.text(f.parentSession()).time(f.timeNanos()).text(f.toolUseId()).number(f.pid());
    out.text(f.action()).text(f.claimed()).text(f.observed()).number(f.count());
    out.texts(f.samples()).real(f.confidence()).text(f.reason()).texts(f.mitre());
  }

  // ---------------------------------------------------------------- the parts

  private void state() {
    out.time(state.now).flag(state.ending).text(state.cwd).choice(state.cwdSource);
    out.text(state.home);
    out.flag(state.configured != null);
    if (state.configured != null) {
      out.texts(state.configured);
      out.texts(state.fromProject);
    }
    ref(state.root);
    ref(state.marked);
    out.number(state.names.size());
    state.names.forEach((key, name) -> out.text(key).text(name));
    hashes(state.contacted);
    out.number(state.bytes).number(state.evicted).number(state.procs.evicted());
    out.number(state.procs.size());
    for (Proc proc : graph.procs) {
      if (state.procs.find(proc.id) == proc) {
        ref(proc);
      }
    }
    out.number(state.procs.ended().size());
    state.procs.ended().forEach(this::ref);
    out.flag(matcher.execs.declared).text(matcher.execs.platformBefore);
    out.number(matcher.truths.recent.size());
    matcher.truths.recent.forEach(this::ref);
    hashes(matcher.truths.writes);
  }

  private void hashes(RecentHashes hashes) {
    long[] all = hashes.all();
    out.number(all.length);
    for (long hash : all) {
      out.number(hash);
    }
  }

  private void blindness() {
    Blindness blindness = state.blindness;
    source(blindness.unnamed);
    out.number(blindness.sources.size());
    for (Map.Entry<String, Blindness.Source> each : new TreeMap<>(blindness.sources).entrySet()) {
      out.text(each.getKey());
      source(each.getValue());
    }
    out.number(blindness.spans.size());
    for (Blindness.Span span : blindness.spans) {
      out.time(span.from()).time(span.to()).flag(span.intents());
      out.number(span.classes());
    }
    out.number(blindness.delivered);
  }

  private void source(Blindness.Source source) {
    out.time(source.last).flag(source.intents);
    out.number(source.classes);
  }

  private void intents() {
    Intents intents = matcher.intents;
    out.number(intents.changes).number(intents.running).number(intents.timingMismatches);
    refs(intents.open);
    refs(intents.expired);
    refs(intents.byId.all());
    refs(intents.unsettled);
    hashes(intents.past);
    Health health = matcher.health;
    out.number(health.resolved).number(health.unmatched);
    finding(health.reported);
  }

  private void refs(java.util.Collection<?> things) {
    out.number(things.size());
    things.forEach(this::ref);
  }

  private void strays() {
    out.number(matcher.strays.epoch).number(matcher.strays.open.size());
    for (Stray stray : matcher.strays.open) {
      ref(stray);
      out.flag(matcher.strays.isCurrent(stray));
    }
  }

  private void timers() {
    out.number(state.timers.order).number(state.timers.size());
    for (Timers.Timer timer : state.timers.sorted()) {
      out.time(timer.time).number(timer.order).choice(timer.kind);
      ref(timer.intent != null ? timer.intent : timer.stray);
    }
  }
}
