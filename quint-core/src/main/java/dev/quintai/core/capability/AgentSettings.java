package dev.quintai.core.capability;

import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.sensitive.SensitiveTarget.Kind;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files in which coding agents keep what they may do unasked, and which programs they start by
 * themselves, in a project or a home.
 *
 * <p>A tool call that writes one is sensitive: that is how approvals are switched off
 * (CVE-2025-53773) and servers planted (CVE-2025-54135). What the operating system sees is another
 * matter, since agents keep these files themselves; so they are not in {@link
 * dev.quintai.core.sensitive.SensitiveTargets}.
 */
final class AgentSettings {

  /** Last folder and name. */
  private static final Map<String, SensitiveTarget> FILES =
      Stream.of(
              ".vscode/settings.json",
              ".vscode/mcp.json",
              ".vscode/tasks.json",
              ".cursor/mcp.json",
              ".cursor/hooks.json",
              ".cursor/cli.json",
              ".claude/settings.json",
              ".claude/settings.local.json",
              ".codex/config.toml",
              ".gemini/settings.json",
              ".qwen/settings.json",
              ".amp/settings.json")
          .collect(Collectors.toUnmodifiableMap(file -> file, AgentSettings::target));

  /** Names that say enough by themselves. */
  private static final Map<String, SensitiveTarget> NAMES =
      Stream.of(".mcp.json", ".claude.json", "opencode.json", "opencode.jsonc")
          .collect(Collectors.toUnmodifiableMap(name -> name, AgentSettings::target));

  private AgentSettings() {}

  private static SensitiveTarget target(String pattern) {
    return new SensitiveTarget(
        Kind.PERSISTENCE,
        "agent settings",
        pattern,
        Set.of(),
        null,
        "https://nvd.nist.gov/vuln/detail/CVE-2025-53773");
  }

  /** The entry for an absolute path, or null. */
  static SensitiveTarget of(String path) {
    int name = path.lastIndexOf('/') + 1;
    SensitiveTarget byName = NAMES.get(path.substring(name));
    if (byName != null || name < 2) {
      return byName;
    }
    int folder = path.lastIndexOf('/', name - 2) + 1;
    return FILES.get(path.substring(folder));
  }
}
