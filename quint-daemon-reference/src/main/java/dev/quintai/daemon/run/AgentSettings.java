package dev.quintai.daemon.run;

import dev.quintai.daemon.events.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The commands that an agent's own configuration names: MCP servers and hooks, which it starts by
 * itself.
 *
 * <p>Who named them counts. The user's own settings, and those of the machine's administrator, are
 * the operator's word. A file of the project is the word of whoever wrote the project, which may be
 * a stranger: it becomes the operator's where the agent asked a person and wrote the answer down
 * outside the project. A switch by which an agent asks nobody is no answer.
 *
 * <p>They are read once, before the agent starts: what it writes into these files afterwards
 * declares nothing in this session. The files are hostile input: read up to a limit, regular files
 * only; one that cannot be read is told and declares nothing.
 *
 * <ul>
 *   <li>Claude Code: {@code ~/.claude.json}, {@code ~/.claude/settings.json}, {@code
 *       /etc/claude-code/managed-{settings,mcp}.json}; of the project {@code
 *       .claude/settings[.local].json} and {@code .mcp.json}. Approved by {@code
 *       hasTrustDialogAccepted} in {@code ~/.claude.json} for the project or a folder above it; a
 *       server also by its name in {@code enabledMcpjsonServers}
 *   <li>Codex: {@code ~/.codex/config.toml}, {@code ~/.codex/hooks.json}; of the project {@code
 *       .codex/} the same. Approved by {@code trust_level = "trusted"} for the project
 *   <li>Gemini CLI, Qwen Code: {@code settings.json} in {@code .gemini}, {@code .qwen} of the home
 *       and the project. Approved by {@code trustedFolders.json} in the home
 *   <li>OpenCode: {@code ~/.config/opencode/opencode.json}; of the project {@code opencode.json},
 *       for which it asks nobody
 * </ul>
 */
final class AgentSettings {
  private static final int MAX_BYTES = 8 * 1024 * 1024;
  private static final int MAX_COMMANDS = 64;
  private static final int MAX_LINE = 4096;

  /**
   * Command lines, as a shell would take them.
   *
   * @param operators what the operator named or approved
   * @param projects what only the project names
   */
  record Commands(List<String> operators, List<String> projects) {}

  private final Path user;
  private final Path project;
  private final Consumer<String> notices;
  private final Set<String> operators = new LinkedHashSet<>();
  private final Set<String> projects = new LinkedHashSet<>();

  /** Where the commands of the file go that is being read. */
  private Set<String> lines = operators;

  private boolean full;

  private AgentSettings(Path user, Path project, Consumer<String> notices) {
    this.user = user;
    this.project = project;
    this.notices = notices;
  }

  /**
   * The commands that the configuration names.
   *
   * @param platform of the agent; unknown ones have none
   * @param home of the agent's user, or null
   * @param project the agent's working directory
   * @param notices hears of files that could not be read
   */
  static Commands commands(String platform, String home, Path project, Consumer<String> notices) {
    Path user = home == null || home.isEmpty() ? null : Path.of(home);
    AgentSettings settings = new AgentSettings(user, project, notices);
    switch (platform) {
      case "claude-code" -> settings.claude();
      case "codex" -> settings.codex();
      case "gemini-cli" -> settings.folders(".gemini");
      case "qwen-code" -> settings.folders(".qwen");
      case "opencode" -> settings.opencode();
      default -> {}
    }
    settings.projects.removeAll(settings.operators);
    return new Commands(List.copyOf(settings.operators), List.copyOf(settings.projects));
  }

  private void from(boolean approved) {
    lines = approved ? operators : projects;
  }

  private void claude() {
    hooks(json(Path.of("/etc/claude-code/managed-settings.json")));
    servers(json(Path.of("/etc/claude-code/managed-mcp.json")));
    Object known = user == null ? null : json(user.resolve(".claude.json"));
    Object here = field(field(known, "projects"), project.toString());
    if (user != null) {
      servers(known);
      servers(here);
      hooks(json(user.resolve(".claude/settings.json")));
    }
    boolean trusted = false;
    for (Path folder = project; folder != null; folder = folder.getParent()) {
      Object entry = field(field(known, "projects"), folder.toString());
      trusted |= Boolean.TRUE.equals(field(entry, "hasTrustDialogAccepted"));
    }
    from(trusted);
    Object local = json(project.resolve(".claude/settings.local.json"));
    hooks(json(project.resolve(".claude/settings.json")));
    hooks(local);
    if (field(json(project.resolve(".mcp.json")), "mcpServers") instanceof Map<?, ?> servers) {
      for (Map.Entry<?, ?> server : servers.entrySet()) {
        from(trusted && (names(here, server.getKey()) || names(local, server.getKey())));
        command(server.getValue());
      }
    }
  }

  private static boolean names(Object settings, Object server) {
    return field(settings, "enabledMcpjsonServers") instanceof List<?> names
        && names.contains(server);
  }

