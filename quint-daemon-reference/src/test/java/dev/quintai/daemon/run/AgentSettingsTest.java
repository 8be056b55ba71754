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

  private AgentSettings.Commands of(String platform) {
    return AgentSettings.commands(platform, home.toString(), project, notices::add);
  }

  private List<String> operators(String platform) {
    return of(platform).operators();
  }

  private List<String> projects(String platform) {
    return of(platform).projects();
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
    assertThat(operators("claude-code")).containsExactly("'uvx'", "'/opt/c'");
    assertThat(projects("claude-code"))
        .containsExactly("./check.sh | tee log", "'npx' '-y' 'it'\\''s'");
    assertThat(operators("gemini-cli")).isEmpty();
    assertThat(projects("gemini-cli")).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void geminisServers() throws IOException {
    put(
        home.resolve(".gemini/settings.json"),
        "{\"mcpServers\":{\"a\":{\"command\":\"node\",\"args\":[\"/opt/a.js\"]}}}");
    assertThat(operators("gemini-cli")).containsExactly("'node' '/opt/a.js'");
  }

  private static final String SERVER = "{\"mcpServers\":{\"a\":{\"command\":\"node\"}}}";
  private static final String HOOK =
      "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"command\":\"./stop.sh\"}]}]}%s}";

  private void claudeKnows(Path folder, String fields) throws IOException {
    put(home.resolve(".claude.json"), "{\"projects\":{\"" + folder + "\":{" + fields + "}}}");
  }

  /** What came with the project is the operator's only once they were asked and said yes. */
  @Test
  void claudeCodesProjectIsTheOperatorsOnceTrusted() throws IOException {
    put(project.resolve(".mcp.json"), SERVER);
    put(project.resolve(".claude/settings.json"), HOOK.formatted(""));
    claudeKnows(project, "\"enabledMcpjsonServers\":[\"a\"]");
    assertThat(operators("claude-code")).isEmpty();
    assertThat(projects("claude-code")).containsExactly("./stop.sh", "'node'");
    claudeKnows(project, "\"hasTrustDialogAccepted\":true");
    assertThat(operators("claude-code")).containsExactly("./stop.sh");
    assertThat(projects("claude-code")).containsExactly("'node'");
    claudeKnows(project, "\"hasTrustDialogAccepted\":true,\"enabledMcpjsonServers\":[\"a\"]");
    assertThat(operators("claude-code")).containsExactly("./stop.sh", "'node'");
    assertThat(projects("claude-code")).isEmpty();
    claudeKnows(folder, "\"hasTrustDialogAccepted\":true");
    put(
        project.resolve(".claude/settings.local.json"),
        HOOK.formatted(",\"enabledMcpjsonServers\":[\"a\"]"));
    assertThat(operators("claude-code")).containsExactly("./stop.sh", "'node'");
  }

  /** A project cannot vouch for itself, nor can a switch that asks nobody. */
  @Test
  void aProjectDoesNotApproveItself() throws IOException {
    put(project.resolve(".mcp.json"), SERVER);
    put(
        project.resolve(".claude/settings.local.json"),
        "{\"enableAllProjectMcpServers\":true,\"enabledMcpjsonServers\":[\"a\"],"
            + "\"hasTrustDialogAccepted\":true}");
    put(home.resolve(".claude/settings.json"), "{\"enableAllProjectMcpServers\":true}");
    claudeKnows(home.resolve("else"), "\"hasTrustDialogAccepted\":true");
    assertThat(operators("claude-code")).isEmpty();
    assertThat(projects("claude-code")).containsExactly("'node'");
  }

  @Test
  void trustedFolders() throws IOException {
    put(project.resolve(".qwen/settings.json"), SERVER);
    Path rules = home.resolve(".qwen/trustedFolders.json");
    assertThat(projects("qwen-code")).containsExactly("'node'");
    put(rules, "{\"" + project + "\":\"TRUST_FOLDER\"}");
    assertThat(operators("qwen-code")).containsExactly("'node'");
    assertThat(projects("qwen-code")).isEmpty();
    put(rules, "{\"" + home + "\":\"TRUST_PARENT\",\"\\u0000\":\"TRUST_FOLDER\",\"x\":7}");
    assertThat(operators("qwen-code")).containsExactly("'node'");
    put(rules, "{\"" + project + "\":\"DO_NOT_TRUST\",\"" + folder + "\":\"TRUST_FOLDER\"}");
    assertThat(operators("qwen-code")).isEmpty();
    put(rules, "{\"" + home + "\":\"TRUST_FOLDER\"}");
    assertThat(operators("qwen-code")).isEmpty();
    assertThat(operators("gemini-cli")).isEmpty();
  }

  @Test
  void codexTrustsProjectsByName() throws IOException {
    put(project.resolve(".codex/config.toml"), "[mcp_servers.a]\ncommand = \"x\"\n");
    put(project.resolve(".codex/hooks.json"), HOOK.formatted(""));
    Path own = home.resolve(".codex/config.toml");
    assertThat(projects("codex")).containsExactly("'x'", "./stop.sh");
    put(own, "[projects.\"" + project + "\"]\ntrust_level = \"trusted\"\n");
    assertThat(operators("codex")).containsExactly("'x'", "./stop.sh");
    assertThat(projects("codex")).isEmpty();
    put(
        own,
        "[projects.\""
            + folder
            + "\"]\ntrust_level = \"trusted\"\n"
            + "[projects.\""
            + project
            + "\"]\ntrust_level = \"untrusted\"\n");
    assertThat(operators("codex")).isEmpty();
    put(own, "x = \"\"\"\n[projects.\"" + project + "\"]\ntrust_level = \"trusted\"\n\"\"\"\n");
    assertThat(operators("codex")).isEmpty();
  }

  @Test
  void openCodesServers() throws IOException {
    String settings = "{\"mcp\":{\"a\":{\"type\":\"local\",\"command\":[\"%s\",\"-x\"]}}}";
    put(home.resolve(".config/opencode/opencode.json"), settings.formatted("own"));
    put(project.resolve("opencode.json"), settings.formatted("theirs"));
    assertThat(operators("opencode")).containsExactly("'own' '-x'");
    assertThat(projects("opencode")).containsExactly("'theirs' '-x'");
  }

  /** A command that both name is the operator's. */
  @Test
  void theOperatorsWordCounts() throws IOException {
    put(home.resolve(".claude.json"), SERVER);
    put(project.resolve(".mcp.json"), SERVER);
    assertThat(operators("claude-code")).containsExactly("'node'");
    assertThat(projects("claude-code")).isEmpty();
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
    assertThat(operators("codex")).containsExactly("'np\"x' '-y' 'raw\\name'", "'plain'");
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
    assertThat(operators("claude-code")).isEmpty();
    notices.clear();
    assertThat(projects("claude-code")).isEmpty();
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
    assertThat(projects("claude-code")).hasSize(64);
    assertThat(notices).anyMatch(n -> n.contains("more than 64 commands"));
    assertThat(notices).anyMatch(n -> n.contains("is larger than"));
  }

  /** Whatever a file of tables holds, reading it ends, and names only what stands in it. */
  @Test
  void tablesInPieces() {
    String text = "[mcp_servers.a]\ncommand = \"x\"\nargs = [\"b\", 'c']\n[mcp_servers.d]\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      List<CodexTables.Server> servers = CodexTables.servers(text.substring(0, cut));
      assertThat(servers).hasSizeLessThanOrEqualTo(1);
      servers.forEach(server -> assertThat(server.command()).isEqualTo("x"));
    }
    assertThat(CodexTables.servers(text))
        .containsExactly(new CodexTables.Server("x", List.of("b", "c")));
  }
}
