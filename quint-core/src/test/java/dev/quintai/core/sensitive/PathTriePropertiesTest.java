package dev.quintai.core.sensitive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The trie against a plain reading of each pattern. */
class PathTriePropertiesTest {

  @Provide
  Arbitrary<String> path() {
    return Arbitraries.of("a", "b", "ab", "aB", "c.d", "")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(names -> "/" + String.join("/", names));
  }

  @Provide
  Arbitrary<String> pattern() {
    Arbitrary<String> last = Arbitraries.of("a", "ab", "*", "**", "a*", "*b", "c*d");
    return Arbitraries.of("a", "b", "ab")
        .list()
        .ofMaxSize(3)
        .flatMap(head -> last.map(l -> "/" + String.join("/", head) + "/" + l));
  }

  /** The regular expression that says the same; names are compared without their empty ones. */
  private static boolean matches(String pattern, String path) {
    String expression =
        collapse(pattern).replace(".", "\\.").replace("**", "\u0001").replace("*", "[^/]*");
    return collapse(path).matches(expression.replace("\u0001", ".+"));
  }

  private static String collapse(String path) {
    String one = path.replaceAll("/+", "/");
    return one.length() > 1 && one.endsWith("/") ? one.substring(0, one.length() - 1) : one;
  }

  @Property
  void onePatternMatchesWhatItsExpressionMatches(
      @ForAll("pattern") String pattern, @ForAll("path") String path) {
    PathTrie<String> trie = new PathTrie<>();
    trie.add(pattern, pattern);
    assertThat(trie.find(path, 0, false) != null)
        .as("%s against %s", pattern, path)
        .isEqualTo(matches(pattern, path) && !collapse(path).equals("/"));
  }

  @Property
  void aTrieOfManyFindsNothingThatNoPatternMatches(
      @ForAll("path") String path,
      @ForAll List<@net.jqwik.api.constraints.IntRange(max = 6) Integer> picks) {
    List<String> patterns = List.of("/a", "/a/b", "/a/**", "/b/a*", "/ab/*/b", "/*", "/b/b/c.d");
    PathTrie<String> trie = new PathTrie<>();
    picks.forEach(i -> trie.add(patterns.get(i), patterns.get(i)));
    String found = trie.find(path, 0, false);
    if (found != null) {
      assertThat(matches(found, path)).as("%s against %s", found, path).isTrue();
    }
  }
}
