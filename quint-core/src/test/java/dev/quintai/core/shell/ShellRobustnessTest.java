package dev.quintai.core.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the input, there is an answer, it is bounded, and quoting is undone exactly. */
class ShellRobustnessTest {
  private static final ShellContext CONTEXT = ShellContext.of("/w", "/home/u");

  @Provide
  Arbitrary<String> lines() {
    Arbitrary<String> token =
        Arbitraries.of(
            "a",
            "b1",
            " ",
            " ",
            "\n",
            ";",
            "&",
            "&&",
            "||",
            "|",
            "(",
            ")",
            "((",
            "))",
            "{",
            "}",
            "[[",
            "]]",
            "if ",
            "then ",
            "fi ",
            "for x in ",
            "do ",
            "done ",
            "case ",
            " in ",
            ";;",
            "esac ",
            "while ",
            "'",
            "\"",
            "`",
            "$",
            "$(",
            "$((",
            "${",
            "$'",
            "\\",
            "<",
            ">",
            "<<E\n",
            "E\n",
            "<<<",
            "<(",
            "2>&1",
            "A=",
            "=(",
            "*",
            "?",
            "[",
            "]",
            "{a,b}",
            "{1..3}",
            "~",
            "#",
            "!",
            "eval ",
            "sh -c ",
            "xargs ",
            "find -exec ",
            "sudo ",
            "f()",
            "$f",
            "$@",
            ":-",
            "cd ",
            "trap ",
            "function ",
            "coproc ",
            "time ",
            "\uFFFC");
    return token.list().ofMaxSize(60).map(list -> String.join("", list));
  }

  @Property(tries = 3000)
  void neverThrows(@ForAll("lines") String line) {
    ShellCommands commands = ShellWalker.walk(line, CONTEXT);
    assertThat(commands.commands()).hasSizeLessThanOrEqualTo(4096);
    assertThat(commands.parsed().errors()).hasSizeLessThanOrEqualTo(32);
  }

  @Property(tries = 500)
  void neverThrowsOnAnyText(@ForAll String line) {
    assertThat(ShellWalker.walk(line, ShellContext.UNKNOWN)).isNotNull();
  }

  @Property(tries = 1000)
  void sameInputSameAnswer(@ForAll("lines") String line) {
    assertThat(ShellWalker.walk(line, CONTEXT)).isEqualTo(ShellWalker.walk(line, CONTEXT));
  }

  /** Single quotes keep every character, and a command's words come back as they were quoted. */
  @Property(tries = 1000)
  void quotingIsUndone(@ForAll List<String> words) {
    StringBuilder line = new StringBuilder("cmd");
    for (String word : words) {
      line.append(" '").append(word.replace("'", "'\\''")).append('\'');
    }
    CommandUse use = ShellWalker.walk(line.toString(), CONTEXT).commands().get(0);
    assertThat(use.arguments()).extracting(ResolvedWord::text).containsExactlyElementsOf(words);
  }

  /** Double quotes with the four special characters escaped do the same. */
  @Property(tries = 1000)
  void doubleQuotingIsUndone(@ForAll String word) {
    String quoted = word.replaceAll("([\\\\\"$`])", "\\\\$1");
    CommandUse use = ShellWalker.walk("cmd \"" + quoted + '"', CONTEXT).commands().get(0);
    assertThat(use.arguments()).extracting(ResolvedWord::text).containsExactly(word);
  }
}
