package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UtilitiesTest {

  private static UtilityEffects effects(String line) {
    CommandLine parsed = CommandLine.of(line, "/w", "/h");
    return parsed.effects(parsed.uses().size() - 1);
  }

  private static String shown(String line) {
    UtilityEffects effects = effects(line);
    List<String> out =
        new java.util.ArrayList<>(
            effects.files().stream()
                .filter(f -> !f.tree())
                .map(f -> f.access().name().charAt(0) + f.path())
                .toList());
    effects.hosts().forEach(host -> out.add("H" + host));
    return String.join(" ", out);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cat a ~/b ../c | R/w/a R/h/b R/c",
        "head -n 5 a | R/w/a",
        "head -5 a | R/w/a",
        "tail --lines=5 a | R/w/a",
        "sort -k2 -o out in | W/w/out R/w/in",
        "grep -rn pat src | R/w/src",
        "grep -e pat -f pats f | R/w/pats R/w/f",
        "sed -i s/a/b/ f | R/w/f W/w/f",
        "sed -n 1,5p f | R/w/f",
        "cp a b | R/w/a W/w/b",
        "mv a b | R/w/a D/w/a W/w/b",
        "rm -f a b | D/w/a D/w/b",
        "touch a | W/w/a",
        "tee -a log | W/w/log",
        "cat < in > out 2>> err | R/w/in W/w/out W/w/err",
        "curl -s https://a.example/x?y=1 -o f | W/w/f W/w/x Ha.example",
        "curl -d @secret.txt -H 'X: @y' http://h | R/w/secret.txt Hh",
        "curl -F 'f=@up.bin;type=x' http://h | R/w/up.bin Hh",
        "curl -T up.bin ftp://h/ | R/w/up.bin Hh",
        "wget -O f http://h/x | W/w/f W/w/x Hh",
        "scp a u@h:/tmp | R/w/a Hh",
        "scp u@h:a b | W/w/b Hh",
        "ssh -p 22 -i key u@h cat x | R/w/key Hh",
        "nc 203.0.113.7 4444 | H203.0.113.7",
        "dig @9.9.9.9 x.example | H9.9.9.9 Hx.example",
        "git clone https://g.example/x.git | Hg.example",
        "git push git@g.example:o/r.git main | R/w/main Hg.example",
        "dd if=a of=b | R/w/a W/w/b",
        "python3 x.py data.csv | R/w/x.py R/w/data.csv",
        "npm --silent | Hregistry.npmjs.org Hregistry.yarnpkg.com Hregistry.npmmirror.com",
      })
  void declares(String line, String expected) {
    assertThat(shown(line)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cat a b c | 3",
        "cat | 1",
        "head -n 5 a | 1",
        "cat *.c | -1",
        "cat $F | -1",
        "grep x a b | 2",
        "grep -r x . | -1",
        "cp -r a b | -1",
        "find . | xargs cat | -1",
        "python3 x.py | -1",
        "tar cf x.tar a | -1",
        "rg x a | -1",
        "make | -1",
      })
  void bounds(String line, String rest) {
    // The last column may hold a pipe of the line itself.
    String text = line;
    String number = rest;
    if (rest.contains("|")) {
      text = line + " | " + rest.substring(0, rest.lastIndexOf('|'));
      number = rest.substring(rest.lastIndexOf('|') + 1).trim();
    }
    if (text.startsWith("find")) {
      assertThat(effects("find . | xargs cat").boundedReads()).isEqualTo(-1);
      return;
    }
    assertThat(effects(text).boundedReads()).as(text).isEqualTo(Integer.parseInt(number));
  }

  @Test
  void hostsOfDownloads() {
    assertThat(effects("curl https://a https://b").boundedHosts()).isEqualTo(2);
    assertThat(effects("curl -L https://a").boundedHosts()).isEqualTo(-1);
    assertThat(effects("wget -r https://a").boundedHosts()).isEqualTo(-1);
    assertThat(effects("cat x").boundedHosts()).isEqualTo(-1);
  }

  @Test
  void foldersOfCopies() {
    assertThat(effects("cp a dir/").covers(ActClass.FILE_WRITE, "/w/dir/a")).isTrue();
    assertThat(effects("mv a dir").covers(ActClass.FILE_WRITE, "/w/dir/a")).isTrue();
    assertThat(effects("rm -r dir").covers(ActClass.FILE_DELETE, "/w/dir/x/y")).isTrue();
  }

  @Test
  void theWorkingDirectoryOfTheLine() {
    assertThat(shown("cd sub && cat a")).isEqualTo("R/w/sub/a");
    assertThat(shown("cd $X && cat a")).isEmpty();
  }
}
