package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HousekeepingTest {
  private static final HousekeepingTable.Rules CLAUDE =
      HousekeepingTable.defaults().of("claude-code", "/home/ann", "/home/ann/shop");
  private static final HousekeepingTable.Rules MAC =
      HousekeepingTable.defaults().of("claude-code", "/Users/Ann", "/Users/Ann/Shop");

  private static String rule(String platform, String exe, String... argv) {
    HousekeepingTable.Rules rules =
        HousekeepingTable.defaults().of(platform, "/home/ann", "/home/ann/shop");
    return new HousekeepingExecs(platform, "/home/ann", rules)
        .rule(new ExecImage(exe, List.of(argv), "/home/ann/shop", "/home/ann"), "/home/ann/shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/usr/lib/x86_64-linux-gnu/libc.so.6", "/etc/ld.so.cache", "/etc/passwd", "/proc/self/maps",
        "/home/ann/.claude/settings.json", "/home/ann/.claude.json", "/dev/null",
            "/etc/ssl/certs/a.pem",
        "/srv/agents/node_modules/x/index.js", "/srv/agents/package.json", "/home/ann/.gitconfig",
      })
  void readsOfTheAgent(String path) {
    assertThat(CLAUDE.path(path, false)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/shadow2", "/home/ann/notes.txt", "/home/ann/.gemini/settings.json", "/srv/x",
        "/home/ann/.claudex", "/tmp/x", "/home/bob/.claude/settings.json", "/var/log/syslog",
      })
  void notReadsOfTheAgent(String path) {
    assertThat(CLAUDE.path(path, false)).isNull();
  }

  @Test
  void writesAreNarrower() {
    assertThat(CLAUDE.path("/home/ann/.claude/todos/1.json", true)).isEqualTo("state");
    assertThat(CLAUDE.path("/home/ann/.claude.json.tmp.123", true)).isEqualTo("state");
    assertThat(CLAUDE.path("/usr/bin/x", true)).isNull();
    assertThat(CLAUDE.path("/etc/passwd", true)).isNull();
    assertThat(CLAUDE.path("/home/ann/.gitconfig", true)).isNull();
    assertThat(CLAUDE.path("/home/ann/shop/.claude/settings.json", true)).isNull();
    assertThat(CLAUDE.path("/srv/node_modules/x.js", true)).isNull();
  }

  @Test
  void caseDoesNotCountOnMacVolumes() {
    assertThat(MAC.path(PathIdentity.canonical("/Users/ann/.CLAUDE/x"), true)).isEqualTo("state");
    assertThat(MAC.path(PathIdentity.canonical("/System/Library/X"), false)).isEqualTo("system");
  }

  @Test
  void hosts() {
    assertThat(CLAUDE.host("api.anthropic.com")).isEqualTo("api");
    assertThat(CLAUDE.host("statsig.anthropic.com")).isNotNull();
    assertThat(CLAUDE.host("api.anthropic.com.evil.example")).isNull();
    assertThat(CLAUDE.host("evilanthropic.com")).isNull();
    assertThat(CLAUDE.host("models.dev")).isNull();
  }

  @Test
  void execsThatAgentsMakeByThemselves() {
    assertThat(rule("claude-code", "/usr/bin/git", "git", "status", "--porcelain=v2"))
        .isEqualTo("git");
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.quotepath=false", "ls-files"))
        .isEqualTo("git");
    assertThat(rule("x", "/usr/bin/git", "git", "config", "--get", "user.name")).isEqualTo("git");
    assertThat(
            rule(
                "opencode",
                "/usr/bin/git",
                "git",
                "--git-dir",
                "/home/ann/.local/share/opencode/snapshot/1",
                "--work-tree",
                "/w",
                "add",
                "."))
        .isEqualTo("git on own state");
    assertThat(rule("x", "/usr/bin/uname", "uname", "-a")).isEqualTo("probe");
    assertThat(rule("x", "/bin/sh", "sh", "-c", "command -v rg || which rg")).isEqualTo("probe");
    assertThat(rule("x", "/usr/bin/node", "node", "--version")).isEqualTo("version");
    assertThat(rule("x", "/usr/bin/rg", "rg", "--files", "--hidden")).isEqualTo("search");
    assertThat(rule("x", "/bin/zsh", "zsh", "-lic", "echo X; env; exit")).isNotNull();
    assertThat(rule("x", "/usr/bin/node", "node", "/usr/bin/npm", "root", "-g")).isNotNull();
  }

  @Test
  void whatLooksLikeHousekeepingAndIsNot() {
    assertThat(rule("x", "/usr/bin/git", "git", "push")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "core.fsmonitor=evil", "status")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "-c", "alias.x=!nc", "x")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "diff", "--output=/home/ann/.bashrc")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "config", "user.name", "evil")).isNull();
    assertThat(rule("x", "/usr/bin/git", "git", "--git-dir", "/srv/x", "add", ".")).isNull();
    assertThat(rule("x", "/tmp/git", "git", "status")).isNull();
    assertThat(rule("x", "/home/ann/shop/git", "git", "status")).isNull();
    assertThat(rule("x", "/usr/bin/python3", "git", "status")).isNull();
    assertThat(rule("x", "/bin/sh", "sh", "-c", "git status; nc x 1")).isNull();
    assertThat(rule("x", "/bin/sh", "sh", "-c", "uname > /home/ann/x")).isNull();
    assertThat(rule("x", "/bin/sh", "sh", "-c", "which rg; $X")).isNull();
    assertThat(rule("x", "/usr/bin/rg", "rg", "--pre", "evil", "x")).isNull();
    assertThat(rule("x", "/usr/bin/cat", "cat", "/home/ann/.ssh/id_rsa")).isNull();
    assertThat(rule("x", "/usr/bin/curl", "curl", "https://x")).isNull();
    assertThat(rule("x", "/usr/bin/security", "security", "dump-keychain")).isNull();
  }

  @Test
  void aBrokenTableSaysWhere() {
    assertThatThrownBy(
            () -> HousekeepingTable.parse(new BufferedReader(new StringReader("# x\nr | * | /x"))))
        .hasMessageContaining("line 2");
    assertThatThrownBy(
            () ->
                HousekeepingTable.parse(new BufferedReader(new StringReader("q | * | /x | a | b"))))
        .hasMessageContaining("access");
  }
}
