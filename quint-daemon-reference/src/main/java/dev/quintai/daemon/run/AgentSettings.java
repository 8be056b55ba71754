package dev.quintai.daemon.run;

import dev.quintai.daemon.events.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The commands that an agent's own configuration names: MCP servers and hooks. The operator has
 * declared them there, so that starting them is no undeclared exec.
 *
 * <p>They are read once, before the agent starts: what it writes into these files afterwards
 * declares nothing in this session. The files are hostile input: read up to a limit, regular files
 * only; one that cannot be read is told and declares nothing.
 *
 * <ul>
 *   <li>Claude Code: {@code .mcp.json} and {@code .claude/settings[.local].json} of the project,
 *       {@code ~/.claude.json}, {@code ~/.claude/settings.json}
 *   <li>Codex: {@code ~/.codex/config.toml}
 *   <li>Gemini CLI, Qwen Code: {@code settings.json} in {@code .gemini}, {@code .qwen} of the
 *       project and the home
 * </ul>
 */
final class AgentSettings {
  private static final int MAX_BYTES = 8 * 1024 * 1024;
  private static final int MAX_COMMANDS = 64;
  private static final int MAX_LINE = 4096;

  private final Set<String> lines = new LinkedHashSet<>();
  private final Consumer<String> notices;
  private boolean full;

  private AgentSettings(Consumer<String> notices) {
    this.notices = notices;
  }

  /**
   * The command lines, as a shell would take them.
   *
   * @param platform of the agent; unknown ones have none
   * @param home of the agent's user, or null
   * @param project the agent's working directory
   * @param notices hears of files that could not be read
   */
  static List<String> commands(
      String platform, String home, Path project, Consumer<String> notices) {
    AgentSettings settings = new AgentSettings(notices);
    Path user = home == null || home.isEmpty() ? null : Path.of(home);
    switch (platform) {
      case "claude-code" -> settings.claude(user, project);
      case "codex" -> {
        if (user != null) {
          settings.toml(user.resolve(".codex/config.toml"));
        }
      }
      case "gemini-cli" -> settings.settingsJson(".gemini/settings.json", user, project);
      case "qwen-code" -> settings.settingsJson(".qwen/settings.json", user, project);
      default -> {}
    }
    return List.copyOf(settings.lines);
  }

  private void claude(Path user, Path project) {
    servers(json(project.resolve(".mcp.json")));
    hooks(json(project.resolve(".claude/settings.json")));
    hooks(json(project.resolve(".claude/settings.local.json")));
    if (user != null) {
      Object own = json(user.resolve(".claude.json"));
      servers(own);
      servers(field(field(own, "projects"), project.toString()));
      hooks(json(user.resolve(".claude/settings.json")));
    }
  }

  private void settingsJson(String file, Path user, Path project) {
    for (Path folder : user == null ? List.of(project) : List.of(user, project)) {
      Object settings = json(folder.resolve(file));
      servers(settings);
      hooks(settings);
    }
  }

  private void servers(Object settings) {
    if (field(settings, "mcpServers") instanceof Map<?, ?> servers) {
      for (Object server : servers.values()) {
        if (field(server, "command") instanceof String command) {
          server(command, field(server, "args") instanceof List<?> args ? args : List.of());
        }
      }
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

  private void toml(Path file) {
    String text = text(file);
    if (text != null) {
      for (McpTables.Server server : McpTables.read(text)) {
        server(server.command(), server.args());
      }
    }
  }

  private void add(String line) {
    if (!line.isBlank() && line.length() <= MAX_LINE && line.indexOf('\0') < 0) {
      if (lines.size() < MAX_COMMANDS) {
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
