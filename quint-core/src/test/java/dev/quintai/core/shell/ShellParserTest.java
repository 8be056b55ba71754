package dev.quintai.core.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellParserTest {

  private static ParsedLine parse(String line) {
    return ShellParser.parse(line);
  }

  private static Command only(String line) {
    ParsedLine parsed = parse(line);
    assertThat(parsed.errors()).as(line).isEmpty();
    assertThat(parsed.truncated()).isFalse();
    assertThat(parsed.script().statements()).as(line).hasSize(1);
    return parsed.script().statements().get(0).command();
  }

  private static List<String> words(String line) {
    return ((Command.Simple) only(line)).words().stream().map(Word::literal).toList();
  }

  private static List<WordPart> parts(String word) {
    return ((Command.Simple) only("x " + word)).words().get(1).parts();
  }

  @Test
  void quotesAndEscapes() {
    assertThat(words("a 'b c' \"d \\\" e\" f\\ g h'i'\"j\"k"))
        .containsExactly("a", "b c", "d \" e", "f g", "hijk");
    assertThat(words("x '' \"\"")).containsExactly("x", "", "");
    assertThat(words("x \"a\\nb\" a\\nb")).containsExactly("x", "a\\nb", "anb");
    assertThat(words("x 'it'\\''s'")).containsExactly("x", "it's");
    assertThat(words("x a\\\nb")).containsExactly("x", "ab");
    assertThat(words("x \"a\\\nb\"")).containsExactly("x", "ab");
  }

  @Test
  void ansiCQuotes() {
    assertThat(words("x $'a\\tb\\x41\\u00e9\\101\\'\\\\\\n'"))
        .containsExactly("x", "a\tbA\u00e9A'\\\n");
    assertThat(words("x $\"text\"")).containsExactly("x", "text");
  }

  @Test
  void comments() {
    assertThat(words("a b # c d")).containsExactly("a", "b");
    assertThat(words("a b#c '#d'")).containsExactly("a", "b#c", "#d");
    assertThat(words("# first\n a")).containsExactly("a");
  }

  @Test
  void parameters() {
    assertThat(parts("$a\"$b\"${c}"))
        .containsExactly(
            new WordPart.Parameter("a", "", null, false),
            new WordPart.Literal("", true),
            new WordPart.Parameter("b", "", null, true),
            new WordPart.Parameter("c", "", null, false));
    assertThat(parts("$1$@$#$?$$"))
        .extracting(p -> ((WordPart.Parameter) p).name())
        .containsExactly("1", "@", "#", "?", "$");
    assertThat(parts("${a:-b c}"))
        .containsExactly(
            new WordPart.Parameter(
                "a", ":-", new Word(List.of(new WordPart.Literal("b c", false))), false));
    assertThat(((WordPart.Parameter) parts("${#a}").get(0)).operator()).isEqualTo("length");
    assertThat(((WordPart.Parameter) parts("${!a}").get(0)).operator()).isEqualTo("indirect");
    assertThat(((WordPart.Parameter) parts("${a[@]}").get(0)).name()).isEqualTo("a[@]");
    assertThat(((WordPart.Parameter) parts("\"${a%\"}\"}\"").get(1)).operand().literal())
        .isEqualTo("}");
    assertThat(parts("$")).containsExactly(new WordPart.Literal("$", false));
    assertThat(parts("5$%")).containsExactly(new WordPart.Literal("5$%", false));
  }

  @Test
  void commandSubstitution() {
    WordPart.CommandSubstitution modern =
        (WordPart.CommandSubstitution) parts("$(a $(b) \")\")").get(0);
    assertThat(modern.script().statements()).hasSize(1);
    WordPart.CommandSubstitution old =
        (WordPart.CommandSubstitution) parts("`a \\`b\\` 'c'`").get(0);
    assertThat(old.quoted()).isFalse();
    assertThat(((WordPart.CommandSubstitution) parts("\"$(a)\"").get(1)).quoted()).isTrue();
  }

  @Test
  void arithmeticAndNestedSubshells() {
    assertThat(parts("$((1 + (2 * x)))").get(0)).isInstanceOf(WordPart.Arithmetic.class);
    assertThat(parts("$((a); b)").get(0)).isInstanceOf(WordPart.CommandSubstitution.class);
    assertThat(only("((x = 1))")).isInstanceOf(Command.Test.class);
    assertThat(only("((a) ; (b))")).isInstanceOf(Command.Subshell.class);
  }

  @Test
  void globsTildesAndBraces() {
    assertThat(parts("*.[ch]"))
        .containsExactly(
            new WordPart.Glob("*"), new WordPart.Literal(".", false), new WordPart.Glob("[ch]"));
    assertThat(parts("'*'")).containsExactly(new WordPart.Literal("*", true));
    assertThat(parts("~/a"))
        .containsExactly(new WordPart.Tilde(""), new WordPart.Literal("/a", false));
    assertThat(parts("~bob")).containsExactly(new WordPart.Tilde("bob"));
    assertThat(parts("a~")).containsExactly(new WordPart.Literal("a~", false));
    assertThat(((WordPart.Brace) parts("{a,b{c,d},}").get(0)).alternatives()).hasSize(3);
    assertThat(parts("{1..5..2}")).containsExactly(new WordPart.BraceRange("1", "5", 2));
    assertThat(parts("{a}")).containsExactly(new WordPart.Literal("{a}", false));
    assertThat(parts("a{b,c")).containsExactly(new WordPart.Literal("a{b,c", false));
    assertThat(parts("{},{}")).containsExactly(new WordPart.Literal("{},{}", false));
  }

  @Test
  void listsAndPipelines() {
    Command.AndOr list = (Command.AndOr) only("a && b | c || d");
    assertThat(list.rest()).hasSize(2);
    assertThat(list.rest().get(0).and()).isTrue();
    assertThat(list.rest().get(0).command()).isInstanceOf(Command.Pipeline.class);
    assertThat(list.rest().get(1).and()).isFalse();
    assertThat(parse("a; b & c\nd").script().statements())
        .extracting(Script.Statement::background)
        .containsExactly(false, true, false, false);
    assertThat(((Command.Pipeline) only("! a |& b")).negated()).isTrue();
    assertThat(((Command.Pipeline) only("time -p a")).timed()).isTrue();
    assertThat(only("a |\n b")).isInstanceOf(Command.Pipeline.class);
  }

  @Test
  void redirections() {
    Command.Simple simple = (Command.Simple) only("a <in 2>err >>out 3<>both &>all >|force x 4");
    assertThat(simple.redirections())
        .extracting(Redirection::op)
        .containsExactly(
            Redirection.Op.READ,
            Redirection.Op.WRITE,
            Redirection.Op.APPEND,
            Redirection.Op.READ_WRITE,
            Redirection.Op.WRITE_BOTH,
            Redirection.Op.WRITE);
    assertThat(simple.redirections())
        .extracting(Redirection::fd)
        .containsExactly(-1, 2, -1, 3, -1, -1);
    assertThat(simple.words()).extracting(Word::literal).containsExactly("a", "x", "4");
    Command.Simple dup = (Command.Simple) only("a 2>&1 >&file >&-");
    assertThat(dup.redirections())
        .extracting(Redirection::op)
        .containsExactly(
            Redirection.Op.DUPLICATE_OUTPUT,
            Redirection.Op.WRITE_BOTH,
            Redirection.Op.DUPLICATE_OUTPUT);
    assertThat(((Command.Subshell) only("(a) > f")).redirections()).hasSize(1);
    assertThat(parts("<(a b)").get(0)).isInstanceOf(WordPart.ProcessSubstitution.class);
  }

  @Test
  void hereDocuments() {
    ParsedLine parsed = parse("cat <<A <<-'B' | wc\n$x `c`\nA\n\t\tliteral $y\n\tB\necho done");
    assertThat(parsed.errors()).isEmpty();
    assertThat(parsed.script().statements()).hasSize(2);
    Command.Pipeline pipeline = (Command.Pipeline) parsed.script().statements().get(0).command();
    List<Redirection> documents = pipeline.stages().get(0).redirections();
    assertThat(documents.get(0).target().parts())
        .hasAtLeastOneElementOfType(WordPart.Parameter.class)
        .hasAtLeastOneElementOfType(WordPart.CommandSubstitution.class);
    assertThat(documents.get(1).target().literal()).isEqualTo("literal $y\n");
    assertThat(((Command.Simple) only("cat <<< \"a b\"")).redirections().get(0).op())
        .isEqualTo(Redirection.Op.HERE_STRING);
    Command.Simple nested = (Command.Simple) only("x \"$(cat <<E\ntext )\nE\n)\" tail");
    assertThat(nested.words()).hasSize(3);
  }

  @Test
  void compoundCommands() {
    Command.If condition = (Command.If) only("if a; then b; elif c\nthen d; else e; fi > f");
    assertThat(condition.branches()).hasSize(2);
    assertThat(condition.otherwise().statements()).hasSize(1);
    assertThat(condition.redirections()).hasSize(1);
    Command.For loop = (Command.For) only("for f in a 'b c' $d; do x \"$f\"; done");
    assertThat(loop.variable()).isEqualTo("f");
    assertThat(loop.items()).hasSize(3);
    assertThat(((Command.For) only("for ((i=0;i<3;i++)); do x; done")).expression()).isNotNull();
    assertThat(((Command.For) only("for f\ndo x; done")).items()).isNull();
    assertThat(((Command.Loop) only("until a; do b; done")).until()).isTrue();
    Command.Case choice = (Command.Case) only("case $x in a|b) c ;; (d) e;f;; *) g\nesac");
    assertThat(choice.clauses()).hasSize(3);
    assertThat(choice.clauses().get(0).patterns()).hasSize(2);
    assertThat(choice.clauses().get(1).body().statements()).hasSize(2);
    assertThat(((Command.Function) only("f() { a; }")).name()).isEqualTo("f");
    assertThat(((Command.Function) only("function g { a; }")).name()).isEqualTo("g");
    assertThat(((Command.Test) only("[[ -f $x && ( a < b || $c =~ ^(d|e)$ ) ]]")).words())
        .isNotEmpty();
    assertThat(only("{ a; b; }")).isInstanceOf(Command.Group.class);
    assertThat(words("echo if then fi { }")).containsExactly("echo", "if", "then", "fi", "{", "}");
  }

  @Test
  void assignments() {
    Command.Simple simple = (Command.Simple) only("A=1 B+='x y' C=~/d D[2]=e F=(g 'h i') cmd K=v");
    assertThat(simple.assignments())
        .extracting(Assignment::name)
        .containsExactly("A", "B", "C", "D[2]", "F");
    assertThat(simple.assignments().get(1).append()).isTrue();
    assertThat(simple.assignments().get(2).value().parts().get(0))
        .isEqualTo(new WordPart.Tilde(""));
    assertThat(simple.assignments().get(4).elements()).hasSize(2);
    assertThat(simple.words()).extracting(Word::literal).containsExactly("cmd", "K=v");
    assertThat(((Command.Simple) only("declare -a x=(a b) y")).words()).hasSize(6);
  }

  @Test
  void malformedInputGivesWhatCouldBeRead() {
    for (String line :
        List.of(
            "a 'b",
            "a \"b",
            "a $(b",
            "a `b",
            "a ${b",
            "if a; then b",
            "for",
            "case x in",
            "a &&",
            "a |",
            "( a",
            "{ a",
            "a )",
            "cat <<E",
            "a >",
            "f() ",
            "[[ a",
            "while x",
            "& a",
            "a ) b")) {
      ParsedLine parsed = parse(line);
      assertThat(parsed.errors()).as(line).isNotEmpty();
      assertThat(parsed.truncated()).as(line).isFalse();
    }
    assertThat(parse("a; b ) c").script().statements()).hasSize(3);
    assertThat(parse("rm x; if").script().statements().get(0).command())
        .isInstanceOf(Command.Simple.class);
  }

  @Test
  void boundsTruncate() {
    assertThat(parse("(".repeat(500) + "a").truncated()).isTrue();
    assertThat(parse("a $(".repeat(500)).truncated()).isTrue();
    assertThat(parse("a ".repeat(100_000)).truncated()).isTrue();
    assertThat(ShellParser.parse("abcdef", new ShellLimits(3, 4, 10)).truncated()).isTrue();
    assertThat(parse("coproc ".repeat(1000)).truncated()).isTrue();
  }
}
