package dev.quintai.divergence;

import java.util.Set;

/** Files that agents look for in the working directory and in the folders above it. */
final class ContextFiles {
  private static final Set<String> NAMES =
      Set.of(
          "CLAUDE.md", "CLAUDE.local.md", "AGENTS.md", "AGENTS.override.md", "AGENT.md", "GEMINI.md",
          "QWEN.md", "CONTEXT.md", "CONVENTIONS.md", "README.md", ".cursorrules", ".clinerules",
          ".windsurfrules", ".goosehints", ".aiderignore", ".aider.conf.yml", ".mcp.json",
          "opencode.json", "opencode.jsonc", ".git", ".git/HEAD", ".git/config", ".git/index",
          ".git/packed-refs", ".git/info/exclude", ".git/commondir", ".gitignore", ".gitattributes",
          ".gitmodules", ".ignore", ".rgignore", ".geminiignore", ".qwenignore", ".clineignore",
          ".cursorignore", ".continueignore", ".editorconfig", ".hg", ".jj", ".svn", ".sapling",
          "package.json", "tsconfig.json", "jsconfig.json", "deno.json", "bunfig.toml",
          "pnpm-workspace.yaml", "pyproject.toml", "Cargo.toml", "go.mod", "go.work", "pom.xml",
          ".node-version", ".nvmrc", ".tool-versions", ".python-version", ".npmrc.example",
          ".prettierrc", ".eslintrc.json", ".claude", ".gemini", ".codex", ".qwen", ".pi",
          ".opencode", ".cursor", ".continue", ".agents", ".github/copilot-instructions.md",
          ".claude/settings.json", ".claude/settings.local.json", ".claude/CLAUDE.md",
          ".gemini/settings.json", ".qwen/settings.json", ".codex/config.toml");

  private ContextFiles() {}

  /** Whether the path, relative to one of those folders, is such a file. */
  static boolean known(String relative) {
    return NAMES.contains(relative);
  }
}
