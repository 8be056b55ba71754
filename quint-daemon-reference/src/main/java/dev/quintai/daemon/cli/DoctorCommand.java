package dev.quintai.daemon.cli;

import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.TruthSource;
import dev.quintai.daemon.audit.AuditKeys;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.ca.SystemRoots;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.run.DaemonSettings;
import dev.quintai.daemon.run.DataDirectory;
import dev.quintai.daemon.run.TruthChoice;
import dev.quintai.daemon.store.ChosenStore;
import dev.quintai.esjni.EndpointSecurity;
import dev.quintai.esjni.ExtensionSocket;
import dev.quintai.esjni.LinuxTier;
import dev.quintai.esjni.SensorFormat;
import dev.quintai.parsers.StandardParsers;
import dev.quintai.signatures.BenignHistory;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    truth();
    check("es", this::endpointSecurity);
    check("daemon", this::daemonTruth);
    check("daemon/extension", this::extension);
    check("daemon/scanner", this::scanner);
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
    check("fingerprints", () -> ok("fingerprints", ChosenStore.tried(data)));
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
    agents();
    print();
    return checks.stream().anyMatch(c -> c.state == State.BROKEN) ? ExitCode.FOUND : ExitCode.DONE;
  }

  /** Agents that are installed here, held against those whose own doings are known. */
  private void agents() {
    List<InstalledAgent> installed =
        InstalledAgent.onPath(System.getenv().getOrDefault("PATH", ""));
    if (installed.isEmpty()) {
      checks.add(ok("agents", "none of those whose own doings were observed is on the PATH"));
    }
    for (InstalledAgent agent : installed) {
      checks.add(agent.unknown() ? limit("agents", agent.says()) : ok("agents", agent.says()));
    }
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

  /** Each way of watching, tried; the first that works is the one in effect. */
  private void truth() {
    Path probe = null;
    try {
      probe = Files.createTempDirectory("quint-doctor-");
      Map<LinuxTier, TruthSource.Availability> tried = new LinkedHashMap<>();
      for (LinuxTier tier : LinuxTier.forCommands()) {
        tried.put(tier, tier.availability(probe));
      }
      LinuxTier inEffect =
          tried.keySet().stream()
              .filter(tier -> tried.get(tier).available())
              .findFirst()
              .orElse(null);
      checks.add(inEffect(inEffect, tried));
      tried.forEach((tier, is) -> checks.add(tier(tier, is)));
      checks.add(blocking(inEffect));
    } catch (IOException | RuntimeException e) {
      checks.add(new Check(State.BROKEN, "truth", Failure.explain(e)));
    } finally {
      removeAll(probe);
    }
  }

  private static Check inEffect(LinuxTier tier, Map<LinuxTier, TruthSource.Availability> tried) {
    if (tier == null) {
      return new Check(State.BROKEN, "truth", "what programs do cannot be watched here");
    }
    if (tier == LinuxTier.SECCOMP) {
      return ok(
          "truth",
          "run watches with "
              + tier.option()
              + ": every exec, file and connection of the agent's tree, without loss. "
              + "If we are killed it goes on answering; if it is killed too, a second process does; "
              + "only the death of both makes the agent's calls fail");
    }
    return limit(
        "truth",
        "run watches with " + tier.option() + ", since " + tried.get(LinuxTier.SECCOMP).cause());
  }

  private Check endpointSecurity() throws IOException {
    Path probe = Files.createTempDirectory("quint-doctor-");
    try {
      TruthSource.Availability es = EndpointSecurity.availability(probe);
      return es.available()
          ? ok("es", "EndpointSecurity answers: execs, forks, exits and files of the whole machine")
          : limit("es", es.cause());
    } finally {
      removeAll(probe);
    }
  }

  /** What the daemon would watch with here, by its configuration. */
  private Check daemonTruth() throws IOException {
    Path probe = Files.createTempDirectory("quint-doctor-");
    try {
      TruthChoice choice = TruthChoice.of(settings().truth(), probe);
      boolean best = choice.causes().isEmpty() || choice.source().equals(LinuxTier.BPF.option());
      return best
          ? ok("daemon", "watches with " + choice.says())
          : limit("daemon", "watches with " + choice.says());
    } finally {
      removeAll(probe);
    }
  }

  private Check extension() throws IOException {
    DaemonSettings settings = settings();
    if (!settings.extension()) {
      return ok("daemon/extension", "off by the configuration");
    }
    ExtensionSocket socket =
        new ExtensionSocket(settings.socket(), settings.secret(), problem -> {});
    TruthSource.Availability is = socket.availability();
    if (!is.available()) {
      return limit("daemon/extension", is.cause());
    }
    String cause = ExtensionSocket.secretProblem(settings.secret());
    return cause != null
        ? new Check(State.BROKEN, "daemon/extension", cause)
        : ok(
            "daemon/extension",
            settings.socket()
                + (Files.exists(settings.socket()) ? ", open" : ", while a daemon runs")
                + "; whoever knows the secret of "
                + settings.secret()
                + " may feed it");
  }

  private Check scanner() throws IOException {
    DaemonSettings settings = settings();
    return ok(
        "daemon/scanner",
        settings.scan() == null
            ? "off by the configuration: agents that ran before the daemon are not found"
            : "looks for agents every " + settings.scan().toSeconds() + " s");
  }

  private DaemonSettings settings() throws IOException {
    return DaemonSettings.read(null, DataDirectory.open(data).path());
  }

  private static Check tier(LinuxTier tier, TruthSource.Availability is) {
    String part = "truth/" + tier.option();
    String sees =
        tier.sees().stream()
            .map(sight -> sight.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return is.available()
        ? ok(part, "works: " + sees + "; it " + tier.limits())
        : limit(part, is.cause());
  }

  private static Check blocking(LinuxTier tier) {
    String proxy = "run --mode block refuses tool calls at the proxy";
    return limit(
        "blocking",
        tier != null && tier.refuses()
            ? proxy
                + ", and undeclared accesses to sensitive files and metadata addresses with EPERM before"
                + " they happen; what it refuses has not happened, but a program made for it can race"
                + " it: a thread may change a path between our look and the kernel's, and whoever kills"
                + " the supervisor is let go. It does not refuse execs, Unix sockets, descriptors that"
                + " were open before, and what others do for the agent (docker, systemd-run); daemon"
                + " refuses nothing"
            : proxy
                + "; what a program does by itself is seen, not stopped: "
                + (tier == null ? "nothing watches it" : tier.option() + " cannot refuse"));
  }

  private static void removeAll(Path folder) {
    if (folder == null) {
      return;
    }
    try (var left = Files.walk(folder)) {
      for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      folder.toFile().deleteOnExit(); // a rest of ours in the temporary folder
    }
  }

  private static String sensorSays(SensorFormat sensor) {
    String sees =
        sensor.sees().stream()
            .map(sight -> sight.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "its JSON can be read (adapt --from "
        + sensor.sourceName()
        + ", run --truth "
        + sensor.sourceName()
        + ":FILE): "
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
        ThreatSignatureRegistry.open(
            data.resolve(DataDirectory.SIGNATURES), BuiltInSignatures.all());
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
      String state = check.state.name().toLowerCase(Locale.ROOT);
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
                + String.format("%-18s", check.part)
                + check.says);
      }
    }
  }
}
