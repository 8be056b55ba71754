package dev.quintai.core.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWalkerTest {
  private static final ShellContext CONTEXT = ShellContext.of("/w", "/home/u");

  private static List<CommandUse> walk(String line) {
    return ShellWalker.walk(line, CONTEXT).commands();
  }

  /** Each command's words joined, wrappers included. */
  private static List<String> lines(String line) {
    return walk(line).stream()
        .map(use -> String.join(" ", use.words().stream().map(ResolvedWord::toString).toList()))
        .toList();
  }

  /** The commands that are no wrappers. */
  private static List<String> inner(String line) {
    return walk(line).stream()
        .filter(use -> !use.wrapper())
        .map(use -> String.join(" ", use.words().stream().map(ResolvedWord::toString).toList()))
        .toList();
  }

  @Test
  void listsPipesAndSubstitutions() {
    assertThat(lines("a x | b && c; d $(e f) \"`g`\" <(h)"))
        .containsExactly("a x", "b", "c", "e f", "g", "h", "d \u2026 \u2026 \u2026");
    List<CommandUse> uses = walk("a | b | c; d");
    assertThat(uses).extracting(CommandUse::stage).containsExactly(0, 1, 2, 0);
    assertThat(uses).extracting(CommandUse::last).containsExactly(false, false, true, true);
    assertThat(uses.get(0).pipeline()).isEqualTo(uses.get(2).pipeline());
    assertThat(walk("a && b").get(1).conditional()).isTrue();
    assertThat(walk("a & b").get(0).background()).isTrue();
    assertThat(walk("x $(y)").get(0).via()).containsExactly("$()");
  }

  @Test
  void variablesWhereTheyAreLiteral() {
    assertThat(lines("F=a.txt; cat $F \"${F}\" $F.bak"))
        .containsExactly("cat a.txt a.txt a.txt.bak");
    assertThat(lines("L='a b'; cat $L \"$L\"")).containsExactly("cat a b a b");
    assertThat(walk("L='a b'; cat $L \"$L\"").get(0).words()).hasSize(4);
    assertThat(lines("cat $UNSEEN")).containsExactly("cat \u2026");
    assertThat(walk("cat $UNSEEN").get(0).words().get(1).many()).isTrue();
    assertThat(walk("cat \"$UNSEEN\"").get(0).words().get(1).many()).isFalse();
    assertThat(lines("A=1; if x; then A=2; fi; c $A")).containsExactly("x", "c \u2026");
    assertThat(lines("A=1; read A; c $A")).containsExactly("read A", "c \u2026");
    assertThat(lines("A=/x; c ${A:-d} ${A##*/} ${#A}")).containsExactly("c /x x 2");
    assertThat(lines("A=f.tar.gz; c ${A%.*} ${A%%.*} ${A#*.}")).containsExactly("c f.tar f tar.gz");
    assertThat(lines("A=$(x); c $A")).containsExactly("x", "c \u2026");
    assertThat(lines("A=1 c $A")).containsExactly("c \u2026");
    assertThat(lines("(A=1); c \"$A\"")).containsExactly("c \u2026");
    assertThat(lines("export A=1 B; A+=2; c $A")).contains("c 12");
    assertThat(lines("i=0; while t; do c $i; i=1; done")).containsExactly("t", "c \u2026");
  }

  @Test
  void loopsOverLiteralWords() {
    assertThat(lines("for f in a 'b c'; do cat \"$f\"; done")).containsExactly("cat a", "cat b c");
    assertThat(lines("for i in {1..3}; do t $i; done")).containsExactly("t 1", "t 2", "t 3");
    assertThat(lines("for f in *.c; do cat $f; done")).containsExactly("cat \u2026");
    assertThat(lines("set -- p q; for f; do cat $f; done"))
        .containsExactly("set -- p q", "cat p", "cat q");
  }

  @Test
  void bracesAndTildes() {
    assertThat(lines("cp f.{a,b} ~/x{1..2}")).containsExactly("cp f.a f.b /home/u/x1 /home/u/x2");
    assertThat(lines("c $HOME $PWD $(pwd)")).containsExactly("pwd", "c /home/u /w /w");
    assertThat(lines("c '~/x' \"{a,b}\"")).containsExactly("c ~/x {a,b}");
    assertThat(lines("curl https://h/a?b=1")).containsExactly("curl https://h/a?b=1");
    assertThat(walk("c {1..100000}").get(0).words().get(1).many()).isTrue();
  }

  @Test
  void theWorkingDirectoryFollowsCd() {
    assertThat(walk("cd sub/../x && cat a; (cd /tmp; cat b); cat c"))
        .filteredOn(use -> "cat".equals(use.name()))
        .extracting(CommandUse::cwd)
        .containsExactly("/w/x", "/tmp", "/w/x");
    assertThat(walk("cd $X; cat a").get(1).cwd()).isNull();
    assertThat(walk("cd; cat a").get(1).cwd()).isEqualTo("/home/u");
    assertThat(walk("cd /a; cd -; cat a").get(2).cwd()).isEqualTo("/w");
    assertThat(walk("pushd /a; popd; cat a").get(2).cwd()).isEqualTo("/w");
    assertThat(walk("if x; then cd /a; fi; cat a").get(2).cwd()).isNull();
    assertThat(walk("cd /a || exit 1; cat a").get(2).cwd()).isEqualTo("/a");
    assertThat(walk("cd /a | cat; cat a").get(2).cwd()).isEqualTo("/w");
  }

  @Test
  void redirections() {
    CommandUse use = walk("sort < in > out 2>>err 2>&1 <<< text").get(0);
    assertThat(use.files())
        .extracting(f -> f.path().text() + (f.read() ? "r" : "") + (f.write() ? "w" : ""))
        .containsExactly("inr", "outw", "errw");
    assertThat(use.stdin()).isEqualTo("text\n");
    List<CommandUse> compound = walk("{ a; b; } > out");
    assertThat(compound.get(0).words()).isEmpty();
    assertThat(compound.get(0).files()).hasSize(1);
    assertThat(walk("> out").get(0).files()).hasSize(1);
    assertThat(walk("cat <<E\nhi $X\nE").get(0).stdin()).isNull();
    assertThat(walk("cat <<'E'\nhi $X\nE").get(0).stdin()).isEqualTo("hi $X\n");
  }

  @Test
  void wrappersAreListedBeforeWhatTheyRun() {
    assertThat(lines("sudo -u bob env -u X A=1 rm -rf d"))
        .containsExactly("sudo -u bob env -u X A=1 rm -rf d", "env -u X A=1 rm -rf d", "rm -rf d");
    List<CommandUse> uses = walk("sudo rm x");
    assertThat(uses).extracting(CommandUse::wrapper).containsExactly(true, false);
    assertThat(uses.get(1).privileged()).isTrue();
    assertThat(uses.get(1).via()).containsExactly("sudo");
    assertThat(inner("nohup nice -n 5 timeout -s KILL 10 stdbuf -oL /usr/bin/x y &"))
        .containsExactly("/usr/bin/x y");
    assertThat(inner("env")).containsExactly("env");
    assertThat(inner("command -v git")).containsExactly("command -v git");
    assertThat(inner("command git log")).containsExactly("git log");
    assertThat(inner("exec -a n prog x")).containsExactly("prog x");
    assertThat(inner("env -C /d cat f")).containsExactly("cat f");
    assertThat(walk("env -C /d cat f").get(1).cwd()).isEqualTo("/d");
    assertThat(inner("env -S 'a b' c")).containsExactly("a b c");
    assertThat(inner("flock /tmp/l -c 'a; b'")).containsExactly("a", "b");
    assertThat(inner("time -p make")).containsExactly("make");
    assertThat(inner("strace -f -o out cmd a")).containsExactly("cmd a");
    assertThat(inner("busybox wget u")).containsExactly("wget u");
  }

  @Test
  void shellsAndEval() {
    assertThat(inner("bash -lc 'a | b' n p")).containsExactly("a", "b");
    assertThat(inner("sh -c 'cat \"$1\" $0' zero one")).containsExactly("cat one \u2026");
    assertThat(inner("bash -euo pipefail -c 'x'")).containsExactly("x");
    assertThat(inner("bash script.sh a")).containsExactly("bash script.sh a");
    assertThat(inner("bash <<'E'\na $b\nE")).containsExactly("a \u2026");
    assertThat(inner("echo 'rm x' | sh")).containsExactly("echo rm x", "rm x");
    assertThat(inner("eval \"a b; c\"")).containsExactly("a b", "c");
    assertThat(inner("su - bob -c 'id'")).containsExactly("id");
    assertThat(inner("D=/x; sh -c \"cd $D && ls\"")).containsExactly("cd /x", "ls");
    assertThat(walk("D=/x; sh -c \"cd $D && ls\"").get(2).cwd()).isEqualTo("/x");
    CommandUse opaque = walk("sh -c \"$X\"").get(0);
    assertThat(opaque.opaque()).isTrue();
    assertThat(walk("curl u | sh").get(1).opaque()).isTrue();
    assertThat(walk("bash <(curl u)").get(1).opaque()).isTrue();
    assertThat(walk("eval $X").get(0).opaque()).isTrue();
    assertThat(walk("A=1; sh -c 'c $A'").get(1).words().get(1).exact()).isFalse();
    assertThat(lines("A=1 sh -c 'c $A'")).contains("c 1");
    assertThat(inner("watch -n 2 'ls | wc'")).containsExactly("ls", "wc");
    assertThat(inner("trap 'rm t' EXIT; a")).contains("rm t", "a");
  }

  @Test
  void xargsAndFind() {
    List<CommandUse> uses = walk("ls | xargs -n 1 -I{} cp {} /d");
    assertThat(uses).hasSize(3);
    assertThat(uses.get(2).words()).hasToString("[cp, \u2026, /d]");
    assertThat(uses.get(2).more()).isFalse();
    assertThat(walk("x | xargs rm").get(2).more()).isTrue();
    assertThat(inner("x | xargs -0 -P4 sh -c 'a'")).containsExactly("x", "a");
    assertThat(inner("find . -name '*.c' -exec grep -l x {} \\; -exec wc {} +"))
        .containsExactly("grep -l x \u2026", "wc \u2026");
    assertThat(walk("find . -delete").get(0).wrapper()).isFalse();
  }

  @Test
  void functions() {
    assertThat(lines("f() { cat \"$1\"; }; f a; f b")).containsExactly("cat a", "cat b");
    List<CommandUse> uncalled = walk("f() { rm x; }");
    assertThat(uncalled).hasSize(1);
    assertThat(uncalled.get(0).conditional()).isTrue();
    assertThat(ShellWalker.walk("f() { f; f; }; f", CONTEXT).truncated()).isTrue();
  }

  @Test
  void quotedTextIsAnArgument() {
    assertThat(lines("git commit -m 'run curl http://x | sh' -- \"a; rm b\""))
        .containsExactly("git commit -m run curl http://x | sh -- a; rm b");
    assertThat(lines("echo '$(rm x)' \\; rm")).containsExactly("echo $(rm x) ; rm");
  }

  @Test
  void wrappersOfAgents() {
    String gemini =
        "shopt -u promptvars nullglob extglob nocaseglob dotglob; ( trap 'jobs -p > /tmp/s' EXIT\n"
            + "cat notes.txt\n); __code=$?; pgrep -g 0 >/tmp/x.tmp 2>&1; exit $__code;";
    assertThat(inner(gemini)).contains("cat notes.txt", "pgrep -g 0", "jobs -p");
  }

  @Test
  void matchingOfWordsThatAreKnownInPart() {
    ResolvedWord word = new ResolvedWord("a\uFFFCb\uFFFCc", false, false);
    assertThat(word.matches("a1b2c")).isTrue();
    assertThat(word.matches("abc")).isTrue();
    assertThat(word.matches("abbc")).isTrue();
    assertThat(word.matches("ac")).isFalse();
    assertThat(word.matches("a1b2")).isFalse();
    assertThat(ResolvedWord.of("x").matches("x")).isTrue();
    assertThat(ResolvedWord.of("x").matches("xy")).isFalse();
    assertThat(new ResolvedWord("ab\uFFFCba", false, false).matches("aba")).isFalse();
  }

  @Test
  void growthIsBounded() {
    StringBuilder line = new StringBuilder("a=xxxxxxxxxxxxxxxx;");
    for (int i = 0; i < 200; i++) {
      line.append("a=$a$a$a$a;");
    }
    assertThat(ShellWalker.walk(line + "c $a", CONTEXT).commands()).hasSizeLessThan(10);
    assertThat(ShellWalker.walk("c {a,b}".repeat(1) + "{a,b}".repeat(40), CONTEXT).commands())
        .hasSize(1);
    String loops = "for a in {1..60}; do ".repeat(6) + "c $a" + "; done".repeat(6);
    assertThat(ShellWalker.walk(loops, CONTEXT).truncated()).isTrue();
    assertThat(ShellWalker.walk("sudo ".repeat(5000) + "x", CONTEXT).truncated()).isTrue();
  }
}
