package dev.quintai.daemon.e2e;

import static dev.quintai.daemon.e2e.WireFormat.map;

import dev.quintai.daemon.events.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The agents that {@code .ci/npm-agents} installs, and how each of them is started without a person
 * and calls its tools. All of them talk to a {@link ScriptedProvider} and know no account.
 */
public enum NpmAgent {
  PI("pi", "pi", "@mariozechner/pi-coding-agent", "pi", AnthropicFormat::new) {
    @Override
    List<String> arguments(String task) {
      return List.of("--provider", "anthropic", "--model", "claude-sonnet-4-5", "-p", task);
    }

    @Override
    public Step.Call shell(String line) {
      return call("bash", "command", line);
    }

    @Override
    public Step.Call read(Path file) {
      return call("read", "path", file.toString());
    }

    @Override
    public Step.Call write(Path file, String text) {
      return call("write", "path", file.toString(), "content", text);
    }

    @Override
    public Step.Call edit(Path file, String from, String to) {
      return call(
          "edit", "path", file.toString(), "edits", List.of(map("oldText", from, "newText", to)));
    }

    @Override
    public void prepare(Path home, Map<String, String> environment) {
      environment.put("ANTHROPIC_API_KEY", "sk-ant-none");
    }
  },

  GEMINI("gemini", "gemini-cli", "@google/gemini-cli", "gemini", GeminiFormat::new) {
    @Override
    List<String> arguments(String task) {
      return List.of("--yolo", "-m", "gemini-2.5-flash", "-p", task);
    }

    @Override
    public Step.Call shell(String line) {
      return call("run_shell_command", "command", line, "description", "as asked");
    }

    @Override
    public Step.Call read(Path file) {
      return call("read_file", "file_path", file.toString());
    }

    @Override
    public Step.Call write(Path file, String text) {
      return call("write_file", "file_path", file.toString(), "content", text);
    }

    @Override
    public Step.Call edit(Path file, String from, String to) {
      return call(
          "replace",
          "file_path",
          file.toString(),
          "instruction",
          "Change the text.",
          "old_string",
          from,
          "new_string",
          to);
    }

    @Override
    public void prepare(Path home, Map<String, String> environment) throws IOException {
      environment.put("GEMINI_API_KEY", "none");
      environment.put("GEMINI_CLI_TRUST_WORKSPACE", "true");
      settle(
          home.resolve(".gemini/settings.json"),
          """
          {"security":{"auth":{"selectedType":"gemini-api-key"}},
           "privacy":{"usageStatisticsEnabled":false},"telemetry":{"enabled":false},
           "general":{"enableAutoUpdate":false,"enableAutoUpdateNotification":false}}
          """);
    }
  },

  CODEX("codex", "codex", "@openai/codex", "codex", ResponsesFormat::new) {
    @Override
    List<String> arguments(String task) {
      return List.of(
          "exec",
          "--skip-git-repo-check",
          "--dangerously-bypass-approvals-and-sandbox",
          "-m",
          "gpt-5.5", // one it knows, else it offers no patches
          task);
    }

    @Override
    public Step.Call shell(String line) {
      return call("exec_command", "cmd", line);
    }

    @Override
    public Step.Call read(Path file) {
      return shell("cat " + file);
    }

    @Override
    public Step.Call write(Path file, String text) {
      StringBuilder patch = new StringBuilder("*** Begin Patch\n*** Add File: " + file + "\n");
      text.lines().forEach(line -> patch.append('+').append(line).append('\n'));
      return call("apply_patch", "input", patch + "*** End Patch");
    }

    @Override
    public Step.Call edit(Path file, String from, String to) {
      StringBuilder patch =
          new StringBuilder("*** Begin Patch\n*** Update File: " + file + "\n@@\n");
      from.lines().forEach(line -> patch.append('-').append(line).append('\n'));
      to.lines().forEach(line -> patch.append('+').append(line).append('\n'));
      return call("apply_patch", "input", patch + "*** End Patch");
    }

    @Override
    public void prepare(Path home, Map<String, String> environment) throws IOException {
      environment.put("CODEX_API_KEY", "sk-none");
      Files.createDirectories(home.resolve(".codex"));
    }
  },

  CLAUDE("claude", "claude-code", "@anthropic-ai/claude-code", "claude", AnthropicFormat::new) {
    @Override
    List<String> arguments(String task) {
      return List.of("--dangerously-skip-permissions", "-p", task);
    }

    @Override
    public Step.Call shell(String line) {
      return call("Bash", "command", line, "description", "As asked");
    }

    @Override
    public Step.Call read(Path file) {
      return call("Read", "file_path", file.toString());
    }

    @Override
    public Step.Call write(Path file, String text) {
      return call("Write", "file_path", file.toString(), "content", text);
    }

    @Override
    public Step.Call edit(Path file, String from, String to) {
      return call("Edit", "file_path", file.toString(), "old_string", from, "new_string", to);
    }

    @Override
    public void prepare(Path home, Map<String, String> environment) {
      environment.put("ANTHROPIC_API_KEY", "sk-ant-none");
      environment.put("IS_SANDBOX", "1"); // else it refuses the superuser
    }
  },

