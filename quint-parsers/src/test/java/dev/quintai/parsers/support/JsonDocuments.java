package dev.quintai.parsers.support;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Generated JSON. */
public final class JsonDocuments {

  private JsonDocuments() {}

  /** Any document: scalars, and trees of some depth. */
  public static Arbitrary<String> any() {
    Arbitrary<Object> scalar =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMaxLength(20).map(each -> (Object) each),
            Arbitraries.strings()
                .withChars('\\', '"', 'é', '\n', 'u', '€')
                .ofMaxLength(12)
                .map(each -> (Object) each),
            Arbitraries.longs().map(each -> (Object) each),
            Arbitraries.bigDecimals().map(each -> (Object) each),
            Arbitraries.of(true, false).map(each -> (Object) each));
    Arbitrary<Object> tree = scalar;
    for (int depth = 0; depth < 3; depth++) {
      Arbitrary<Object> inner = tree;
      tree =
          Arbitraries.oneOf(
              scalar,
              inner.list().ofMaxSize(4).map(each -> (Object) each),
              Arbitraries.maps(Arbitraries.strings().ascii().ofMaxLength(6), inner)
                  .ofMaxSize(4)
                  .map(each -> (Object) each));
    }
    return tree.map(Json::write);
  }
}
