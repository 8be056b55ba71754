package dev.quintai.daemon.cli;

import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.TruthSource;
import dev.quintai.daemon.audit.AuditKeys;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.ca.SystemRoots;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.run.DataDirectory;
import dev.quintai.esjni.LinuxTrace;
import dev.quintai.esjni.SensorFormat;
import dev.quintai.parsers.StandardParsers;
import dev.quintai.signatures.BenignHistory;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code quint doctor}: what is configured against what is really in effect, each tried. */
@Command(
    name = "doctor",
    description =
        "Tries every part and says what is really in effect here. Exit 1 when a part does not work.")
final class DoctorCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder (default: ~/.quint).")
  Path data = DataDirectory.standard();

  @Option(names = "--json", description = "Prints JSON Lines.")
  boolean json;

  /** How a part is. */
  private enum State {
    OK("green"),
    LIMIT("yellow"),
    BROKEN("red");

    final String colour;

    State(String colour) {
      this.colour = colour;
    }
  }

  private record Check(State state, String part, String says) {}

  /** A check that may fail with an exception, which then is what it says. */
  private interface Probe {
    Check run() throws IOException;
  }

  private final List<Check> checks = new ArrayList<>();

  @Override
  public Integer call() {
    check(
        "Quint",
        () ->
            ok(
                "Quint",
                Version.text()
                    + ", Java "
                    + System.getProperty("java.version")
                    + " ("
                    + System.getProperty("java.vendor")
                    + ")"));
    check("data folder", this::dataFolder);
    check("truth", this::truth);
    check(
        "blocking",
        () ->
            limit(
                "blocking",
                "tool calls are refused at the proxy (run --mode block); what a program does by itself is seen, not stopped"));
    for (SensorFormat sensor : SensorFormat.values()) {
      String part = sensor.sourceName();
      check(part, () -> ok(part, sensorSays(sensor)));
    }
    check("certificates", this::certificates);
    check(
        "trust",
        () ->
            ok(
                "trust",
                SystemRoots.pem().split("BEGIN CERTIFICATE", -1).length
                    - 1
                    + " system roots are passed on to the agent, with our own authority"));
    check("audit log", this::auditLog);
    check("signatures", this::signatures);
    check(
        "parsers",
        () ->
            ok(
                "parsers",
                StandardParsers.all().all().stream()
                    .map(LlmParser::format)
                    .collect(Collectors.joining(", "))));
    check(
        "platforms",
        () ->
            ok(
                "platforms",
                PlatformDetector.defaults().platforms().size()
                    + " agents are recognised; another one gets generic treatment"));
    print();
    return checks.stream().anyMatch(c -> c.state == State.BROKEN) ? ExitCode.FOUND : ExitCode.DONE;
  }

  private Check dataFolder() throws IOException {
    Path folder = DataDirectory.open(data).path();
    List<String> open = new ArrayList<>();
    try (var files = Files.find(folder, 16, (file, is) -> is.isRegularFile())) {
      for (Path file : files.toList()) {
        String mode;
        try {
          mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (NoSuchFileException e) {
          continue; // a run beside us has ended
        }
        if (!mode.endsWith("------")) {
          open.add(folder.relativize(file) + " " + mode);
        }
      }
    }
    return open.isEmpty()
        ? ok("data folder", folder + ", for its owner alone")
        : new Check(
            State.BROKEN, "data folder", "readable by others: " + open + "; chmod 600 these files");
  }

  private Check truth() throws IOException {
    Path probe = Files.createTempDirectory("quint-doctor-");
    try {
      TruthSource.Availability trace = LinuxTrace.availability(probe);
      if (trace.available()) {
        return ok(
            "truth",
            "the supervisor sees every exec, file and connection of the agent's tree, without loss. "
                + "If we are killed it goes on answering; if it is killed too, a second process does; "
                + "only the death of both makes the agent's calls fail");
      }
      return limit(
          "truth",
          trace.cause()
              + "; /proc is sampled instead: no files, no connections, no short-lived programs");
    } finally {
      try (var left = Files.walk(probe)) {
        for (Path file : left.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static String sensorSays(SensorFormat sensor) {
    String sees =
        sensor.sees().stream()
            .map(sight -> sight.name().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "its recorded JSON can be read (adapt --from "
        + sensor.sourceName()
        + "): "
        + sees
        + "; losses: "
        + sensor.losses()
        + "; limits: "
        + sensor.limits();
  }

  private Check certificates() throws IOException {
    CertificateAuthority authority = CertificateAuthority.open(data, InstantSource.system());
    return ok(
        "certificates",
        data.resolve(CertificateAuthority.CERTIFICATE_FILE)
            + ", valid until "
            + authority.certificate().getNotAfter().toInstant());
  }

  private Check auditLog() throws IOException {
    AuditKeys keys = AuditKeys.loadOrCreate(data);
    return ok(
        "audit log",
        data.resolve("quint.db")
            + ", signed with key "
            + keys.keyId()
            + "; keep a copy of its public key elsewhere: whoever has the private one can rewrite the log");
  }

  private Check signatures() throws IOException {
    ThreatSignatureRegistry registry =
        ThreatSignatureRegistry.open(data.resolve("signatures"), BuiltInSignatures.all());
    int count = registry.current().signatures().size();
    long held = registry.current().signatures().stream().filter(s -> s.held() != null).count();
    int benign =
        BenignHistory.open(data.resolve(DataDirectory.HISTORY), BenignHistory.Limits.DEFAULTS)
            .size();
    return registry.damage() == null
        ? ok(
            "signatures",
            count
                + " loaded, "
                + BuiltInSignatures.all().size()
                + " of them built in, "
                + held
                + " held; new ones are tried against "
                + benign
                + " benign sessions"
                + (benign < BenignHistory.Limits.DEFAULTS.minSessions()
                    ? ", too few to hold any"
                    : ""))
        : limit("signatures", count + " loaded; damaged: " + registry.damage());
  }

  private void check(String part, Probe probe) {
    try {
      checks.add(probe.run());
    } catch (IOException | RuntimeException e) {
      checks.add(new Check(State.BROKEN, part, Failure.explain(e)));
    }
  }

  private static Check ok(String part, String says) {
    return new Check(State.OK, part, says);
  }

  private static Check limit(String part, String says) {
    return new Check(State.LIMIT, part, says);
  }

  private void print() {
    for (Check check : checks) {
      String state = check.state.name().toLowerCase(java.util.Locale.ROOT);
      if (json) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("part", check.part);
        line.put("state", state);
        line.put("says", check.says);
        System.out.println(JsonTree.text(line));
      } else {
        System.out.println(
            Ansi.AUTO.string(
                    "@|bold," + check.state.colour + " " + String.format("%-7s", state) + "|@ ")
                + String.format("%-13s", check.part)
                + check.says);
      }
    }
  }
}
