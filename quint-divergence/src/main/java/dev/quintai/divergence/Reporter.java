package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.FindingId;
import dev.quintai.core.Gate;
import dev.quintai.core.Redactor;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.sensitive.SensitiveTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts what was found into words, and tells a revision only when it says something new. */
final class Reporter {
  private static final int MAX_SAMPLES = 8;
  private static final int MAX_TEXT = 1000;

  private final SessionState state;
  private final Session session;

  Reporter(SessionState state) {
    this.state = state;
    this.session = state.session;
  }

  String id(Object... parts) {
    return FindingId.of(Gate.DIVERGENCE, session.id(), parts);
  }

  private static String text(String raw) {
    if (raw == null) {
      return null;
    }
    String safe = Redactor.redact(raw);
    return safe.length() <= MAX_TEXT ? safe : safe.substring(0, MAX_TEXT) + "\u2026";
  }

  /** The finding of a stray as it stands; null when nothing is left of it. */
  Finding stray(Stray stray) {
    Act lead = stray.leading();
    if (lead == null) {
      return null;
    }
    if (stray.precedes != null) {
      return precedes(stray, stray.acts.get(0), stray.precedes);
    }
    if (stray.mismatch != null) {
      return mismatch(stray, lead, stray.mismatch);
    }
    String what = what(lead);
    StringBuilder reason = new StringBuilder();
    if (stray.cause != null) {
      reason
          .append("After ")
          .append(stray.cause.shown())
          .append(" was read, ")
          .append(name(stray.proc))
          .append(" contacted ")
          .append(lead.shown())
          .append(", which no tool call names.");
    } else if (stray.fromProject) {
      reason
          .append(name(stray.proc))
          .append(' ')
          .append(what)
          .append(", which a file of the project names and nobody is known to have approved.");
    } else {
      reason
          .append(name(stray.proc))
          .append(' ')
          .append(what)
          .append(", and no tool call declared it");
      if (lead.sensitive() != null) {
        reason.append(" (").append(lead.sensitive().name()).append(')');
      }
      reason.append('.');
    }
    double confidence = stray.fromProject ? 0.5 : 0.9;
    long window = state.spans.window();
    if (state.blindness.blindToIntents(stray.first - window, stray.last + window)) {
      confidence *= 0.5;
      reason.append(" A source of tool calls lost events at that time.");
    }
    Severity severity = stray.fromProject ? Severity.MEDIUM : Severity.HIGH;
    return common(stray, lead, "truth_without_intent", severity, confidence, reason)
        .mitre(techniques(stray, lead))
        .build();
  }

  private Finding precedes(Stray stray, Act act, OpenIntent intent) {
    long gap = intent.time - act.time();
    boolean strong = act.act() == ActClass.EXEC || act.act() == ActClass.NETWORK;
    Severity severity =
        !strong ? Severity.MEDIUM : gap > 10_000_000_000L ? Severity.CRITICAL : Severity.HIGH;
    StringBuilder reason =
        new StringBuilder(name(act.proc()))
            .append(' ')
            .append(what(act))
            .append(' ')
            .append(seconds(gap))
            .append(" before the tool call that declares it.");
    return common(stray, act, "truth_precedes_intent", severity, 0.9, reason)
        .toolUseId(intent.toolUseId)
        .claimed(text(intent.claim))
        .mitre(techniques(stray, act))
        .build();
  }

  private Finding mismatch(Stray stray, Act lead, OpenIntent intent) {
    Act nearest = lead;
    if (lead.sensitive() == null) {
      for (Act each : stray.acts) {
        if (Math.abs(each.time() - intent.time) < Math.abs(nearest.time() - intent.time)) {
          nearest = each;
        }
      }
    }
    StringBuilder reason =
        new StringBuilder("The tool call declares ")
            .append(intent.claim)
            .append(", but ")
            .append(name(stray.proc))
            .append(' ')
            .append(what(nearest))
            .append(" instead.");
    return common(stray, nearest, "target_mismatch", Severity.CRITICAL, 0.9, reason)
        .toolUseId(intent.toolUseId)
        .claimed(text(intent.claim))
        .mitre(techniques(stray, nearest))
        .build();
  }

