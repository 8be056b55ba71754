package dev.quintai.daemon.audit;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Text as tests need it. */
final class Texts {
  private Texts() {}

  /** Any UTF-16 code units, lone surrogates and NUL often among them. */
  static Arbitrary<String> hostile() {
    Arbitrary<Character> units =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.chars().range(' ', '~')),
            Tuple.of(1, Arbitraries.chars().range('\u0000', '\u001f')),
            Tuple.of(1, Arbitraries.chars().range('\ud800', '\udfff')),
            Tuple.of(1, Arbitraries.of('"', '\\', '\uFFFD', '\uFFFF', '\u2028')),
            Tuple.of(1, Arbitraries.chars().all()));
    return units.list().ofMaxSize(40).map(Texts::join);
  }

  /** Text that has a UTF-8 form. */
  static Arbitrary<String> valid() {
    return hostile().map(s -> SafeText.of(s, Integer.MAX_VALUE));
  }

  private static String join(List<Character> units) {
    StringBuilder s = new StringBuilder();
    units.forEach(s::append);
    return s.toString();
  }
}