  private void codex() {
    String own = user == null ? null : text(user.resolve(".codex/config.toml"));
    if (user != null) {
      toml(own);
      hooks(json(user.resolve(".codex/hooks.json")));
    }
    from(own != null && CodexTables.trusts(own, project));
    toml(text(project.resolve(".codex/config.toml")));
    hooks(json(project.resolve(".codex/hooks.json")));
  }

  private void folders(String folder) {
    boolean trusted = false;
    if (user != null) {
      Object own = json(user.resolve(folder).resolve("settings.json"));
      servers(own);
      hooks(own);
      trusted = trusts(json(user.resolve(folder).resolve("trustedFolders.json")));
    }
    from(trusted);
    Object settings = json(project.resolve(folder).resolve("settings.json"));
    servers(settings);
    hooks(settings);
  }

  /** Whether the rule for the nearest folder says that the project may be trusted. */
  private boolean trusts(Object rules) {
    boolean trusted = false;
    int nearest = -1;
    for (Map.Entry<?, ?> rule :
        rules instanceof Map<?, ?> map ? map.entrySet() : Set.<Map.Entry<?, ?>>of()) {
      Path folder = folder(rule.getKey());
      if (folder != null && "TRUST_PARENT".equals(rule.getValue())) {
        folder = folder.getParent();
      }
      if (folder != null && project.startsWith(folder) && folder.getNameCount() > nearest) {
        nearest = folder.getNameCount();
        trusted = rule.getValue() instanceof String value && value.startsWith("TRUST_");
      }
    }
    return trusted;
  }

  private static Path folder(Object name) {
    try {
      return name instanceof String path && path.startsWith("/") ? Path.of(path) : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private void opencode() {
    if (user != null) {
      local(json(user.resolve(".config/opencode/opencode.json")));
    }
    from(false);
    local(json(project.resolve("opencode.json")));
    local(json(project.resolve(".opencode/opencode.json")));
  }

  /** OpenCode's servers: {@code {"mcp":{NAME:{"command":[WORDS]}},"lsp":...}}. */
  private void local(Object settings) {
    for (String kind : List.of("mcp", "lsp")) {
      Object servers = field(settings, kind);
      for (Object server : servers instanceof Map<?, ?> map ? map.values() : List.of()) {
        if (field(server, "command") instanceof List<?> words
            && !words.isEmpty()
            && words.get(0) instanceof String program) {
          server(program, words.subList(1, words.size()));
        }
      }
    }
  }

  private void servers(Object settings) {
    if (field(settings, "mcpServers") instanceof Map<?, ?> servers) {
      servers.values().forEach(this::command);
    }
  }

  private void command(Object server) {
    if (field(server, "command") instanceof String command) {
      server(command, field(server, "args") instanceof List<?> args ? args : List.of());
    }
  }

  private void server(String command, List<?> args) {
    StringBuilder line = new StringBuilder(quoted(command));
    for (Object arg : args) {
      if (!(arg instanceof String word)) {
        return;
      }
      line.append(' ').append(quoted(word));
    }
    add(line.toString());
  }

  /** Hooks are shell lines: {@code {"hooks":{EVENT:[{"hooks":[{"command":LINE}]}]}}}. */
  private void hooks(Object settings) {
    if (!(field(settings, "hooks") instanceof Map<?, ?> events)) {
      return;
    }
    for (Object event : events.values()) {
      for (Object matcher : event instanceof List<?> list ? list : List.of()) {
        Object hooks = field(matcher, "hooks");
        for (Object hook : hooks instanceof List<?> list ? list : List.of()) {
          if (field(hook, "command") instanceof String command) {
            add(command);
          }
        }
      }
    }
  }

  private void toml(String text) {
    if (text != null) {
      for (CodexTables.Server server : CodexTables.servers(text)) {
        server(server.command(), server.args());
      }
    }
  }

  private void add(String line) {
    if (!line.isBlank() && line.length() <= MAX_LINE && line.indexOf('\0') < 0) {
      if (operators.size() + projects.size() < MAX_COMMANDS) {
        lines.add(line);
      } else if (!full) {
        full = true;
        notices.accept("the agent's configuration names more than " + MAX_COMMANDS + " commands");
      }
    }
  }

  private static Object field(Object value, String name) {
    return value instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private Object json(Path file) {
    String text = text(file);
    if (text == null) {
      return null;
    }
    try {
      return JsonTree.read(text);
    } catch (IOException e) {
      notices.accept(file + ": is not JSON, so the commands that it names count as undeclared");
      return null;
    }
  }

  /** The file's text; null where there is none or it must not be read. */
  private String text(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        notices.accept(file + ": is larger than " + MAX_BYTES + " bytes and was not read");
        return null;
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      notices.accept(file + ": is not UTF-8 and was not read");
      return null;
    } catch (IOException e) {
      notices.accept(file + ": could not be read: " + e.getMessage());
      return null;
    }
  }

  /** As one word of a shell line. */
  private static String quoted(String word) {
    return '\'' + word.replace("'", "'\\''") + '\'';
  }
}
