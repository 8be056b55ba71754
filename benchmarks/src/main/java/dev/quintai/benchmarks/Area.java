package dev.quintai.benchmarks;

import java.io.IOException;

/**
 * A part of the product with speed claims of its own. Implementations are named in {@code
 * META-INF/services/dev.quintai.benchmarks.Area}.
 */
public interface Area {

  /** Its name on the command line, for example {@code fingerprint}. */
  String name();

  /**
   * Measures ours and the rivals, interleaved, and reports each pair.
   *
   * @param effort how long, and which cases; what is measured beyond them is not reported
   * @throws IOException when something that must be there cannot be run
   */
  void compare(Effort effort, Results results) throws IOException;
}
