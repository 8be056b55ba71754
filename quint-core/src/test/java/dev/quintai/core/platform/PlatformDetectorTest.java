package dev.quintai.core.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.platform.Platform.Category;
import dev.quintai.core.platform.Platform.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformDetectorTest {
  private static final PlatformDetector DETECTOR = PlatformDetector.defaults();

  private static Platform detect(String exe, String... argv) {
    return DETECTOR.detect(exe, List.of(argv), null, null).orElse(null);
  }

  private static String id(String exe, String commandLine) {
    Platform platform = detect(exe, commandLine.split(" "));
    return platform == null ? null : platform.id();
  }

  @Test
  void knowsAtLeastTwentyOnePlatformsAndCitesEach() {
    assertThat(DETECTOR.platforms())
        .hasSizeGreaterThanOrEqualTo(21)
        .contains(
            "claude-code",
            "cursor",
            "copilot",
            "codex",
            "gemini-cli",
            "opencode",
            "qwen-code",
            "cline",
            "continue",
            "pi",
            "windsurf",
            "aider",
            "goose",
            "amp",
            "amazon-q",
            "kiro",
            "crush",
            "roo-code",
            "zed",
            "jetbrains-junie",
            "openhands",
            "droid",
            "warp",
            "auggie",
            "trae");
    assertThat(PlatformDetector.defaultSignatures())
        .allSatisfy(s -> assertThat(s.source()).isNotBlank());
  }

  @ParameterizedTest
  @CsvSource({
    "/home/dev/.local/share/claude/versions/2.1.4/claude, claude -p hi, claude-code",
    "/home/dev/.local/share/claude/versions/2.1.4, claude, claude-code",
    "/usr/bin/node, node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js, claude-code",
    "/x/node_modules/@anthropic-ai/claude-code/bin/claude.exe, claude, claude-code",
    "/x/node_modules/@anthropic-ai/claude-code-linux-x64/claude, claude, claude-code",
    "/usr/bin/node, claude, claude-code",
    "/usr/bin/node, node /root/pi/node_modules/.bin/pi --provider anthropic, pi",
    "/usr/bin/node, node /x/node_modules/@mariozechner/pi-coding-agent/dist/cli.js, pi",
    "/usr/local/bin/node, node /usr/local/bin/pi, pi",
    "/opt/homebrew/Cellar/node/24.1.0/bin/node, node /opt/homebrew/bin/pi -p x, pi",
    "/home/a/.nvm/versions/node/v22.1.0/bin/node, node /home/a/.nvm/versions/node/v22.1.0/bin/pi, pi",
    "/usr/bin/node, pi, pi",
    "/usr/bin/node, node --max-old-space-size=12052 /x/node_modules/.bin/gemini --yolo, gemini-cli",
    "/usr/bin/node, node --no-warnings=DEP0040 /usr/local/bin/gemini, gemini-cli",
    "/opt/homebrew/bin/node, node -r ./hook.js /opt/homebrew/bin/gemini, gemini-cli",
    "/usr/lib/node_modules/@openai/codex/vendor/x86_64-unknown-linux-musl/codex/codex, codex, codex",
    "/usr/bin/node, node /usr/lib/node_modules/@openai/codex/bin/codex.js exec, codex",
    "/x/node_modules/opencode-linux-x64/bin/opencode, opencode run hi, opencode",
    "/home/dev/.opencode/bin/opencode, opencode, opencode",
    "/usr/bin/node, node /x/node_modules/.pnpm/@qwen-code+qwen-code@0.24.4/node_modules/@qwen-code/qwen-code/cli.js, qwen-code",
    "/home/dev/.bun/bin/bun, bun run /x/node_modules/@augmentcode/auggie/augment.mjs, auggie",
    "/usr/bin/deno, deno run -A /x/node_modules/@continuedev/cli/dist/cn.js, continue",
    "/usr/bin/python3.12, /home/a/.local/share/pipx/venvs/aider-chat/bin/python /home/a/.local/bin/aider --model x, aider",
    "/usr/bin/python3, python3 -m aider, aider",
    "/usr/bin/python3, python3 -X dev -m openhands_cli.entrypoint, openhands",
    "/home/a/.local/bin/goose, goose session, goose",
    "/home/a/.local/bin/droid, droid exec, droid",
    "/home/a/.local/bin/kiro-cli-chat, kiro-cli-chat chat, kiro",
    "/home/a/.local/share/cursor-agent/versions/2026.05.28/node, node /home/a/.local/share/cursor-agent/versions/2026.05.28/index.js, cursor",
    "/Applications/Cursor.app/Contents/MacOS/Cursor, Cursor, cursor",
    "/tmp/.mount_CursorXyz/usr/share/cursor/cursor, cursor --no-sandbox, cursor",
    "/Applications/Zed.app/Contents/MacOS/zed, zed, zed",
    "/home/a/.local/zed.app/libexec/zed-editor, zed-editor, zed",
    "/usr/bin/node, node /home/a/.vscode/extensions/saoudrizwan.claude-dev-3.1.0/dist/server.js, cline",
    "/usr/local/bin/claude, claude, claude-code",
    "/opt/CLAUDE, CLAUDE, claude-code",
  })
  void recognisesAgentsAsTheyAreStarted(String exe, String commandLine, String expected) {
    assertThat(id(exe, commandLine)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/home/dev/bin/pi, pi",
    "/usr/bin/python3, python3 pi.py",
    "/usr/bin/node, node /home/dev/project/pi",
    "/usr/bin/node, node ./pi",
    "/usr/bin/node, node",
    "/usr/bin/node, node server.js",
    "/usr/bin/node, node -e require('@anthropic-ai/claude-code/cli.js')",
    "/usr/bin/node, node /x/node_modules/@anthropic-ai/claude-code/node_modules/sharp/install.js",
    "/x/node_modules/@anthropic-ai/claude-code/vendor/ripgrep/x64-linux/rg, rg foo",
    "/home/a/.local/share/cursor-agent/versions/2026.05.28/rg, rg foo",
    "/usr/bin/vim, vim /x/node_modules/@openai/codex/bin/codex.js",
    "/usr/bin/cat, cat claude",
    "/usr/local/bin/goose, goose up",
    "/usr/bin/copilot, copilot deploy",
    "/usr/bin/q, q chat",
    "/usr/bin/python3, python3 -m pip install aider-chat",
    "/usr/bin/python3, python3 -c import_aider",
    "/Applications/Gemini.app/Contents/MacOS/Gemini, Gemini",
    "/usr/share/code/code, code .",
    "/bin/bash, bash -c claude",
    "/Applications/Cursor.app/Contents/Frameworks/Cursor Helper.app/Contents/MacOS/Cursor Helper, x",
  })
  void leavesOtherProgramsAlone(String exe, String commandLine) {
    assertThat(id(exe, commandLine)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--type=renderer", "--type=zygote", "--type=utility"})
  void partsOfAnApplicationAreNotAgents(String type) {
    assertThat(detect("/usr/share/cursor/cursor", "cursor", type)).isNull();
    assertThat(detect("/usr/share/cursor/cursor", "cursor")).isNotNull();
  }

  @Test
  void theDesktopApplicationOfTheSameNameIsAnotherPlatform() {
    assertThat(id("/Applications/Claude.app/Contents/MacOS/Claude", "Claude"))
        .isEqualTo("claude-desktop");
  }

  @Test
  void aCodeSignatureCountsMoreThanNames() {
    assertThat(
            DETECTOR.detect(
                "/opt/renamed", List.of("renamed"), "Q6L2SF6YDW", "com.anthropic.claude-code"))
        .contains(new Platform("claude-code", Category.CLI, Layer.CODE_SIGNING));
    assertThat(
            DETECTOR.detect(
                "/opt/claude", List.of("claude"), "VDXQ22DGB9", "com.todesktop.230313mzl4w4u92"))
        .map(Platform::id)
        .contains("cursor");
    assertThat(DETECTOR.detect("/opt/x", List.of("x"), "AAAAAAAAAA", "com.anthropic.claude-code"))
        .as("the right identifier of the wrong team")
        .isEmpty();
    assertThat(DETECTOR.detect("/opt/x", List.of("x"), null, "codex")).isEmpty();
  }

  @Test
  void tellsWhatGaveTheAgentAway() {
    assertThat(detect("/usr/bin/claude", "claude").layer()).isEqualTo(Layer.PROCESS_NAME);
    assertThat(detect("/usr/bin/node", "node", "/x/node_modules/.bin/pi").layer())
        .isEqualTo(Layer.PATH);
  }

  @Test
  void worksWithoutArgumentsOrProgram() {
    assertThat(DETECTOR.detect("/usr/bin/codex", List.of(), null, null)).isPresent();
    assertThat(DETECTOR.detect(null, List.of("codex"), null, null)).isPresent();
    assertThat(DETECTOR.detect(null, List.of(), null, null)).isEmpty();
    assertThat(DETECTOR.detect("", List.of(""), null, null)).isEmpty();
    assertThat(DETECTOR.detect("/usr/bin/node", List.of("node", "-r"), null, null)).isEmpty();
    assertThat(DETECTOR.detect("/usr/bin/python3", List.of("python3", "-m"), null, null)).isEmpty();
    assertThat(DETECTOR.detect("/a/node_modules/", List.of("x"), null, null)).isEmpty();
    assertThat(DETECTOR.detect("/a/node_modules/@x", List.of("x"), null, null)).isEmpty();
  }

  @Test
  void isThePlatformRuleOfTheTracker() {
    ProcessExec exec =
        new ProcessExec(
            1,
            ProcessId.ofPid(7),
            Origin.UNKNOWN,
            1,
            "/usr/bin/codex",
            List.of("codex"),
            "/w",
            501,
            null,
            null);
    assertThat(DETECTOR.platformOf(exec)).isEqualTo("codex");
  }

  @Test
  void canBeExtended() {
    PlatformSignature own =
        PlatformSignature.builder("house-agent", Category.CLI, "intranet")
            .program("claude")
            .path("/opt/house/**")
            .build();
    List<PlatformSignature> all = new java.util.ArrayList<>(List.of(own));
    all.addAll(PlatformDetector.defaultSignatures());
    PlatformDetector detector = new PlatformDetector(all);
    assertThat(detector.detect("/bin/claude", List.of("claude"), null, null))
        .map(Platform::id)
        .contains("house-agent");
    assertThat(detector.detect("/opt/house/a/b", List.of("b"), null, null)).isPresent();
    assertThatThrownBy(() -> PlatformSignature.builder("x", Category.CLI, "x").path("opt"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                PlatformSignature.builder("x", Category.CLI, "x").signed("A", "b").signed("C", "d"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aToolThatTheAgentsProgramHoldsIsNoAgent() {
    String exe = "/opt/node_modules/@anthropic-ai/claude-code/bin/claude.exe";
    assertThat(DETECTOR.detect(exe, List.of("claude", "-p", "x"), null, null)).isPresent();
    assertThat(DETECTOR.detect(exe, List.of("bfs", "-S", "dfs", "."), null, null)).isEmpty();
    assertThat(DETECTOR.detect(exe, List.of("rg", "x"), "Q6L2SF6YDW", "com.anthropic.claude-code"))
        .isEmpty();
  }
}
