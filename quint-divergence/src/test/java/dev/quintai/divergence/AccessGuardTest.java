package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.FileEvent.Access;
import dev.quintai.core.event.FileEvent.Op;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.platform.PlatformDetector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessGuardTest {

  private static final Origin TRACE = Origin.of("trace");
  private static final long SECOND = 1_000_000_000L;
  private static final String AWS = "/home/u/.aws/credentials";
  private static final ProcessId ROOT = new ProcessId(10, 1_000);

  private final AccessGuard guard =
      new AccessGuard(
          DivergenceSettings.DEFAULTS,
          PlatformDetector.defaults(),
          "claude-code",
          "/home/u/w",
          "/home/u");
  private long now = SECOND;
  private int pids = 100;

  AccessGuardTest() {
    exec(ROOT, "/usr/bin/node", "node", "/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js");
  }

  private void exec(ProcessId process, String exe, String... argv) {
    guard.accept(
        new ProcessExec(now, process, TRACE, 1, exe, List.of(argv), "/home/u/w", 1000, null, null));
  }

  private ProcessId child(String exe, String... argv) {
    return child(ROOT, exe, argv);
  }

  private ProcessId child(ProcessId parent, String exe, String... argv) {
    ProcessId child = new ProcessId(++pids, 2_000);
    guard.accept(new ProcessFork(now, parent, TRACE, child));
    exec(child, exe, argv);
    return child;
  }

  private void call(String id, String tool, Map<String, Object> arguments) {
    guard.accept(
        IntentEvent.builder(now, ROOT, tool)
            .toolUseId(id)
            .arguments(Arguments.of(arguments))
            .build());
  }

  private void bash(String id, String line) {
    call(id, "Bash", Map.of("command", line));
  }

  private boolean may(ProcessId process, Op op, Access access, String path, String newPath) {
    return guard.test(new FileEvent(now, process, TRACE, op, path, null, access, newPath, 1));
  }

  private boolean reads(ProcessId process, String path) {
    return may(process, Op.OPEN, Access.READ, path, null);
  }

  private boolean writes(ProcessId process, String path) {
    return may(process, Op.OPEN, Access.WRITE, path, null);
  }

  @Test
  void aSecretThatNobodyDeclaredIsRefusedAndAnythingElseIsNot() {
    ProcessId cat = child("/usr/bin/cat", "cat", AWS);
    assertThat(reads(cat, AWS)).isFalse();
    assertThat(reads(cat, "/home/u/w/notes")).isTrue();
    assertThat(reads(cat, "/home/u/.ssh/known_hosts")).isTrue();
    assertThat(reads(cat, "/home/u/.bashrc")).isTrue();
    assertThat(writes(cat, "/home/u/.bashrc")).isFalse();
    assertThat(reads(cat, "/home/u/w/.env")).isTrue();
    assertThat(reads(cat, "/home/u/other/.env")).isFalse();
    assertThat(reads(new ProcessId(999, 1), AWS)).as("of whom nothing is known").isFalse();
  }

  @Test
  void aDeclarationHoldsForItsProgramUntilItsResult() {
    bash("t1", "cat ~/.aws/credentials | head -1");
    ProcessId shell = child("/usr/bin/dash", "sh", "-c", "cat ~/.aws/credentials | head -1");
    assertThat(reads(child(shell, "/usr/bin/cat", "cat", AWS), AWS)).isTrue();
    assertThat(reads(child("/usr/bin/python3.11", "python3", "x.py"), AWS)).isFalse();
    assertThat(writes(child(shell, "/usr/bin/cat", "cat", AWS), AWS)).isFalse();
    guard.accept(new IntentResult(now, TRACE, "t1", false));
    assertThat(reads(child(shell, "/usr/bin/cat", "cat", AWS), AWS)).isFalse();
  }

  @Test
  void aRedirectionIsTheShells() {
    bash("t1", "echo x >> ~/.bashrc");
    assertThat(writes(child("/usr/bin/bash", "bash", "-c", "..."), "/home/u/.bashrc")).isTrue();
  }

  @Test
  void oneProgramMayHaveManyNames() {
    bash("t1", "cat ~/.aws/credentials; awk 1 ~/.netrc");
    assertThat(reads(child("/usr/bin/busybox", "cat", AWS), AWS)).isTrue();
    assertThat(reads(child("/usr/bin/mawk", "awk", "1"), "/home/u/.netrc")).isTrue();
    assertThat(reads(child("/tmp/evil", "cat", AWS), AWS)).as("a borrowed name").isFalse();
  }

  @Test
  void aFileToolIsTheAgentsOwn() {
    call("t1", "Read", Map.of("file_path", AWS));
    assertThat(reads(ROOT, AWS)).isTrue();
    assertThat(reads(child("/usr/bin/cat", "cat", AWS), AWS)).isFalse();
  }

  @Test
  void aFolderAPatternOrAWayOutDeclaresNoSecret() {
    bash("t1", "cat ~/.aws/* && tar cz ~/.aws && cat ../.aws/credentials");
    assertThat(reads(child("/usr/bin/cat", "cat"), AWS)).isFalse();
    assertThat(reads(child("/usr/bin/tar", "tar"), AWS)).isFalse();
  }

  @Test
  void aRefusedOrForgottenCallDeclaresNothing() {
    bash("t1", "cat " + AWS);
    guard.denied("t1");
    assertThat(reads(child("/usr/bin/cat", "cat", AWS), AWS)).isFalse();
    bash("t2", "cat " + AWS);
    now += 119 * SECOND;
    assertThat(reads(child("/usr/bin/cat", "cat", AWS), AWS)).isTrue();
    now += 2 * SECOND;
    assertThat(reads(child("/usr/bin/cat", "cat", AWS), AWS)).isFalse();
  }

  @Test
  void ownersReadTheirOwn() {
    assertThat(reads(child("/usr/bin/ssh", "ssh", "host"), "/home/u/.ssh/id_rsa")).isTrue();
    assertThat(reads(child("/usr/bin/ssh", "ssh", "host"), AWS)).isFalse();
    assertThat(reads(child("/tmp/ssh", "ssh"), "/home/u/.ssh/id_rsa")).isFalse();
    assertThat(reads(child("/home/u/w/ssh", "ssh"), "/home/u/.ssh/id_rsa")).isFalse();
    ProcessId npm = child("/usr/bin/node", "node", "/usr/bin/npm", "install");
    assertThat(reads(npm, "/home/u/.npmrc")).isTrue();
    ProcessId script = child(npm, "/usr/bin/node", "node", "postinstall.js");
    assertThat(reads(script, "/home/u/.npmrc")).isFalse();
  }

  @Test
  void theAgentsLoginIsTheAgents() {
    String login = "/home/u/.claude/.credentials.json";
    assertThat(reads(ROOT, login)).isTrue();
    assertThat(reads(ROOT, "/home/u/.codex/auth.json")).isFalse();
    assertThat(reads(child("/usr/bin/cat", "cat", login), login)).isFalse();
    assertThat(reads(child("/usr/bin/node", "node", "evil.js"), login)).isFalse();
    ProcessId fork = new ProcessId(++pids, 2_000);
    guard.accept(new ProcessFork(now, ROOT, TRACE, fork));
    assertThat(reads(fork, login)).isTrue();
    ProcessId codex = child("/usr/local/bin/codex", "codex", "exec");
    assertThat(reads(codex, "/home/u/.codex/auth.json")).as("a sub-agent's").isTrue();
  }

  @Test
  void aSecretIsNotMovedAwayNorReplaced() {
    ProcessId mv = child("/usr/bin/mv", "mv");
    assertThat(may(mv, Op.RENAME, null, AWS, "/home/u/w/x")).isFalse();
    assertThat(may(mv, Op.RENAME, null, "/home/u/.aws", "/home/u/w/x")).isFalse();
    assertThat(may(mv, Op.RENAME, null, "/home/u/w/x", AWS)).isFalse();
    assertThat(may(mv, Op.UNLINK, null, AWS, null)).isFalse();
    bash("t1", "mv " + AWS + " /home/u/w/x");
    assertThat(may(mv, Op.RENAME, null, AWS, "/home/u/w/x")).isTrue();
  }

  @Test
  void metadataServicesNeedADeclaration() {
    ProcessId curl = child("/usr/bin/curl", "curl");
    var contact = new NetworkConnect(now, curl, TRACE, "169.254.169.254", 80, null);
    assertThat(guard.test(contact)).isFalse();
    assertThat(guard.test(new NetworkConnect(now, curl, TRACE, "192.0.2.1", 80, null))).isTrue();
    bash("t1", "curl http://metadata.google.internal/computeMetadata/v1/");
    assertThat(guard.test(contact)).isTrue();
    ProcessId python = child("/usr/bin/python3", "python3", "x.py");
    assertThat(guard.test(new NetworkConnect(now, python, TRACE, "169.254.169.254", 80, null)))
        .isFalse();
  }

  @Test
  void ownEnvironmentAndUnixSocketsAreNoSecrets() {
    ProcessId java = child("/usr/bin/java", "java");
    assertThat(reads(java, "/proc/" + java.pid() + "/environ")).isTrue();
    assertThat(reads(java, "/proc/1/environ")).isFalse();
    assertThat(guard.test(new LocalConnect(now, java, TRACE, "/run/docker.sock"))).isTrue();
  }
}
