package dev.quintai.esjni;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HashMap;
import java.util.Map;

/** The framework's stub ({@code src/test/c/es/stub.h}), linked into the library of the tests. */
final class EsStub {

  static final int FAIL_MUTE = 1;
  static final int FAIL_SUBSCRIBE = 2;
  static final int FAIL_DELETE = 4;
  static final int FAIL_TASK_INFO = 8;
  static final int FAIL_RESPOND = 16;

  private EsStub() {}

  static void assumeBuilt() {
    assumeTrue(EsLibrary.missing().isEmpty(), "the stub was not built: no compiler");
  }

  static native void prepare(int newClientResult, int failures);

  private static native int repeat(String lines, int times);

  private static native String report();

  /** Replays messages; see {@code stub.h} for the language. */
  static void replay(String... lines) {
    replay(1, lines);
  }

  static void replay(int times, String... lines) {
    int bad = repeat(String.join("\n", lines), times);
    if (bad != 0) {
      throw new IllegalArgumentException("line " + bad + " of " + String.join("\n", lines));
    }
  }

  /** What the stub has seen of its client. */
  static Map<String, Integer> seen() {
    Map<String, Integer> seen = new HashMap<>();
    for (String word : report().split(" ")) {
      String[] part = word.split("=");
      seen.put(part[0], Integer.valueOf(part[1]));
    }
    return seen;
  }
}
