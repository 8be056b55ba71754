package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.signatures.LoadedSignature;
import dev.quintai.signatures.SignatureSet;
import dev.quintai.signatures.Suppression;
import dev.quintai.signatures.ThreatSignature;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quint signatures list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the signatures that are loaded, and what is suppressed.")
final class ListCommand implements Callable<Integer> {

  @Option(names = "--json", description = "A JSON object a line.")
  boolean json;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    SignatureSet set = data.open(spec.commandLine().getErr()).current();
    Instant now = Clock.systemUTC().instant();
    PrintStream out = Lines.standardOutput();
    if (!json) {
      out.printf(
          "%-20s %8s  %-16s %-7s %-9s %-8s %7s  %s%n",
          "ID", "VERSION", "CHANNEL", "LANE", "STATE", "SEVERITY", "MAX JSD", "NAME");
    }
    for (LoadedSignature loaded : set.signatures()) {
      out.println(json ? object(loaded, now) : row(loaded, now));
    }
    for (Suppression suppression : set.suppressions()) {
      if (now.isBefore(suppression.expires())) {
        out.println(json ? object(suppression) : row(suppression));
      }
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static String state(LoadedSignature loaded, Instant now) {
    if (loaded.signature().expiredAt(now)) {
      return "expired";
    }
    return loaded.held() == null ? "active" : "held";
  }

  private static String row(LoadedSignature loaded, Instant now) {
    ThreatSignature s = loaded.signature();
    String held = loaded.held() == null ? "" : " (held: " + loaded.held() + ")";
    return "%-20s %8d  %-16s %-7s %-9s %-8s %7.3f  %s%s"
        .formatted(
            s.id(),
            s.version(),
            loaded.channel().name(),
            loaded.lane().id(),
            state(loaded, now),
            s.severity().id(),
            s.maxJsd(),
            s.displayName(),
            held);
  }

  private static String object(LoadedSignature loaded, Instant now) {
    ThreatSignature s = loaded.signature();
    return Lines.object(
        out -> {
          out.writeStringField("id", s.id());
          out.writeNumberField("version", s.version());
          out.writeStringField("channel", loaded.channel().name());
          out.writeStringField("lane", loaded.lane().id());
          out.writeStringField("state", state(loaded, now));
          if (loaded.held() != null) {
            out.writeStringField("held", loaded.held());
          }
          out.writeStringField("severity", s.severity().id());
          out.writeNumberField("max_jsd", s.maxJsd());
          out.writeNumberField("weight", s.weight());
          out.writeStringField("provenance", s.provenance().id());
          Lines.strings(out, "mitre_attack", s.mitreAttack());
          out.writeStringField("name", s.displayName());
        });
  }

  private static String row(Suppression s) {
    return "suppressed until " + s.expires() + ": " + scope(s) + " (" + s.reason() + ")";
  }

  private static String scope(Suppression s) {
    StringBuilder scope = new StringBuilder(s.signatureId() == null ? "all" : s.signatureId());
    append(scope, "agent", s.agent());
    append(scope, "session", s.session());
    append(scope, "tool", s.tool());
    append(scope, "path", s.path());
    return scope.toString();
  }

  private static void append(StringBuilder scope, String name, String value) {
    if (value != null) {
      scope.append(' ').append(name).append('=').append(value);
    }
  }

  private static String object(Suppression s) {
    return Lines.object(
        out -> {
          out.writeStringField("suppress", s.signatureId());
          out.writeStringField("agent", s.agent());
          out.writeStringField("session", s.session());
          out.writeStringField("tool", s.tool());
          out.writeStringField("path", s.path());
          out.writeStringField("expires", s.expires().toString());
          out.writeStringField("reason", s.reason());
        });
  }
}
