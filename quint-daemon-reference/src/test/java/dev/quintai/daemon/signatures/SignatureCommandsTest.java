package dev.quintai.daemon.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@ResourceLock(Resources.SYSTEM_OUT)
class SignatureCommandsTest {
  @TempDir Path folder;

  private String out;
  private String err;

  @Command(
      subcommands = {
        SignaturesCommand.class,
        UpdateSignaturesCommand.class,
        ScoreCommand.class,
        ScoreReportCommand.class
      })
  static final class Root {}

  private int run(String... args) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StringWriter errors = new StringWriter();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      return new CommandLine(new Root())
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setErr(new PrintWriter(errors, true))
          .setExecutionExceptionHandler(
              (exception, failed, parsed) -> {
                failed.getErr().println(Failure.explain(exception));
                return ExitCode.USAGE;
              })
          .execute(args);
    } finally {
      System.setOut(before);
      out = bytes.toString(StandardCharsets.UTF_8);
      err = errors.toString();
    }
  }

  private String file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content);
    return file.toString();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** A key pair, its keyring, and a signed signature made from YAML. */
  private void prepare() throws IOException {
    assertThat(run("signatures", "keygen", "--out", path("key.pem"))).isZero();
    String yaml =
        file(
            "steps.yml",
            "name: r\u00e9sum\u00e9\nseverity: high\nsteps: [read, auth, {capability: send, weight: 2}]\n");
    assertThat(run("signatures", "import", yaml)).isZero();
    String unsigned = file("unsigned.json", out);
    assertThat(run("signatures", "sign", "--key", path("key.pem"), unsigned)).isZero();
    file("signed.json", out);
    String pem = Files.readString(folder.resolve("key.pem.pub")).replace("\n", "\\n");
    file(
        "ring.json",
        "{\"keys\":[{\"keyId\":\"k\",\"publicKey\":\""
            + pem
            + "\",\"channels\":[\"global\"],\"validFrom\":\"2020-01-01T00:00:00Z\"}]}");
  }

  @Test
  void aSignatureGoesTheWholeWay() throws IOException {
    prepare();
    assertThat(run("signatures", "verify", "--keyring", path("ring.json"), path("signed.json")))
        .isZero();
    assertThat(out).contains("\"accepted\":true").contains("\"version\":1");
    String[] update = {
      "update-signatures",
      "--file",
      path("signed.json"),
      "--keyring",
      path("ring.json"),
      "--data",
      path("data"),
      "--lane",
      "shadow"
    };
    assertThat(run(update)).isZero();
    assertThat(run("signatures", "list", "--json", "--data", path("data"))).isZero();
    assertThat(out)
        .contains("\"id\":\"QT-SIG-001\"")
        .contains("\"lane\":\"shadow\"")
        .contains("r\u00e9sum\u00e9");
    assertThat(run("signatures", "lane", "QT-SIG-001", "block", "--data", path("data"))).isZero();
    assertThat(run("signatures", "list", "--data", path("data"))).isZero();
    assertThat(out).containsPattern("QT-SIG-001 +1  global +block");
    assertThat(
            run(
                "signatures",
                "suppress",
                "--agent",
                "codex",
                "--reason",
                "known",
                "--data",
                path("data")))
        .isZero();
    assertThat(run("signatures", "rollback", "--data", path("data"))).isZero();
    assertThat(run("signatures", "list", "--data", path("data"))).isZero();
    assertThat(out).doesNotContain("QT-IMP-").contains("agent=codex");
    assertThat(run(update)).isEqualTo(ExitCode.FOUND);
    assertThat(out).contains("\"check\":\"replay\"");
    assertThat(run("signatures", "rollback", "--data", path("data"))).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("no earlier set");
  }

  private int receive(String messages, String channel) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(messages.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(
          "signatures",
          "receive",
          "--channel",
          channel,
          "--keyring",
          path("ring.json"),
          "--data",
          path("data"));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void aChannelIsReadLineByLineIntoTheShadowLane() throws IOException {
    prepare();
    String signed = Files.readString(folder.resolve("signed.json")).strip();
    assertThat(receive("nonsense\n\n" + signed + "\n" + signed, "global"))
        .isEqualTo(ExitCode.FOUND);
    assertThat(out.lines()).hasSize(3);
    assertThat(out).contains("\"check\":\"parse\"", "\"accepted\":true", "known already");
    assertThat(run("signatures", "list", "--data", path("data"))).isZero();
    assertThat(out).containsPattern("QT-IMP-\\w+ +1  global +shadow +active");
    assertThat(receive(signed, "org:acme")).isEqualTo(ExitCode.FOUND);
    assertThat(out).contains("\"check\":\"key\"");
  }

  @Test
  void anOrganisationOptsOutBothWays() throws IOException {
    prepare();
    assertThat(run("signatures", "federation", "--data", path("data"))).isZero();
    assertThat(out).contains("\"contribute\":true,\"receive\":true");
    assertThat(run("signatures", "federation", "--receive", "false", "--data", path("data")))
        .isZero();
    assertThat(out).contains("\"contribute\":true,\"receive\":false");
    String signed = Files.readString(folder.resolve("signed.json"));
    assertThat(receive(signed, "global")).isEqualTo(ExitCode.FOUND);
    assertThat(out).isEmpty();
    assertThat(err).contains("1 messages turned away");
    assertThat(run("signatures", "anonymize", "--data", path("data"), path("signed.json")))
        .isZero();
    assertThat(run("signatures", "federation", "--contribute", "false", "--data", path("data")))
        .isZero();
    assertThat(out).contains("\"contribute\":false,\"receive\":false");
    assertThat(run("signatures", "anonymize", "--data", path("data"), path("signed.json")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(out).isEmpty();
    assertThat(err).contains("nothing leaves");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("data/federation.json"))))
        .isEqualTo("rw-------");
    file("data/federation.json", "{}");
    assertThat(run("signatures", "federation", "--data", path("data"))).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void keysAreNeitherOverwrittenNorReadableByOthers() throws IOException {
    assertThat(run("signatures", "keygen", "--out", path("key.pem"))).isZero();
    assertThat(out).isEmpty();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key.pem"))))
        .isEqualTo("rw-------");
    String before = Files.readString(folder.resolve("key.pem"));
    assertThat(run("signatures", "keygen", "--out", path("key.pem"))).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(folder.resolve("key.pem"))).isEqualTo(before);
  }

  @Test
  void unreadableInputIsUsage() throws IOException {
    prepare();
    assertThat(run("signatures", "verify", "--keyring", path("none.json"), path("signed.json")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            run(
                "signatures",
                "verify",
                "--keyring",
                path("ring.json"),
                path("none.json"),
                path("signed.json")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(out).contains("\"accepted\":true");
    assertThat(err).contains("none.json: no such file");
    assertThat(
            run(
                "update-signatures",
                "--file",
                path("signed.json"),
                "--keyring",
                path("ring.json"),
                "--data",
                path("data"),
                "--channel",
                "everyone"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--channel");
    String duplicate = file("dup.json", "{\"id\":\"a\",\"id\":\"b\"}");
    assertThat(run("signatures", "sign", "--key", path("key.pem"), duplicate))
        .isEqualTo(ExitCode.USAGE);
    assertThat(out).isEmpty();
  }

  @Test
  void anonymizeLeavesShapeSeverityAndTechniquesOnly() throws IOException {
    prepare();
    assertThat(run("signatures", "anonymize", "--data", path("data"), path("signed.json")))
        .isZero();
    assertThat(out)
        .startsWith("{\"provenance\":\"federated\",\"severity\":\"high\",\"flow_shape_percent\":[[")
        .doesNotContain("QT-IMP", "r\u00e9sum\u00e9", "2026");
  }

  @Test
  void importTellsWhatItCannotExpress() throws IOException {
    String sigma =
        file(
            "sigma.yml",
            """
            title: Dropper
            name: drop
            logsource: {category: file_event}
            tags: [attack.t1105]
            ---
            title: Run
            name: run
            logsource: {category: process_creation}
            ---
            title: alone
            logsource: {category: process_creation}
            ---
            title: drop then run
            level: high
            correlation: {type: temporal_ordered, rules: [drop, run], timespan: 5m}
            ---
            title: counted
            correlation: {type: event_count, rules: [drop]}
            ---
            title: from the cloud
            correlation: {type: temporal_ordered, rules: [drop, trail]}
            ---
            steps: [read, fly]
            """);
    assertThat(run("signatures", "import", sigma)).isEqualTo(ExitCode.FOUND);
    assertThat(out.lines()).hasSize(1);
    assertThat(out).contains("\"name\":\"drop then run\"", "\"T1105\"", "\"imported\"", "QT-IMP-");
    assertThat(err)
        .contains("a single Sigma rule is one event")
        .contains("timespan is not kept")
        .contains("only temporal_ordered")
        .contains("no rule trail")
        .contains("no such capability: fly");
    assertThat(run("signatures", "import", file("bad.yml", "a: [\n"))).isEqualTo(ExitCode.USAGE);
    String bomb =
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n";
    assertThat(run("signatures", "import", file("bomb.yml", bomb))).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void distillsASessionThatAnAnalystConfirms() throws IOException {
    StringBuilder events = new StringBuilder();
    events.append(
        "{\"type\":\"agent\",\"timeMs\":1777085379101,\"pid\":7,\"startMs\":1777085379101,\"ppid\":1,"
            + "\"platform\":\"codex\",\"exe\":\"/x\",\"cwd\":\"/w\"}\n");
    List<String> tools = List.of("read_file", "authenticate_user", "send_email", "send_email");
    for (int i = 0; i < tools.size(); i++) {
      events.append(
          "{\"type\":\"intent\",\"timeMs\":%d,\"pid\":7,\"startMs\":1777085379101,\"toolUseId\":\"t%d\",\"tool\":\"%s\",\"arguments\":{},\"vantage\":\"proxy\"}\n"
              .formatted(1_777_085_380_000L + i * 1000L, i, tools.get(i)));
    }
    String recording = file("events.jsonl", events.toString());
    String[] ask = {
      "signatures", "distill", "--session", "7-1777085379101", "--confidence", "0.8", recording
    };
    assertThat(run(ask)).isEqualTo(ExitCode.FOUND);
    assertThat(err).contains("analyst");
    assertThat(
            run(
                "signatures",
                "distill",
                "--session",
                "7-1777085379101",
                "--confidence",
                "0.97",
                recording))
        .isZero();
    assertThat(out).contains("\"QT-GNN-", "\"auto-confirmed\"", "\"max_jsd\":0.25", "\"codex\"");
    assertThat(run("signatures", "distill", "--session", "1-2", recording))
        .isEqualTo(ExitCode.USAGE);
  }

  private static String session(String id, String goal, String calls) {
    return "{\"id\":\"%s\",\"suite\":\"mail\",\"user_goal\":\"%s\",\"label\":\"x\",\"calls\":[%s]}\n"
        .formatted(id, goal, calls);
  }

  private static String send(String to) {
    return "{\"tool\":\"send_email\",\"arguments\":{\"recipients\":[\"%s\"],\"body\":\"hello\"}}"
        .formatted(to);
  }

  @Test
  void scoresWhatNobodyAskedForHigher() throws IOException {
    StringBuilder benign = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      benign.append(session("b" + i, "write to ada@example.org", send("ada@example.org")));
    }
    String sessions =
        file(
            "sessions.jsonl",
            session("usual", "write to ada@example.org", send("ada@example.org"))
                + "not json\n"
                + session("asked", "write to bob@example.org", send("bob@example.org"))
                + session("strange", "write to ada@example.org", send("mallory@evil.example")));
    assertThat(run("score", "--baseline", file("benign.jsonl", benign.toString()), sessions))
        .isEqualTo(ExitCode.FOUND);
    assertThat(err).contains("sessions.jsonl:2:");
    List<String> lines = out.lines().toList();
    assertThat(lines).hasSize(3);
    double usual = score(lines.get(0));
    double asked = score(lines.get(1));
    double strange = score(lines.get(2));
    assertThat(usual).isBetween(0.0, 0.3);
    assertThat(asked).isLessThan(0.3);
    assertThat(strange).isGreaterThan(0.6).isLessThanOrEqualTo(1);
    assertThat(lines.get(2)).contains("mallory@evil.example");
    // The same again is the same again.
    String first = out;
    run("score", "--baseline", path("benign.jsonl"), sessions);
    assertThat(out).isEqualTo(first);
  }

  private static double score(String line) {
    return Double.parseDouble(line.replaceAll(".*\"score\":([0-9.E-]+).*", "$1"));
  }

  private static final String STEPS = "severity: high\nsteps: [read, auth, send]\n";

  /** What is wrong with one document, or one file, costs no other. */
  @Test
  void importLosesNothingBesideWhatIsWrong() throws IOException {
    String good = file("good.yml", "name: good\n" + STEPS);
    String many =
        file("many.yml", "name: first\n" + STEPS + "---\n[1]\n---\nname: third\n" + STEPS);
    String torn = file("torn.yml", "name: before\n" + STEPS + "---\na: [\n");
    String deep = file("deep.yml", "a: " + "[".repeat(200_000));
    assertThat(
            run(
                "signatures",
                "import",
                path("none.yml"),
                deep,
                torn,
                many,
                folder.toString(),
                good))
        .isEqualTo(ExitCode.USAGE);
    assertThat(out).contains("\"before\"", "\"first\"", "\"third\"", "\"good\"");
    assertThat(out.lines()).hasSize(4);
    assertThat(err).contains("none.yml", "deep.yml", "torn.yml", "many.yml: document 2");
  }

  @Test
  void importTakesNoNumberForAnother() throws IOException {
    for (String bad :
        List.of(
            "ttl_hours: .nan",
            "ttl_hours: 1.5",
            "ttl_hours: .inf",
            "ttl_hours: -1",
            "window: .nan",
            "window: 2.5",
            "window: 1e10",
            "min_transitions: .nan",
            "min_depth: 0.5",
            "min_depth: 99999999999999999999",
            "max_jsd: .nan",
            "weight: .nan",
            "max_jsd: 1e-400",
            "name: " + "x".repeat(5000),
            "tags: [" + "a,".repeat(300) + "a]")) {
      String file = file("bad.yml", bad + "\n" + STEPS);
      assertThat(run("signatures", "import", file)).as(bad).isEqualTo(ExitCode.FOUND);
      assertThat(out).as(bad).isEmpty();
      assertThat(err).as(bad).contains("not imported").hasSizeLessThan(500);
    }
    String weight = file("w.yml", "steps: [read, {capability: auth, weight: .nan}, send]\n");
    assertThat(run("signatures", "import", weight)).isEqualTo(ExitCode.FOUND);
  }

  @Test
  void importTellsHostileNamesHarmlessly() throws IOException {
    String text = "\"\\e[2J\\u202eEVIL" + "x".repeat(3000) + "\"";
    for (String bad :
        List.of(
            "steps: [read, " + text + "]",
            "steps: &a [read, [[*a]]]",
            "steps: [read, auth]\nrequire: [{from: " + text + ", to: auth, fact: x}]",
            "steps: [read, auth]\nrequire: [{from: read, to: auth, fact: " + text + "}]",
            "title: " + text + "\ncorrelation: {type: " + text + "}",
            "title: x\ncorrelation: {type: temporal_ordered, rules: [" + text + ", b]}")) {
      assertThat(run("signatures", "import", file("bad.yml", bad))).as(bad).isNotZero();
      assertThat(err).as(bad).hasSizeLessThan(1500);
      assertThat(err.chars().filter(c -> c != '\n'))
          .as(bad)
          .noneMatch(c -> Character.isISOControl(c) || c == 0x202e);
    }
  }

  /** The same steps with other conditions are another signature: one must not replace the other. */
  @Test
  void importGivesEachMeaningItsId() throws IOException {
    String yaml =
        "name: one\nsteps: [read, send]\n---\nname: same\nsteps: [read, send]\n---\n"
            + "name: two\nsteps: [read, send]\n"
            + "require: [{from: read, to: send, fact: sensitive_target}]\n---\n"
            + "name: three\nsteps: [read, send]\nagent_types: [codex]\n";
    assertThat(run("signatures", "import", file("ids.yml", yaml))).isZero();
    assertThat(out.lines().map(line -> line.replaceAll(".*(QT-IMP-\\w+).*", "$1")).distinct())
        .hasSize(3);
  }

  @Test
  void aRollBackSaysWhatIsLeft() throws IOException {
    prepare();
    String[] rollback = {"signatures", "rollback", "--data", path("data")};
    assertThat(run(rollback)).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("no earlier set", "the last 8 loads");
    assertThat(
            run(
                "update-signatures",
                "--file",
                path("signed.json"),
                "--keyring",
                path("ring.json"),
                "--data",
                path("data")))
        .isZero();
    assertThat(run(rollback)).isZero();
    assertThat(out).contains("\"rollbacks_left\":0");
    assertThat(run(rollback)).isEqualTo(ExitCode.USAGE);
  }
}
