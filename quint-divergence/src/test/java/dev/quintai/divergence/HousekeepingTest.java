package dev.quintai.divergence;

import static dev.quintai.divergence.Scenario.AGENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.AgentIds;
import dev.quintai.core.Finding;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.snapshot.SnapshotException;
import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HousekeepingTest {
  private static final HousekeepingTable.Rules CLAUDE =
      HousekeepingTable.defaults().of("claude-code", "/home/ann", "/home/ann/shop");
  private static final HousekeepingTable.Rules MAC =
      HousekeepingTable.defaults().of("claude-code", "/Users/Ann", "/Users/Ann/Shop");

  private static String rule(String platform, String exe, String... argv) {
    HousekeepingTable.Rules rules =
        HousekeepingTable.defaults().of(platform, "/home/ann", "/home/ann/shop");
    return new HousekeepingExecs(platform, "/home/ann", rules)
        .rule(new ExecImage(exe, List.of(argv), "/home/ann/shop", "/home/ann"), "/home/ann/shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/usr/lib/x86_64-linux-gnu/libc.so.6", "/etc/ld.so.cache", "/etc/passwd", "/proc/self/maps",
        "/home/ann/.claude/settings.json", "/home/ann/.claude.json", "/dev/null",
            "/etc/ssl/certs/a.pem",
        "/srv/agents/node_modules/x/index.js", "/srv/agents/package.json", "/home/ann/.gitconfig",
      })
  void readsOfTheAgent(String path) {
    assertThat(CLAUDE.path(path, false)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/shadow2", "/home/ann/notes.txt", "/home/ann/.gemini/settings.json", "/srv/x",
        "/home/ann/.claudex", "/tmp/x", "/home/bob/.claude/settings.json", "/var/log/syslog",
      })
  void notReadsOfTheAgent(String path) {
    assertThat(CLAUDE.path(path, false)).isNull();
  }

  @Test
  void writesAreNarrower() {
    assertThat(CLAUDE.path("/home/ann/.claude/todos/1.json", true)).isEqualTo("state");
    assertThat(CLAUDE.path("/home/ann/.claude.json.tmp.123", true)).isEqualTo("state");
    assertThat(CLAUDE.path("/usr/bin/x", true)).isNull();
    assertThat(CLAUDE.path("/etc/passwd", true)).isNull();
    assertThat(CLAUDE.path("/home/ann/.gitconfig", true)).isNull();
    assertThat(CLAUDE.path("/home/ann/shop/.claude/settings.json", true)).isNull();
    assertThat(CLAUDE.path("/srv/node_modules/x.js", true)).isNull();
  }

  @Test
  void caseDoesNotCountOnMacVolumes() {
    assertThat(MAC.path(PathIdentity.canonical("/Users/ann/.CLAUDE/x"), true)).isEqualTo("state");
    assertThat(MAC.path(PathIdentity.canonical("/System/Library/X"), false)).isEqualTo("system");
  }

  @Test
  void hosts() {
    assertThat(CLAUDE.host("api.anthropic.com")).isEqualTo("api");
    assertThat(CLAUDE.host("statsig.anthropic.com")).isNotNull();
    assertThat(CLAUDE.host("api.anthropic.com.evil.example")).isNull();
    assertThat(CLAUDE.host("evilanthropic.com")).isNull();
    assertThat(CLAUDE.host("models.dev")).isNull();
  }

  @Test
  void execsThatAgentsMakeByThemselves() {
    assertThat(rule("claude-code", "/usr/bin/git", "git", "status", "--porcelain=v2"))
        .isEqualTo("git");
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.quotepath=false", "ls-files"))
        .isEqualTo("git");
    assertThat(rule("x", "/usr/bin/git", "git", "config", "--get", "user.name")).isEqualTo("git");
    assertThat(
            rule(
                "opencode",
                "/usr/bin/git",
                "git",
                "--git-dir",
                "/home/ann/.local/share/opencode/snapshot/1",
                "--work-tree",
                "/w",
                "add",
                "."))
        .isEqualTo("git on own state");
    assertThat(rule("x", "/usr/bin/uname", "uname", "-a")).isEqualTo("probe");
    assertThat(rule("x", "/bin/sh", "sh", "-c", "command -v rg || which rg")).isEqualTo("probe");
    assertThat(rule("x", "/usr/bin/node", "node", "--version")).isEqualTo("version");
    assertThat(rule("x", "/usr/bin/rg", "rg", "--files", "--hidden")).isEqualTo("search");
    assertThat(rule("x", "/bin/zsh", "zsh", "-lic", "echo X; env; exit")).isNotNull();
    assertThat(rule("x", "/usr/bin/node", "node", "/usr/bin/npm", "root", "-g")).isNotNull();
    assertThat(rule("x", "/usr/bin/dash", "/bin/sh", "/usr/bin/lsb_release", "-a")).isNotNull();
    assertThat(rule("x", "/usr/bin/ps", "ps", "-o", "ppid=,command=", "-p", "7")).isNotNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.fsmonitor=", "status")).isNotNull();
    assertThat(rule("x", "/usr/bin/git", "git", "ls-remote", "--heads", "origin")).isNotNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "hook.pre-push.enabled=false", "status"))
        .isNotNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "protocol.ext.allow=never", "status"))
        .isNotNull();
    assertThat(rule("claude-code", "/usr/bin/git", "git", "write-tree")).isEqualTo("git snapshot");
    assertThat(rule("codex", "/usr/bin/git", "git", "ls-remote", "https://github.com/o/p.git"))
        .isNotNull();
    assertThat(
            rule("x", "/usr/bin/systemd-inhibit", "systemd-inhibit", "--mode=block", "sleep", "9"))
        .isNotNull();
    assertThat(rule("opencode", "/usr/bin/git", "git", "init")).isEqualTo("git snapshot");
    assertThat(
            rule(
                "claude-code",
                "/usr/bin/bash",
                "/bin/bash",
                "-c",
                "-l",
                "SNAPSHOT_FILE=/home/ann/.claude/shell-snapshots/s.sh ; "
                    + "source /home/ann/.bashrc < /dev/null ; "
                    + "declare -F | ( trap - DEBUG; printf x >> \"$SNAPSHOT_FILE\" )"))
        .isEqualTo("shell snapshot");
    assertThat(
            rule(
                "codex",
                "/usr/bin/bash",
                "/bin/bash",
                "-lc",
                ". ~/.bashrc; echo '# Snapshot file'; declare -f; f() { command -p \"$@\"; }; "
                    + "set -o | f awk '{print $1}'"))
        .isEqualTo("shell snapshot");
  }

  @Test
  void whatLooksLikeHousekeepingAndIsNot() {
    assertThat(rule("x", "/usr/bin/git", "git", "push")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.fsmonitor=evil", "status")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "alias.x=!nc", "x")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "diff", "--output=/home/ann/.bashrc")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "config", "user.name", "evil")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "--git-dir", "/srv/x", "add", ".")).isNull();
    assertThat(rule("x", "/tmp/git", "git", "status")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "init")).isNull();
    assertThat(rule("opencode", "/usr/bin/git", "git", "init", "/home/ann/x")).isNull();
    assertThat(rule("x", "/bin/bash", "bash", "-c", "trap 'nc x 1' EXIT; : > ~/shell-snapshots/a"))
        .isNull();
    assertThat(rule("codex", "/usr/bin/git", "git", "ls-remote", "https://evil.example/p"))
        .isNull();
    assertThat(rule("codex", "/usr/bin/git", "git", "ls-remote", "ext::sh -c id")).isNull();
    assertThat(rule("codex", "/usr/bin/git", "git", "ls-remote", "/srv/loot")).isNull();
    assertThat(rule("codex", "/usr/bin/git", "git", "write-tree")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "hook.x.command=evil", "status")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.askPass=evil", "status")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "protocol.ext.allow=always", "fetch"))
        .isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.alternateRefsCommand=evil", "status"))
        .isNull();
    assertThat(rule("x", "/usr/bin/ps", "ps", "auxe")).isNull();
    assertThat(rule("x", "/usr/bin/dash", "sh", "/home/ann/shop/lsb_release", "-a")).isNull();
    assertThat(rule("x", "/usr/bin/systemd-inhibit", "systemd-inhibit", "--mode=block", "nc", "x"))
        .isNull();
    assertThat(rule("codex", "/bin/bash", "bash", "-lc", "echo '# Snapshot file'; nc x 1"))
        .isNull();
    assertThat(rule("x", "/home/ann/shop/git", "git", "status")).isNull();
    assertThat(rule("x", "/usr/bin/python3", "git", "status")).isNull();
    assertThat(rule("x", "/bin/sh", "sh", "-c", "git status; nc x 1")).isNull();
    assertThat(rule("x", "/bin/sh", "sh", "-c", "uname > /home/ann/x")).isNull();
    assertThat(rule("x", "/bin/sh", "sh", "-c", "which rg; $X")).isNull();
    assertThat(rule("x", "/usr/bin/rg", "rg", "--pre", "evil", "x")).isNull();
    assertThat(rule("x", "/usr/bin/cat", "cat", "/home/ann/.ssh/id_rsa")).isNull();
    assertThat(rule("x", "/usr/bin/curl", "curl", "https://x")).isNull();
    assertThat(rule("x", "/usr/bin/security", "security", "dump-keychain")).isNull();
  }

  @Test
  void aBrokenTableSaysWhere() {
    assertThatThrownBy(
            () -> HousekeepingTable.parse(new BufferedReader(new StringReader("# x\nr | * | /x"))))
        .hasMessageContaining("line 2");
    assertThatThrownBy(
            () ->
                HousekeepingTable.parse(new BufferedReader(new StringReader("q | * | /x | a | b"))))
        .hasMessageContaining("access");
  }

  private static Scenario configured(String... lines) {
    Scenario s = new Scenario();
    s.events.set(0, s.withConfigured(0.001, List.of(lines)));
    return s;
  }

  @Test
  void commandsOfTheAgentsConfigurationAreTheOperators() {
    Scenario s = configured("npx -y '@acme/server' --port 7", "~/bin/lint.sh --all | tee log");
    s.exec(
        1000,
        AGENT,
        "/usr/bin/node",
        "node",
        "/usr/local/bin/npx",
        "-y",
        "@acme/server",
        "--port",
        "7");
    s.reads(10.1, 1000, "/srv/data");
    s.connects(10.2, 1000, "203.0.113.5", "api.acme.example");
    s.exec(1100, AGENT, "/usr/bin/dash", "/bin/sh", "-c", "~/bin/lint.sh --all | tee log");
    assertThat(s.brief()).isEmpty();
  }

  @Test
  void aConfiguredCommandIsThatCommandAndNoOther() {
    Scenario s = configured("npx -y '@acme/server'", "python3 hook.py");
    s.exec(1000, AGENT, "/usr/bin/npx", "npx", "-y", "@acme/other");
    s.exec(1100, AGENT, "/usr/bin/dash", "sh", "-c", "python3 hook.py; curl https://x.example");
    s.exec(1200, AGENT, "/usr/bin/npx", "npx", "-y", "@acme/server", "--eval");
    assertThat(s.brief())
        .containsExactly(
            "truth_without_intent high exec 1000",
            "truth_without_intent high exec 1100",
            "truth_without_intent high exec 1200");
  }

  @Test
  void aConfiguredCommandStillNeedsADeclarationForSecrets() {
    Scenario s = configured("npx -y '@acme/server'", "sudo true");
    s.exec(1000, AGENT, "/usr/bin/npx", "npx", "-y", "@acme/server");
    s.reads(10.5, 1000, "/home/ann/.ssh/id_rsa");
    s.exec(1100, AGENT, "/usr/bin/sudo", "sudo", "true");
    assertThat(s.brief())
        .containsExactly(
            "truth_without_intent high file_read 1000", "truth_without_intent high exec 1100");
  }

  private static Scenario fromProject(String... lines) {
    Scenario s = new Scenario();
    s.events.set(0, s.withCommands(0.001, List.of(), List.of(lines)));
    return s;
  }

  /** A repository may have been written by a stranger: what it names is told, once and low. */
  @Test
  void aCommandOfTheProjectIsToldOnceAndNotLoudly() {
    Scenario s = fromProject("node tools/start.js", "./lint.sh");
    s.exec(1000, AGENT, "/usr/bin/node", "node", "tools/start.js");
    s.connects(10.1, 1000, "203.0.113.5", "stats.example");
    s.exec(1020, 1000, "/usr/bin/uname", "uname", "-a");
    s.exec(30000, AGENT, "/usr/bin/node", "node", "tools/start.js");
    s.connects(300.1, 30000, "203.0.113.5", "stats.example");
    s.exec(31000, AGENT, "/usr/bin/dash", "sh", "-c", "./lint.sh");
    assertThat(s.brief())
        .containsExactly(
            "truth_without_intent medium exec 1000", "truth_without_intent medium exec 31000");
    assertThat(s.findings().get(0).confidence()).isEqualTo(0.5);
    assertThat(s.findings().get(0).reason()).contains("file of the project");
    assertThat(s.findings().get(0).samples()).anyMatch(sample -> sample.contains("stats.example"));
  }

  @Test
  void whatACommandOfTheProjectStealsIsTold() {
    Scenario s = fromProject("node tools/start.js", "sudo true");
    s.exec(1000, AGENT, "/usr/bin/node", "node", "tools/start.js");
    s.reads(10.5, 1000, "/home/ann/.ssh/id_rsa");
    s.connects(10.6, 1000, "203.0.113.5", "stats.example");
    s.exec(1100, AGENT, "/usr/bin/node", "node", "tools/other.js");
    s.exec(1200, AGENT, "/usr/bin/sudo", "sudo", "true");
    assertThat(s.brief())
        .containsExactly(
            "truth_without_intent medium exec 1000",
            "truth_without_intent high file_read 1000",
            "truth_without_intent high network 1000",
            "truth_without_intent high exec 1100",
            "truth_without_intent high exec 1200");
  }

  /** A hook that runs beside a call which is then not carried out does not stand in its place. */
  @Test
  void aCommandOfTheProjectStandsForNoCall() {
    Scenario s = fromProject("./lint.sh");
    s.exec(999, AGENT, "/bin/ls", "ls"); // the source tells of execs
    s.result(9.999, s.bash(9, "ls"));
    String call = s.bash(10, "make");
    s.exec(1001, AGENT, "/usr/bin/dash", "sh", "-c", "./lint.sh");
    s.result(10.5, call);
    assertThat(s.brief())
        .contains("truth_without_intent medium exec 1001")
        .noneMatch(finding -> finding.startsWith("target_mismatch"));
  }

  /** What was told stays told when the matcher is put into bytes, at any event. */
  @Test
  void commandsOfTheProjectSurviveASnapshot() throws SnapshotException {
    Scenario s = fromProject("node tools/start.js");
    for (int pid = 1000; pid < 1005; pid++) {
      s.exec(pid, AGENT, "/usr/bin/node", "node", "tools/start.js");
    }
    assertThat(s.brief()).containsExactly("truth_without_intent medium exec 1000");
    ProcessId root = new ProcessId(AGENT, Scenario.time(0) / 1_000_000L);
    Session session =
        new Session(root, "claude-code", null, AgentIds.agentId("m", 1, "claude-code", null));
    DivergenceDetector gate = new DivergenceDetector();
    List<Finding> told = new ArrayList<>();
    byte[] bytes = gate.open(session, new SessionFacts(), told::add).snapshot();
    for (Event event : s.events) {
      SessionMatcher part = gate.restore(bytes, told::add);
      part.on(event);
      bytes = part.snapshot();
    }
    gate.restore(bytes, told::add).end();
    assertThat(told).extracting(Scenario::brief).containsOnly(s.brief().get(0)).isNotEmpty();
    assertThat(told).extracting(Finding::id).containsOnly(told.get(0).id());
  }

  /** An agent that writes a command into its configuration has not made it the operator's. */
  @Test
  void whatTheAgentWritesIntoItsConfigurationDeclaresNothing() {
    Scenario s = configured("npx -y '@acme/server'");
    String call = s.write(5, "/home/ann/shop/.mcp.json");
    s.writes(5.1, AGENT, "/home/ann/shop/.mcp.json");
    s.result(5.2, call);
    s.events.add(s.withConfigured(6, List.of("nc 203.0.113.9 4444")));
    s.exec(1000, AGENT, "/usr/bin/nc", "nc", "203.0.113.9", "4444");
    assertThat(s.brief()).containsExactly("truth_without_intent high exec 1000");
  }
}