  private Finding.Builder common(
      Stray stray,
      Act act,
      String type,
      Severity severity,
      double confidence,
      StringBuilder reason) {
    if (stray.evicted) {
      reason.append(" Resolved early for want of room (evicted).");
    }
    return Finding.builder(stray.id, Gate.DIVERGENCE, type, severity)
        .session(session)
        .timeNanos(stray.first)
        .pid(act.proc().id.pid())
        .action(act.act().id())
        .observed(text(act.shown()))
        .count(Math.max(1, stray.count()))
        .samples(samples(stray))
        .confidence(confidence)
        .reason(text(reason.toString()));
  }

  private static List<String> samples(Stray stray) {
    List<String> samples = new ArrayList<>();
    Act lead = stray.leading();
    for (Act each : stray.acts) {
      String shown = text(each.shown());
      if (samples.size() < MAX_SAMPLES && !samples.contains(shown)) {
        samples.add(shown);
      }
    }
    if (lead != null && !samples.contains(text(lead.shown()))) {
      samples.set(0, text(lead.shown()));
    }
    if (stray.cause != null) {
      samples.add(text(stray.cause.act().id() + " " + stray.cause.shown()));
    }
    for (String folded : stray.folded) {
      samples.add(text(folded));
    }
    return samples.size() == 1 && stray.count() == 1 ? List.of() : samples;
  }

  /** A declared call of which nothing was seen. */
  Finding missing(OpenIntent intent) {
    StringBuilder reason =
        new StringBuilder("The tool call declares ")
            .append(intent.claim)
            .append(", and the operating system saw nothing of it.");
    double confidence = 0.6;
    if (!state.blindness.delivers(intent.effects)) {
      confidence = 0.3;
      reason.append(" No source has delivered such an event in this session.");
    }
    if (state.blindness.everBlind(intent.effects)) {
      confidence *= 0.5;
      reason.append(" A source lost such events at another time of this session.");
    }
    if (intent.evicted) {
      reason.append(" Resolved early for want of room (evicted).");
    }
    return Finding.builder(
            id("intent", intent.key, "missing"),
            Gate.DIVERGENCE,
            "intent_without_truth",
            Severity.INFO)
        .session(session)
        .timeNanos(intent.time)
        .toolUseId(intent.toolUseId)
        .claimed(text(intent.claim))
        .confidence(confidence)
        .reason(text(reason.toString()))
        .build();
  }

  /** A call that is another one when seen from another place. */
  Finding contradiction(OpenIntent intent, IntentEvent again, String claim) {
    String vantage = again.vantage().name().toLowerCase(Locale.ROOT);
    return Finding.builder(
            id("intent", intent.key, "contradiction"),
            Gate.DIVERGENCE,
            "target_mismatch",
            Severity.HIGH)
        .session(session)
        .timeNanos(again.timeNanos())
        .toolUseId(intent.toolUseId)
        .claimed(text(intent.claim))
        .observed(text(claim))
        .confidence(0.7)
        .reason(
            text(
                "The same tool call declares "
                    + intent.claim
                    + ", and seen by "
                    + vantage
                    + " it is "
                    + claim
                    + ": one of the two was changed on the way."))
        .mitre(List.of("T1565.002"))
        .build();
  }

  /** A declared call that was carried out much later. */
  Finding late(OpenIntent intent, Act act, long gap, boolean often) {
    String reason =
        "The tool call was carried out "
            + seconds(gap)
            + " after it could have been"
            + (often ? ", and it is not the first of this session." : ".");
    return Finding.builder(
            id("intent", intent.key, "timing"),
            Gate.DIVERGENCE,
            "timing_mismatch",
            often ? Severity.MEDIUM : Severity.LOW)
        .session(session)
        .timeNanos(act.time())
        .toolUseId(intent.toolUseId)
        .pid(act.proc().id.pid())
        .action(act.act().id())
        .claimed(text(intent.claim))
        .observed(text(act.shown()))
        .confidence(0.8)
        .reason(reason)
        .build();
  }

