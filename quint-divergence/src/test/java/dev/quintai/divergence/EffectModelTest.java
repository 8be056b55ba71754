package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectModelTest {

  private static DeclaredEffects effects(String tool, Arguments arguments) {
    return EffectModel.defaults()
        .effects(
            IntentEvent.builder(0, ProcessId.ofPid(1), tool).arguments(arguments).build(),
            "/w",
            "/home/ann");
  }

  private static DeclaredEffects effects(String tool, Map<String, Object> arguments) {
    return effects(tool, Arguments.of(arguments));
  }

  private static List<String> files(DeclaredEffects effects) {
    return effects.files().stream()
        .map(f -> f.access().name().charAt(0) + " " + f.path() + (f.tree() ? "/**" : ""))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "Read, file_path, R /w/a",
    "read_file, file_path, R /w/a",
    "read_file, path, R /w/a",
    "read_file, absolute_path, R /w/a",
    "read_file, target_file, R /w/a",
    "read_file, filePath, R /w/a",
    "read, path, R /w/a",
    "view_file, AbsolutePath, R /w/a",
    "builtin_read_file, filepath, R /w/a",
    "Write, file_path, W /w/a",
    "write_file, file_path, W /w/a",
    "write_to_file, path, W /w/a",
    "create_file, filePath, W /w/a",
    "delete_file, target_file, D /w/a",
    "view_image, path, R /w/a",
    "functions.read, path, R /w/a",
    "custom_read_file, path, R /w/a",
    "fileDelete, path, D /w/a",
    "save-file, path, W /w/a",
  })
  void fileTools(String tool, String argument, String expected) {
    assertThat(files(effects(tool, Map.of(argument, "a")))).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Edit, file_path",
    "MultiEdit, file_path",
    "NotebookEdit, notebook_path",
    "edit, path",
    "replace, file_path",
    "replace_in_file, path",
    "search_replace, file_path",
    "edit_file, target_file",
    "apply_diff, path",
    "replace_string_in_file, filePath",
    "replace_file_content, TargetFile",
    "builtin_edit_existing_file, filepath",
    "file_update, path",
  })
  void editTools(String tool, String argument) {
    assertThat(files(effects(tool, Map.of(argument, "/w/a")))).containsExactly("R /w/a", "W /w/a");
  }

  @ParameterizedTest
  @CsvSource({
    "Bash, command",
    "bash, command",
    "run_shell_command, command",
    "shell, command",
    "shell_command, command",
    "exec_command, cmd",
    "execute_command, command",
    "run_terminal_cmd, command",
    "run_in_terminal, command",
    "run_command, CommandLine",
    "builtin_run_terminal_command, command",
    "developer__shell, command",
    "my_terminal_run, cmd",
  })
  void shellTools(String tool, String argument) {
    DeclaredEffects effects = effects(tool, Map.of(argument, "ls -la"));
    assertThat(effects.line().text()).isEqualTo("ls -la");
    assertThat(effects.declares(ActClass.EXEC)).isTrue();
  }

  @Test
  void argumentVectors() {
    assertThat(effects("shell", Map.of("command", List.of("bash", "-lc", "a | b"))).line().text())
        .isEqualTo("a | b");
    assertThat(effects("shell", Map.of("command", List.of("ls", "a b"))).line().text())
        .isEqualTo("ls 'a b'");
    assertThat(
            effects("local_shell", Map.of("action", Map.of("command", List.of("sh", "-c", "x"))))
                .line()
                .text())
        .isEqualTo("x");
    assertThat(effects("shell", Map.of("command", "cat x", "workdir", "/v")).line().cwd())
        .isEqualTo("/v");
    assertThat(effects("run_shell_command", Map.of("command", "x", "dir_path", "sub")).line().cwd())
        .isEqualTo("/w/sub");
  }

  @ParameterizedTest
  @CsvSource({
    "TodoWrite",
    "update_plan",
    "WebSearch",
    "google_web_search",
    "Task",
    "BashOutput",
    "attempt_completion",
    "web_search",
  })
  void toolsWithoutEffects(String tool) {
    DeclaredEffects effects = effects(tool, Map.of("command", "x", "path", "y"));
    assertThat(effects.kind()).isEqualTo(DeclaredEffects.Kind.NONE);
    assertThat(effects.expected()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"mcp__fs__read_file", "use_mcp_tool", "github__create_file", "frobnicate", "Skill"})
  void toolsThatNobodyKnows(String tool) {
    assertThat(effects(tool, Map.of("path", "/w/a")).kind())
        .isEqualTo(DeclaredEffects.Kind.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"Grep, path", "glob, path", "list_directory, dir_path", "ls, path", "grep, path"})
  void searchesMayBeAnsweredFromMemory(String tool, String argument) {
    DeclaredEffects effects = effects(tool, Map.of("pattern", "x", argument, "src"));
    assertThat(files(effects)).containsExactly("R /w/src/**");
    assertThat(effects.expected()).isFalse();
  }

  @Test
  void fetches() {
    DeclaredEffects effects = effects("WebFetch", Map.of("url", "https://Example.org:8443/a"));
    assertThat(effects.hosts()).containsExactly("example.org");
    assertThat(effects.expected()).isTrue();
    assertThat(effects("web_fetch", Map.of("prompt", "sum up https://a.example/x please")).hosts())
        .containsExactly("a.example");
    assertThat(effects("fetch_webpage", Map.of("urls", List.of("http://a", "http://b"))).hosts())
        .containsExactly("a", "b");
  }

  @Test
  void patches() {
    String patch =
        "*** Begin Patch\n*** Update File: a.txt\n@@\n-x\n+y\n*** Add File: b.txt\n+z\n"
            + "*** Delete File: c.txt\n*** Update File: d.txt\n*** Move to: e.txt\n*** End Patch";
    assertThat(files(effects("apply_patch", Arguments.ofText(patch))))
        .contains(
            "R /w/a.txt", "W /w/a.txt", "W /w/b.txt", "D /w/c.txt", "W /w/e.txt", "D /w/d.txt");
    assertThat(files(effects("apply_patch", Map.of("input", patch)))).hasSize(9);
    String diff =
        """
        diff --git a/x b/x
        --- a/x
        +++ b/x
        @@ -1 +1 @@
        --- a/old
        +++ /dev/null
        --- /dev/null
        +++ b/new	2026-01-01
        """;
    assertThat(files(effects("patch", Map.of("patch", diff))))
        .containsExactly("R /w/x", "W /w/x", "R /w/old", "D /w/old", "W /w/new");
    assertThat(
            files(effects("shell", Map.of("command", "apply_patch <<'EOF'\n" + patch + "\nEOF"))))
        .contains("W /w/b.txt");
  }

  @Test
  void pathsInEveryForm() {
    assertThat(files(effects("Read", Map.of("file_path", "~/x/../y"))))
        .containsExactly("R /home/ann/y");
    assertThat(files(effects("Read", Map.of("file_path", "@src/a.ts"))))
        .containsExactly("R /w/src/a.ts");
    assertThat(files(effects("read_many_files", Map.of("paths", List.of("a", "src/**/*.ts")))))
        .containsExactly("R /w/a", "R /w/src/**");
    assertThat(effects("Read", Map.of("file_path", "../../etc/x")).files().get(0).escapes())
        .isTrue();
    assertThat(
            files(
                effects("str_replace_based_edit_tool", Map.of("command", "view", "path", "/w/a"))))
        .containsExactly("R /w/a");
    assertThat(effects("Read", Map.of()).kind()).isEqualTo(DeclaredEffects.Kind.UNKNOWN);
  }

  @Test
  void embeddersAddTools() {
    EffectModel model = EffectModel.builder().tool(ToolKind.READ, "peek").build();
    IntentEvent intent =
        IntentEvent.builder(0, ProcessId.ofPid(1), "PEEK")
            .arguments(Arguments.of(Map.of("file", "/x")))
            .build();
    assertThat(files(model.effects(intent, "/w", null))).containsExactly("R /x");
  }
}
