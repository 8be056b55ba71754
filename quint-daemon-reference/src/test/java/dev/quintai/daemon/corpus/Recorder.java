package dev.quintai.daemon.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quintai.daemon.e2e.NpmAgent;
import dev.quintai.daemon.e2e.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records the corpus: each scenario with each of its agents under {@code quint run --record}, as a
 * fixture. {@code .ci/corpus} starts it inside its namespaces, as the superuser there.
 */
final class Recorder {

  /** Hosts that the agents call beside the model: nobody answers there. */
  private static final List<String> SIDE =
      List.of(
          "play.googleapis.com",
          "registry.npmjs.org",
          "models.dev",
          "api.github.com",
          "http-intake.logs.us5.datadoghq.com",
          "statsig.anthropic.com",
          "chatgpt.com",
          "ab.chatgpt.com");

  private final Path launcher;
  private final Path agents;
  private final Path scenarios;
  private final Path runs;

  private Recorder(Path launcher, Path agents, Path scenarios, Path runs) {
    this.launcher = launcher;
    this.agents = agents;
    this.scenarios = scenarios;
    this.runs = runs;
  }

  /** Arguments: launcher, agents, scenarios, runs, web server's files, then names (none: all). */
  public static void main(String[] args) throws Exception {
    Recorder recorder =
        new Recorder(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
    List<String> names = List.of(args).subList(5, args.length);
    try (Outside outside = new Outside(Path.of(args[4]))) {
      for (Path file : Scenario.files(recorder.scenarios)) {
        Scenario scenario = Scenario.read(file);
        for (NpmAgent agent : scenario.agents()) {
          String name = scenario.name() + "." + agent.id();
          if (names.isEmpty() || names.stream().anyMatch(name::matches)) {
            recorder.record(scenario, agent, name);
          }
        }
      }
    }
    recorder.versions();
    System.exit(0);
  }

  /** Notes what was recorded with. */
  private void versions() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (NpmAgent agent : NpmAgent.values()) {
      lines.add("agent " + agent.platform() + " " + agent.version(agents));
    }
    for (String tool :
        List.of("git", "node", "npm", "python3", "gcc", "make", "cargo", "mvn", "curl", "bash")) {
      ProcessBuilder builder =
          new ProcessBuilder("env", "PATH=" + Stage.PATH, tool, "--version")
              .redirectErrorStream(true);
      Process process = builder.start();
      String first = new String(process.getInputStream().readAllBytes(), UTF_8).split("\n", 2)[0];
      process.waitFor();
      lines.add("tool " + tool + ": " + first.replaceAll("\u001b\\[[0-9;]*m", ""));
    }
    Files.write(runs.resolve("versions.txt"), lines);
  }

  private void record(Scenario scenario, NpmAgent agent, String name) throws Exception {
    Stage stage = new Stage();
    agent.prepare(Stage.HOME, stage.environment);
    stage.write(scenario.files());
    stage.handOver();
    if (scenario.setup() != null) {
      int code = stage.run(Stage.asUser(List.of("bash", "-euc", scenario.setup())), null, null);
      if (code != 0) {
        throw new IOException(name + ": setup exited with " + code);
      }
    }
    Path out = Files.createDirectories(Stage.HOME.resolve(".recording"));
    stage.handOver();
    try (ScriptedProvider provider =
        new ScriptedProvider(
            Files.createTempDirectory("ca"),
            agent.wireFormat(),
            scenario.script(agent, Stage.PROJECT))) {
      List<String> command = new ArrayList<>(List.of(launcher.toString(), "run"));
      command.addAll(provider.options());
      for (String host : SIDE) {
        command.addAll(List.of("--upstream", host + "=127.0.0.1:9"));
      }
      command.addAll(List.of("--record", out.resolve("events.jsonl").toString()));
      command.addAll(List.of("--findings", out.resolve("findings.jsonl").toString(), "--"));
      command.addAll(agent.command(agents, scenario.prompt()));
      Path authority = Path.of(provider.options().get(3));
      command.set(
          command.indexOf(authority.toString()),
          Files.copy(authority, Stage.HOME.resolve(".recording/upstream-ca.pem")).toString());
      stage.handOver();
      long start = System.nanoTime();
      int code = stage.run(Stage.asUser(command), out.resolve("out.txt"), out.resolve("err.txt"));
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      int calls =
          scenario.script(agent, Stage.PROJECT).stream().mapToInt(s -> s.calls().size()).sum();
      Fixture.write(
          runs.resolve(name + ".jsonl.gz"), Files.readAllLines(out.resolve("events.jsonl")));
      List<String> findings = Files.readAllLines(out.resolve("findings.jsonl"));
      System.out.printf(
          "%-44s exit %d, %d s, %d of %d calls, %d KB, %d findings%n",
          name,
          code,
          seconds,
          provider.sent.size(),
          calls,
          Files.size(runs.resolve(name + ".jsonl.gz")) / 1024,
          findings.size());
      if (System.getenv("CORPUS_SHOW") != null) {
        findings.forEach(System.out::println);
        Files.readAllLines(out.resolve("out.txt")).forEach(System.out::println);
        Files.readAllLines(out.resolve("err.txt")).forEach(System.out::println);
      }
    }
  }
}
