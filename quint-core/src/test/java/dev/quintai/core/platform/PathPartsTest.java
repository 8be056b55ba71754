package dev.quintai.core.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PathPartsTest {
  private static final String[] NAMES = {"a", "b", "ab", "c", "Claude.app", "\u00e9t\u00e9"};

  private static String some(Random random, int most) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i <= random.nextInt(most); i++) {
      path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
    }
    return path.toString();
  }

  /** The rule as the signatures' documentation has it: the first place where the part stands. */
  private static boolean has(String path, String part) {
    boolean below = part.endsWith("**");
    String text = below ? part.substring(0, part.length() - 2) : part;
    int at = path.indexOf(text);
    int end = at + text.length();
    if (at < 0) {
      return false;
    }
    if (below) {
      return path.length() > end;
    }
    return text.endsWith("/")
        ? end < path.length() && path.indexOf('/', end) < 0
        : end == path.length();
  }

  @Property(tries = 3_000)
  void theFirstSignatureWithAPartWins(@ForAll long seed) {
    Random random = new Random(seed);
    String[] parts = new String[4];
    PlatformSignature[] signatures = new PlatformSignature[parts.length];
    for (int i = 0; i < parts.length; i++) {
      String[] ends = {"", "/", "/**", "**"};
      parts[i] = some(random, 2) + ends[random.nextInt(ends.length)];
      if (random.nextInt(20) == 0) {
        parts[i] = random.nextBoolean() ? "/" : "/**";
      }
      PlatformSignature.Builder builder =
          PlatformSignature.builder("p" + i, Platform.Category.CLI, "test");
      signatures[i] = (i == 3 ? builder.scriptPath(parts[i]) : builder.path(parts[i])).build();
    }
    PathParts table = new PathParts(List.of(signatures));
    for (int n = 0; n < 20; n++) {
      String path = some(random, 5);
      boolean script = random.nextBoolean();
      PlatformSignature expected = null;
      for (int i = 0; i < parts.length && expected == null; i++) {
        if (has(path, parts[i]) && (script || i != 3)) {
          expected = signatures[i];
        }
      }
      assertThat(table.find(path, script)).as(path).isSameAs(expected);
    }
  }
}
