package dev.quintai.daemon.run;

import dev.quintai.core.EngineStats;
import dev.quintai.core.Finding;
import dev.quintai.core.Severity;
import dev.quintai.daemon.live.LiveText;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** What a run came to, for a person: what was said and done, the findings, and where the log is. */
final class Summary {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final int MAX_CALLS = 40;
  private static final int MAX_FINDINGS = 30;
  private static final int MAX_NOTICES = 8;
  private static final int WIDTH = 110;

  private final PrintStream out;
  private final Ansi ansi;

  Summary(PrintStream out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  void print(RunOutcome run) {
    out.println();
    line("@|bold Quint|@ watched @|bold " + run.platform + "|@, session " + run.session);
    timeline(run);
    findings(run.findings());
    stats(run);
    out.println(ansi.string("@|bold Log|@      ") + run.database);
    out.println("         verify it with: quint audit verify " + run.database);
  }

  private void timeline(RunOutcome run) {
    List<Timeline.Call> calls = run.timeline.calls();
    if (calls.isEmpty()) {
      line("@|faint It declared no tool call.|@");
      return;
    }
    Map<String, List<Finding>> byCall =
        run.findings().stream()
            .filter(finding -> finding.toolUseId() != null)
            .collect(Collectors.groupingBy(Finding::toolUseId));
    List<Finding> undeclared =
        run.findings().stream().filter(finding -> finding.toolUseId() == null).toList();
    out.println();
    for (Timeline.Call call : calls.subList(0, Math.min(MAX_CALLS, calls.size()))) {
      List<Finding> beside = undeclared.stream().filter(call::during).toList();
      call(call, byCall.getOrDefault(call.toolUseId, List.of()), beside);
    }
    long more = calls.size() - MAX_CALLS + run.timeline.callsMore();
    if (more > 0) {
      line("@|faint ... and " + more + " more calls|@");
    }
    out.println();
  }

  private void call(Timeline.Call call, List<Finding> found, List<Finding> beside) {
    String time = TIME.format(Instant.ofEpochSecond(0, call.timeNanos));
    String verdict = verdict(call, found, beside);
    out.println(
        ansi.string("@|faint " + time + "|@ @|bold,cyan says|@ ")
            + cut(LiveText.clean(call.tool + "  " + call.text), WIDTH - 16)
            + ansi.string("  " + verdict));
    effects("ran", call.programs);
    effects("wrote", call.written);
    effects("reached", call.reached);
    if (call.reads > 0 || call.more > 0) {
      line(
          "           @|faint read "
              + call.reads
              + " files"
              + (call.more > 0 ? ", and " + call.more + " more effects" : "")
              + "|@");
    }
  }

  /** What is found of the call itself comes before what happened while it was open. */
  private static String verdict(Timeline.Call call, List<Finding> found, List<Finding> beside) {
    if (!found.isEmpty()) {
      return worst(found);
    }
    if (!beside.isEmpty()) {
      return "meanwhile: " + worst(beside);
    }
    if (call.error) {
      return "@|yellow failed|@";
    }
    return call.nothingSeen() ? "@|faint nothing seen|@" : "@|green as declared|@";
  }

  private static String worst(List<Finding> found) {
    Severity severity =
        found.stream().map(Finding::severity).max(Comparator.naturalOrder()).orElse(Severity.INFO);
    return colour(severity, severity.id());
  }

  private void effects(String what, Collection<String> effects) {
    for (String effect : effects) {
      out.println(
          ansi.string("           @|faint " + what + "|@ ")
              + cut(LiveText.clean(effect), WIDTH - 12 - what.length()));
    }
  }

  private void findings(List<Finding> findings) {
    if (findings.isEmpty()) {
      line("@|bold,green No findings.|@");
      return;
    }
    List<Finding> gravest = new ArrayList<>(findings);
    gravest.sort(Comparator.comparing(Finding::severity).reversed());
    line("@|bold Findings: " + findings.size() + "|@");
    for (Finding finding : gravest.subList(0, Math.min(MAX_FINDINGS, gravest.size()))) {
      line(
          "  "
              + colour(finding.severity(), String.format("%-8s", finding.severity().id()))
              + " @|bold "
              + finding.type().replace('_', ' ')
              + "|@"
              + (finding.count() > 1 ? " x" + finding.count() : ""));
      out.println("           " + LiveText.clean(finding.reason()));
      if (finding.claimed() != null) {
        out.println("           declared: " + cut(LiveText.clean(finding.claimed()), WIDTH));
      }
      if (finding.observed() != null) {
        out.println("           seen:     " + cut(LiveText.clean(finding.observed()), WIDTH));
      }
    }
    if (gravest.size() > MAX_FINDINGS) {
      line("  @|faint ... and " + (gravest.size() - MAX_FINDINGS) + " more (--findings FILE)|@");
    }
    out.println();
  }

  private void stats(RunOutcome run) {
    EngineStats stats = run.stats;
    line(
        "@|bold Seen|@     "
            + stats.intents()
            + " tool calls, "
            + run.timeline.execs()
            + " programs, "
            + run.timeline.connects()
            + " connections, "
            + stats.events()
            + " events");
    line("@|bold Truth|@    " + run.truth);
    if (stats.lost() > 0) {
      line("@|bold,red Lost|@     " + stats.lost() + " events; findings may be missing");
    }
    if (!stats.gateFailures().isEmpty()) {
      line("@|bold,red Failed|@   gates: " + stats.gateFailures());
    }
    List<String> notices = run.notices.all();
    for (String notice : notices.subList(0, Math.min(MAX_NOTICES, notices.size()))) {
      out.println(ansi.string("@|bold,yellow Notice|@   ") + LiveText.clean(notice));
    }
    if (notices.size() > MAX_NOTICES) {
      line("         @|faint ... and " + (notices.size() - MAX_NOTICES) + " more notices|@");
    }
  }

  private static String colour(Severity severity, String text) {
    return switch (severity) {
      case CRITICAL, HIGH -> "@|bold,red " + text + "|@";
      case MEDIUM -> "@|bold,yellow " + text + "|@";
      default -> "@|bold " + text + "|@";
    };
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 3) + "...";
  }

  private void line(String markup) {
    out.println(ansi.string(markup));
  }
}