  OPENCODE("opencode", "opencode", "opencode-ai", "opencode", AnthropicFormat::new) {
    @Override
    List<String> arguments(String task) {
      return List.of("run", "--auto", "-m", "anthropic/claude-sonnet-4-5", task);
    }

    @Override
    public Step.Call shell(String line) {
      return call("bash", "command", line, "description", "As asked");
    }

    @Override
    public Step.Call read(Path file) {
      return call("read", "filePath", file.toString());
    }

    @Override
    public Step.Call write(Path file, String text) {
      return call("write", "filePath", file.toString(), "content", text);
    }

    @Override
    public Step.Call edit(Path file, String from, String to) {
      return call("edit", "filePath", file.toString(), "oldString", from, "newString", to);
    }

    @Override
    public void prepare(Path home, Map<String, String> environment) {
      environment.put("ANTHROPIC_API_KEY", "sk-ant-none");
      environment.put("OPENCODE_DISABLE_AUTOUPDATE", "1");
    }
  },

  QWEN("qwen", "qwen-code", "@qwen-code/qwen-code", "qwen", ChatFormat::new) {
    @Override
    List<String> arguments(String task) {
      return List.of("--yolo", "--auth-type", "openai", "-m", "qwen3-coder-plus", "-p", task);
    }

    @Override
    public Step.Call shell(String line) {
      return call("run_shell_command", "command", line, "is_background", false);
    }

    @Override
    public Step.Call read(Path file) {
      return call("read_file", "file_path", file.toString());
    }

    @Override
    public Step.Call write(Path file, String text) {
      return call("write_file", "file_path", file.toString(), "content", text);
    }

    @Override
    public Step.Call edit(Path file, String from, String to) {
      return call("edit", "file_path", file.toString(), "old_string", from, "new_string", to);
    }

    @Override
    public void prepare(Path home, Map<String, String> environment) throws IOException {
      environment.put("OPENAI_API_KEY", "sk-none");
      environment.put("OPENAI_BASE_URL", "https://dashscope.aliyuncs.com/compatible-mode/v1");
      settle(
          home.resolve(".qwen/settings.json"),
          """
          {"security":{"auth":{"selectedType":"openai"}},
           "privacy":{"usageStatisticsEnabled":false},"telemetry":{"enabled":false},
           "general":{"disableAutoUpdate":true,"disableUpdateNag":true}}
          """);
    }
  };

  private final String folder;
  private final String platform;
  private final String npmPackage;
  private final String program;
  final Supplier<WireFormat> format;

  NpmAgent(
      String folder,
      String platform,
      String npmPackage,
      String program,
      Supplier<WireFormat> format) {
    this.folder = folder;
    this.platform = platform;
    this.npmPackage = npmPackage;
    this.program = program;
    this.format = format;
  }

  abstract List<String> arguments(String task);

  /** The call that runs a line in a shell. */
  public abstract Step.Call shell(String line);

  /** The call that reads a file. */
  public abstract Step.Call read(Path file);

  /** The call that makes a file. */
  public abstract Step.Call write(Path file, String text);

  /** The call that replaces a text in a file. */
  public abstract Step.Call edit(Path file, String from, String to);

  /** Lays out what the agent needs before its first start: settings and a key that is none. */
  public abstract void prepare(Path home, Map<String, String> environment) throws IOException;

  /** How its model speaks. */
  public WireFormat wireFormat() {
    return format.get();
  }

  /** What Quint knows it as. */
  public String platform() {
    return platform;
  }

  /** Its name on the command line and in file names. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The executable below the folder in which the agents were installed. */
  public Path program(Path agents) {
    return agents.resolve(folder).resolve("node_modules/.bin").resolve(program);
  }

  /** The whole command line. */
  public List<String> command(Path agents, String task) {
    List<String> command = new ArrayList<>(List.of(program(agents).toString()));
    command.addAll(arguments(task));
    return command;
  }

  /** The installed version. */
  public String version(Path agents) throws IOException {
    Path manifest =
        agents.resolve(folder).resolve("node_modules").resolve(npmPackage).resolve("package.json");
    return (String) ((Map<?, ?>) JsonTree.read(Files.readString(manifest))).get("version");
  }

  private static Step.Call call(String tool, Object... arguments) {
    return new Step.Call(tool, map(arguments));
  }

  private static void settle(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
