package dev.quintai.daemon.signatures;

import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.Suppression;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;

/** What was kept quiet is told: nobody shall have to wonder why nothing was found. */
public final class Suppressed {

  private Suppressed() {}

  /** Tells of each suppression that kept something quiet how much, until when, and why. */
  public static void tell(SignatureDetector signatures, Consumer<String> told) {
    signatures.suppressedBy().entrySet().stream()
        .sorted(
            Map.Entry.comparingByKey(
                Comparator.comparing(Suppression::expires)
                    .thenComparing(Suppression::reason)
                    .thenComparing(Suppression::toString)))
        .forEach(entry -> told.accept(sentence(entry.getKey(), entry.getValue())));
  }

  private static String sentence(Suppression by, long count) {
    return count
        + (count == 1 ? " finding was" : " findings were")
        + " suppressed until "
        + by.expires()
        + ": "
        + by.reason();
  }
}
