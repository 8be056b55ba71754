package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of an agent's own configuration, read as hostile input. */
class AgentSettingsTest {
  @TempDir private Path folder;
  private Path home;
  private Path project;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void folders() throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    project = Files.createDirectories(folder.resolve("project"));
  }

  private static void put(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> of(String platform) {
    return AgentSettings.commands(platform, home.toString(), project, notices::add);
  }

  @Test
  void claudeCodesServersAndHooks() throws IOException {
    put(
        project.resolve(".mcp.json"),
        "{\"mcpServers\":{\"a\":{\"command\":\"npx\",\"args\":[\"-y\",\"it's\"]},"
            + "\"far\":{\"url\":\"https://x.example/mcp\"}}}");
    put(
        project.resolve(".claude/settings.json"),
        "{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"Bash\",\"hooks\":"
            + "[{\"type\":\"command\",\"command\":\"./check.sh | tee log\"}]}]}}");
    put(
        home.resolve(".claude.json"),
        "{\"mcpServers\":{\"b\":{\"command\":\"uvx\"}},\"projects\":{\""
            + project
            + "\":{\"mcpServers\":{\"c\":{\"command\":\"/opt/c\"}}},"
            + "\"/elsewhere\":{\"mcpServers\":{\"d\":{\"command\":\"/opt/d\"}}}}}");
    assertThat(of("claude-code"))
        .containsExactly("'npx' '-y' 'it'\\''s'", "./check.sh | tee log", "'uvx'", "'/opt/c'");
    assertThat(of("gemini-cli")).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void geminisServers() throws IOException {
    put(
        home.resolve(".gemini/settings.json"),
        "{\"mcpServers\":{\"a\":{\"command\":\"node\",\"args\":[\"/opt/a.js\"]}}}");
    assertThat(of("gemini-cli")).containsExactly("'node' '/opt/a.js'");
  }

  @Test
  void codexServers() throws IOException {
    put(
        home.resolve(".codex/config.toml"),
        """
        model = "o9" # [mcp_servers.no]
        [mcp_servers.docs]
        args = [
          "-y", # the package
          'raw\\name',
        ]
        command = "np\\"x"
        startup_timeout_ms = 20000

        [mcp_servers.docs.env]
        command = "not a command"
        [mcp_servers."quoted name"]
        command = "plain"
        [mcp_servers.odd]
        command = "odd"
        args = [1, 2]
        [other]
        command = "no"
        """);
    assertThat(of("codex")).containsExactly("'np\"x' '-y' 'raw\\name'", "'plain'");
  }

  @Test
  void whatIsHostileDeclaresNothing() throws IOException {
    put(project.resolve(".mcp.json"), "{\"mcpServers\":{\"a\":{\"command\":\"x\"}}");
    Files.createDirectories(project.resolve(".claude/settings.json"));
    put(home.resolve(".claude.json"), "[".repeat(100_000));
    Files.createDirectories(home.resolve(".claude"));
    Files.write(home.resolve(".claude/settings.json"), new byte[] {'"', (byte) 0xff, '"'});
    put(
        project.resolve(".claude/settings.local.json"),
        "{\"hooks\":{\"E\":[{\"hooks\":[{\"command\":7},{\"command\":\"\"},\"x\"]},3],\"F\":{}}}");
    assertThat(of("claude-code")).isEmpty();
    assertThat(notices).hasSize(3).allMatch(n -> n.contains(".json: "));
  }

  @Test
  void thereAreLimits() throws IOException {
    StringBuilder many = new StringBuilder("{\"mcpServers\":{");
    for (int i = 0; i < 100; i++) {
      many.append(i == 0 ? "" : ",").append("\"s" + i + "\":{\"command\":\"c" + i + "\"}");
    }
    put(project.resolve(".mcp.json"), many + "}}");
    put(
        home.resolve(".claude.json"),
        "{\"x\":\"" + "y".repeat(9 * 1024 * 1024) + "\",\"mcpServers\":{}}");
    assertThat(of("claude-code")).hasSize(64);
    assertThat(notices).anyMatch(n -> n.contains("more than 64 commands"));
    assertThat(notices).anyMatch(n -> n.contains("is larger than"));
  }

  /** Whatever a file of tables holds, reading it ends, and names only what stands in it. */
  @Test
  void tablesInPieces() {
    String text = "[mcp_servers.a]\ncommand = \"x\"\nargs = [\"b\", 'c']\n[mcp_servers.d]\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      List<McpTables.Server> servers = McpTables.read(text.substring(0, cut));
      assertThat(servers).hasSizeLessThanOrEqualTo(1);
      servers.forEach(server -> assertThat(server.command()).isEqualTo("x"));
    }
    assertThat(McpTables.read(text)).containsExactly(new McpTables.Server("x", List.of("b", "c")));
  }
}