  /** A bounded declaration that touched far more than it named. */
  Finding scale(OpenIntent intent, Scale scale) {
    boolean network = scale.act == ActClass.NETWORK;
    int pid = scale.proc == null ? -1 : scale.proc.id.pid();
    String targets = network ? " hosts" : " files";
    return Finding.builder(
            id("intent", intent.key, "scale", scale.act, scale.use),
            Gate.DIVERGENCE,
            "scale_mismatch",
            network ? Severity.HIGH : Severity.MEDIUM)
        .session(session)
        .timeNanos(intent.time)
        .toolUseId(intent.toolUseId)
        .pid(pid)
        .action(scale.act.id())
        .claimed(text(intent.claim))
        .observed(scale.distinct() + targets)
        .count(scale.distinct())
        .confidence(0.9)
        .reason(
            "The tool call declares "
                + scale.declared
                + targets
                + ", and its process touched "
                + scale.distinct()
                + " within seconds.")
        .mitre(List.of(network ? "T1046" : "T1119"))
        .build();
  }

  /** Too many declared calls of which nothing was seen. */
  Finding health(int unmatched, int resolved, long time) {
    return Finding.builder(
            id("telemetry_health"), Gate.DIVERGENCE, "telemetry_health", Severity.LOW)
        .session(session)
        .timeNanos(time)
        .count(unmatched)
        .confidence(0.8)
        .reason(
            unmatched
                + " of "
                + resolved
                + " tool calls left no trace that a source delivered: check the sensors.")
        .build();
  }

  /** Reports the finding if it says something that its last revision did not. */
  Finding tell(Finding last, Finding now) {
    if (last == null) {
      state.bytes += Footprint.of(now);
      state.report(now);
      if (now.severity().compareTo(Severity.HIGH) >= 0) {
        state.facts.publish(SessionFacts.Fact.UNDECLARED_EFFECT);
      }
      return now;
    }
    Finding same = revision(now, last.revision());
    if (same.equals(last)) {
      return last;
    }
    Finding next = revision(now, last.revision() + 1);
    state.bytes += Footprint.of(next);
    state.report(next);
    return next;
  }

  private static Finding revision(Finding finding, int revision) {
    return finding.revise().revision(revision).build();
  }

  /** Takes a finding back, if one was told. */
  Finding takeBack(Finding last, String why) {
    if (last == null || last.takenBack()) {
      return last;
    }
    Finding back = last.revise().type(Finding.NORMAL).severity(Severity.NONE).reason(why).build();
    state.report(back);
    return back;
  }

  private static String name(Proc proc) {
    String image = proc.image();
    String base = image == null ? "a process" : PathIdentity.baseName(image);
    return (proc.own ? "The agent's own process " : "") + base + " (pid " + proc.id.pid() + ")";
  }

  private static String what(Act act) {
    return switch (act.act()) {
      case EXEC -> "ran " + act.shown();
      case FILE_READ -> "read " + act.shown();
      case FILE_WRITE -> "wrote " + act.shown();
      case FILE_DELETE -> "deleted " + act.shown();
      case NETWORK -> "contacted " + act.shown();
    };
  }

  private static String seconds(long nanos) {
    long tenths = nanos / 100_000_000L;
    return tenths / 10 + "." + tenths % 10 + " s";
  }

  private static List<String> techniques(Stray stray, Act act) {
    if (stray.cause != null) {
      return List.of("T1041");
    }
    SensitiveTarget sensitive = act.sensitive();
    if (sensitive != null) {
      return List.of(sensitive.kind().mitre());
    }
    return List.of(
        switch (act.act()) {
          case EXEC -> "T1059";
          case FILE_READ -> "T1005";
          case FILE_WRITE -> "T1565.001";
          case FILE_DELETE -> "T1070.004";
          case NETWORK -> "T1041";
        });
  }
}
