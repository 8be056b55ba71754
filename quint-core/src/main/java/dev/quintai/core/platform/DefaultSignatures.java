package dev.quintai.core.platform;

import dev.quintai.core.platform.Platform.Category;
import java.util.List;

/**
 * The built-in signatures. Each names where its facts come from: {@code npm:} is the package's
 * {@code name} and {@code bin} in the npm registry, {@code pypi:} the {@code project.scripts} of
 * its {@code pyproject.toml}, {@code cask:} a file of Homebrew/homebrew-cask, {@code
 * installomator:} a label of Installomator/Installomator (which gives the expected team of the code
 * signature). A signing identifier stands here only where a public source gives it together with
 * its team.
 */
final class DefaultSignatures {
  private DefaultSignatures() {}

  static List<PlatformSignature> all() {
    return List.of(
        // Installed by its own installer to ~/.local/share/claude/versions/VERSION.
        cli("claude-code", "npm:@anthropic-ai/claude-code cask:claude-code")
            .signed("Q6L2SF6YDW", "com.anthropic.claude-code")
            .npmPackage("@anthropic-ai/claude-code")
            .program("claude")
            .command("claude")
            .path("/.local/share/claude/versions/**")
            .title("claude")
            .build(),
        desktop("claude-desktop", "cask:claude")
            .signed("Q6L2SF6YDW", "com.anthropic.claudefordesktop")
            .path("/Claude.app/Contents/MacOS/")
            .build(),
        desktop("cursor", "cask:cursor installomator:cursorai")
            .signed("VDXQ22DGB9", "com.todesktop.230313mzl4w4u92")
            .path("/Cursor.app/Contents/MacOS/")
            .path("/usr/share/cursor/cursor")
            .build(),
        // A script of its own node, in ~/.local/share/cursor-agent/versions/VERSION.
        cli("cursor", "cask:cursor-cli https://cursor.com/docs/cli/installation")
            .program("cursor-agent")
            .command("cursor-agent")
            .scriptPath("/cursor-agent/versions/**")
            .build(),
        // AWS has a program of this name too.
        cli("copilot", "npm:@github/copilot https://github.com/github/copilot-cli")
            .npmPackage("@github/copilot")
            .commonCommand("copilot")
            .build(),
        extension("copilot", "marketplace:GitHub.copilot-chat")
            .scriptPath("/extensions/github.copilot-chat-**")
            .build(),
        // Signed under its file name: the release signs without an identifier (macos-code-sign).
        cli("codex", "npm:@openai/codex https://github.com/openai/codex installomator:chatgpt")
            .signed("2DC432GLL2", "codex")
            .npmPackage("@openai/codex")
            .program("codex")
            .command("codex")
            .build(),
        cli("gemini-cli", "npm:@google/gemini-cli")
            .npmPackage("@google/gemini-cli")
            .command("gemini")
            .build(),
        cli("opencode", "npm:opencode-ai https://opencode.ai/docs/")
            .npmPackage("opencode-ai")
            .npmPackage("opencode")
            .program("opencode")
            .command("opencode")
            .build(),
        cli("qwen-code", "npm:@qwen-code/qwen-code")
            .npmPackage("@qwen-code/qwen-code")
            .command("qwen")
            .build(),
        cli("cline", "npm:cline")
            .npmPackage("cline")
            .npmPackage("@cline/cli")
            .program("cline")
            .command("cline")
            .build(),
        extension("cline", "marketplace:saoudrizwan.claude-dev")
            .scriptPath("/extensions/saoudrizwan.claude-dev-**")
            .build(),
        cli("continue", "npm:@continuedev/cli")
            .npmPackage("@continuedev/cli")
            .commonCommand("cn")
            .build(),
        extension("continue", "marketplace:Continue.continue")
            .scriptPath("/extensions/continue.continue-**")
            .build(),
        // Its entry point sets the process title (dist/cli.js).
        cli("pi", "npm:@mariozechner/pi-coding-agent npm:@earendil-works/pi-coding-agent")
            .npmPackage("@mariozechner/pi-coding-agent")
            .npmPackage("@earendil-works/pi-coding-agent")
            .commonCommand("pi")
            .title("pi")
            .build(),
        desktop("windsurf", "cask:windsurf installomator:windsurf")
            .signed("83Z2LHX6XW", "com.exafunction.windsurf")
            .path("/Windsurf.app/Contents/MacOS/")
            .path("/usr/share/windsurf/windsurf")
            .build(),
        cli("aider", "pypi:aider-chat https://github.com/Aider-AI/aider")
            .command("aider")
            .pythonModule("aider")
            .build(),
        // A database migration tool bears the name too; the agent's installer takes ~/.local/bin.
        cli("goose", "https://github.com/block/goose download_cli.sh cask:block-goose")
            .path("/.local/bin/goose")
            .path("/Cellar/block-goose-cli/**")
            .path("/Goose.app/Contents/MacOS/")
            .build(),
        cli("amp", "npm:@ampcode/cli npm:@sourcegraph/amp")
            .npmPackage("@ampcode/cli")
            .npmPackage("@sourcegraph/amp")
            .commonCommand("amp")
            .build(),
        cli("amazon-q", "cask:amazon-q https://github.com/aws/amazon-q-developer-cli")
            .program("qchat")
            .path("/Amazon Q.app/Contents/MacOS/q")
            .build(),
        desktop("kiro", "cask:kiro installomator:kiro")
            .signed("94KV3E626L", "dev.kiro.desktop")
            .path("/Kiro.app/Contents/MacOS/")
            .build(),
        cli("kiro", "cask:kiro-cli https://github.com/aws/amazon-q-developer-cli scripts/const.py")
            .program("kiro-cli")
            .program("kiro-cli-chat")
            .path("/Kiro CLI.app/Contents/MacOS/kiro-cli")
            .path("/Kiro CLI.app/Contents/MacOS/kiro-cli-chat")
            .build(),
        cli("crush", "npm:@charmland/crush")
            .npmPackage("@charmland/crush")
            .commonCommand("crush")
            .build(),
        extension("roo-code", "marketplace:RooVeterinaryInc.roo-cline")
            .scriptPath("/extensions/rooveterinaryinc.roo-cline-**")
            .build(),
        desktop("zed", "cask:zed installomator:zed https://zed.dev/docs/linux")
            .signed("MQ55VZLNZQ", "dev.zed.Zed")
            .path("/Zed.app/Contents/MacOS/zed")
            .path("/libexec/zed-editor")
            .build(),
        cli("jetbrains-junie", "npm:@jetbrains/junie")
            .npmPackage("@jetbrains/junie")
            .command("junie")
            .build(),
        cli("openhands", "pypi:openhands https://github.com/OpenHands/OpenHands-CLI")
            .program("openhands")
            .command("openhands")
            .command("openhands-acp")
            .pythonModule("openhands_cli")
            .build(),
        // The National Archives have a program of this name too.
        cli("droid", "npm:@factory/cli npm:droid cask:droid")
            .npmPackage("@factory/cli")
            .npmPackage("droid")
            .commonCommand("droid")
            .path("/.local/bin/droid")
            .build(),
        desktop("warp", "cask:warp installomator:warp")
            .signed("2BBY89MBSN", "dev.warp.Warp-Stable")
            .path("/Warp.app/Contents/MacOS/")
            .path("/opt/warpdotdev/warp-terminal/warp")
            .build(),
        cli("auggie", "npm:@augmentcode/auggie")
            .npmPackage("@augmentcode/auggie")
            .command("auggie")
            .build(),
        desktop("trae", "cask:trae").path("/Trae.app/Contents/MacOS/").build(),
        cli("trae", "pypi:trae-agent https://github.com/bytedance/trae-agent")
            .command("trae-cli")
            .pythonModule("trae_agent")
            .build(),
        desktop("antigravity", "cask:antigravity installomator:antigravity")
            .signed("EQHXZ8M8AV", "com.google.antigravity")
            .path("/Antigravity.app/Contents/MacOS/")
            .build(),
        cli("kimi-cli", "pypi:kimi-cli https://github.com/MoonshotAI/kimi-cli")
            .command("kimi")
            .command("kimi-cli")
            .pythonModule("kimi_cli")
            .build(),
        cli("mistral-vibe", "pypi:mistral-vibe https://github.com/mistralai/mistral-vibe")
            .commonCommand("vibe")
            .commonCommand("vibe-acp")
            .build(),
        cli("kilo-code", "npm:@kilocode/cli")
            .npmPackage("@kilocode/cli")
            .command("kilocode")
            .commonCommand("kilo")
            .build(),
        cli("letta-code", "npm:@letta-ai/letta-code")
            .npmPackage("@letta-ai/letta-code")
            .commonCommand("letta")
            .build(),
        cli("openclaw", "npm:openclaw").npmPackage("openclaw").command("openclaw").build(),
        cli("grok-cli", "npm:@vibe-kit/grok-cli")
            .npmPackage("@vibe-kit/grok-cli")
            .commonCommand("grok")
            .build());
  }

  private static PlatformSignature.Builder cli(String id, String source) {
    return PlatformSignature.builder(id, Category.CLI, source);
  }

  private static PlatformSignature.Builder desktop(String id, String source) {
    return PlatformSignature.builder(id, Category.ELECTRON, source);
  }

  private static PlatformSignature.Builder extension(String id, String source) {
    return PlatformSignature.builder(id, Category.EXTENSION_HOSTED, source);
  }
}
