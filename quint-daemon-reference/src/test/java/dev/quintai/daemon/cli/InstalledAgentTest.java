package dev.quintai.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.divergence.Housekeeping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstalledAgentTest {

  @TempDir Path folder;

  /** Installs codex as npm does: a link to a script of a package. */
  private List<InstalledAgent> installed(String manifest) throws IOException {
    Path script = folder.resolve("lib/node_modules/@openai/codex/bin/codex.js");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(script.resolve("../../package.json").normalize(), manifest);
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("codex"), script);
    return InstalledAgent.onPath("/nowhere:" + bin);
  }

  @Test
  void aNewerAgentIsAStaleList() throws IOException {
    List<InstalledAgent> agents = installed("{\"name\":\"@openai/codex\",\"version\":\"99.0.1\"}");
    assertThat(agents).hasSize(1);
    assertThat(agents.get(0).unknown()).isTrue();
    assertThat(agents.get(0).says())
        .contains("codex 99.0.1 is newer than")
        .contains("reported")
        .contains("Quint is updated");
  }

  @Test
  void anOlderAgentMayDoWhatTheListDoesNotKnowEither() throws IOException {
    List<InstalledAgent> agents = installed("{\"name\":\"@openai/codex\",\"version\":\"0.1.0\"}");
    assertThat(agents.get(0).unknown()).isTrue();
    assertThat(agents.get(0).says())
        .startsWith("codex 0.1.0 is older than the housekeeping list")
        .contains("observed of " + agents.get(0).known().version())
        .contains("until the agent is updated");
  }

  @Test
  void theObservedVersionIsKnown() throws IOException {
    String version =
        Housekeeping.observed().stream()
            .filter(known -> known.platform().equals("codex"))
            .findFirst()
            .orElseThrow()
            .version();
    List<InstalledAgent> agents = installed("{\"version\":\"" + version + "\"}");
    assertThat(agents.get(0).unknown()).isFalse();
    assertThat(agents.get(0).says()).startsWith("codex " + version + " is the version");
  }

  @Test
  void aBrokenManifestIsAnUnknownVersion() throws IOException {
    List<InstalledAgent> agents = installed("{");
    assertThat(agents.get(0).unknown()).isTrue();
    assertThat(agents.get(0).says())
        .contains("its files do not tell")
        .contains("housekeeping list");
  }

  @Test
  void anInstallerThatNamesTheFileByItsVersion() throws IOException {
    Path program = folder.resolve("versions/99.0.0");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(folder.resolve("claude"), program);
    assertThat(InstalledAgent.onPath(folder.toString()))
        .singleElement()
        .satisfies(agent -> assertThat(agent.version()).isEqualTo("99.0.0"))
        .satisfies(agent -> assertThat(agent.unknown()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3,1.2.3,0",
    "1.2.4,1.2.3,1",
    "1.10.0,1.9.9,1",
    "1.2,1.2.1,-1",
    "2.0.0-beta.1,2.0.0,0",
    "1.2.3+build,1.2.3,0",
    "x,1,-1",
  })
  void versionsAreComparedByNumber(String one, String other, int order) {
    assertThat(Integer.signum(InstalledAgent.compare(one, other))).isEqualTo(order);
  }
}
