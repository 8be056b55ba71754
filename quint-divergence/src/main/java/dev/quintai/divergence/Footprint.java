package dev.quintai.divergence;

import dev.quintai.core.Finding;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * How much memory a session's state takes on a 64-bit JVM with compressed references: a sum of
 * object sizes, each object and text once. Between two such sums the state keeps count of what it
 * takes in, so that the sum is made rarely.
 */
final class Footprint {
  /** The matcher with its parts, empty tables and the session's own fields. */
  private static final int BASE = 4096;

  static final int PROC = 144;
  static final int TIMER = 64;
  static final int SOURCE = 160;
  private static final int INTENT = 224;
  private static final int STRAY = 160;
  private static final int ACT = 72;
  private static final int FINDING = 160;
  private static final int COMMAND = 240;
  private static final int FILE_EFFECT = 48;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private long sum;

  private Footprint() {}

  static int text(String text) {
    return text == null ? 0 : 56 + text.length();
  }

  /** All that the matcher's state holds. */
  static long of(SessionMatcher matcher) {
    Graph graph = new Graph();
    matcher.reach(graph);
    Footprint all = new Footprint();
    graph.procs.forEach(all::add);
    graph.intents.forEach(all::add);
    graph.acts.forEach(all::add);
    graph.strays.forEach(all::add);
    SessionState state = matcher.state;
    all.sum += (long) TIMER * state.timers.size();
    all.sum += 48L * (matcher.intents.byId.size() + matcher.intents.unsettled.size());
    state.names.forEach((key, name) -> all.sum += 48L + text(key) + text(name));
    all.sum += state.contacted.bytes() + matcher.intents.past.bytes();
    all.sum += (long) SOURCE * (state.blindness.sources.size() + state.blindness.spans.size());
    all.add(matcher.health.reported);
    if (state.configured != null) {
      state.configured.forEach(all::add);
      state.fromProject.forEach(all::add);
    }
    return all.sum + BASE;
  }

  /** A new call with what it declares, nothing of it shared. */
  static long of(OpenIntent intent) {
    long sum = (long) INTENT + text(intent.toolUseId) + text(intent.tool) + text(intent.turnId);
    sum += text(intent.claim);
    DeclaredEffects effects = intent.effects;
    for (FileEffect effect : effects.files()) {
      sum += FILE_EFFECT + text(effect.path());
    }
    for (String host : effects.hosts()) {
      sum += text(host);
    }
    CommandLine line = effects.line();
    if (line != null) {
      sum += text(line.text()) + 3L * line.text().length();
      for (int i = 0; i < line.uses().size(); i++) {
        sum += COMMAND + 104L * line.uses().get(i).words().size();
        for (FileEffect effect : line.effects(i).files()) {
          sum += FILE_EFFECT + text(effect.path());
        }
      }
    }
    return sum;
  }

  /** An act with its texts, none of them shared. */
  static long of(Act act) {
    long sum = (long) ACT + text(act.target()) + text(act.requested());
    if (act.image() == null) {
      return sum + text(act.shown());
    }
    sum += 48 + 2 * text(act.image().exe()) + text(act.image().cwd()) + 96;
    List<String> argv = act.image().argv();
    for (int i = 0; i < argv.size(); i++) {
      sum += 4 + text(argv.get(i)) + argv.get(i).length(); // once more in what is shown
    }
    return sum;
  }

  /** A finding with its texts. */
  static long of(Finding finding) {
    Footprint one = new Footprint();
    one.add(finding);
    return one.sum;
  }

  private void add(String text) {
    if (text != null && seen.add(text)) {
      sum += text(text);
    }
  }

  private void add(List<String> texts) {
    if (seen.add(texts)) {
      sum += 40 + 4L * texts.size();
      texts.forEach(this::add);
    }
  }

  private void add(Proc proc) {
    sum += PROC;
    add(proc.exe);
    add(proc.script);
    add(proc.cwd);
    if (proc.created != null) {
      sum += 48;
      for (String path : proc.created) {
        add(path);
      }
    }
    sum += proc.children == null ? 0 : 32;
  }

  private void add(OpenIntent intent) {
    sum += INTENT;
    add(intent.toolUseId);
    add(intent.key);
    add(intent.tool);
    add(intent.turnId);
    add(intent.claim);
    add(intent.missing);
    add(intent.timing);
    sum += 8L * intent.consumed.length + 4L * intent.matches.size();
    for (Scale scale : intent.scales) {
      sum += 80 + 8L * scale.hashes.length;
      add(scale.reported);
    }
    DeclaredEffects effects = intent.effects;
    if (seen.add(effects)) {
      sum += 40;
      effects.files().forEach(this::add);
      add(effects.hosts());
      if (effects.line() != null) {
        add(effects.line());
      }
    }
  }

  private void add(FileEffect effect) {
    if (seen.add(effect)) {
      sum += FILE_EFFECT;
      add(effect.path());
    }
  }

  /** The words of a line are kept as text, as resolved words, and as what they declare. */
  private void add(CommandLine line) {
    add(line.text());
    sum += 3L * line.text().length();
    for (int i = 0; i < line.uses().size(); i++) {
      sum += COMMAND + 104L * line.uses().get(i).words().size();
      line.effects(i).files().forEach(this::add);
      add(line.effects(i).hosts());
    }
  }

  private void add(Act act) {
    sum += ACT;
    add(act.target());
    add(act.requested());
    if (act.image() == null) {
      add(act.shown());
    } else if (seen.add(act.image())) {
      sum += 104 + act.image().exe().length();
      add(act.image().exe());
      add(act.image().argv());
      add(act.image().cwd());
      for (String word : act.image().argv()) {
        sum += word.length(); // in what is shown
      }
    }
  }

  private void add(Stray stray) {
    sum += STRAY + 4L * stray.acts.size();
    add(stray.id);
    stray.folded.forEach(this::add);
    sum += 48L * stray.folded.size();
    add(stray.reported);
  }

  private void add(Finding finding) {
    if (finding != null && seen.add(finding)) {
      sum += FINDING;
      add(finding.id());
      add(finding.toolUseId());
      add(finding.claimed());
      add(finding.observed());
      add(finding.reason());
      add(finding.samples());
      add(finding.mitre());
    }
  }
}
