package dev.quintai.esjni;

import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.sensitive.SensitiveTargets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The table of sensitive targets as the supervisor's patterns (see {@code ask.h}), which match what
 * the table matches and somewhat more: a home is any folder, and {@code *} any number of names.
 */
final class AskPatterns {

  private AskPatterns() {}

  /** Writes them to a file of the folder, which the supervisor reads before it starts a command. */
  static Path write(SensitiveTargets targets, Path folder) throws IOException {
    String lines = String.join("\n", lines(targets)) + "\n";
    Path file = Files.createTempFile(folder, "ask-", ""); // 0600
    return Files.write(file, lines.getBytes(StandardCharsets.UTF_8));
  }

  static Set<String> lines(SensitiveTargets targets) {
    Set<String> lines = new LinkedHashSet<>();
    for (SensitiveTarget target : targets.targets()) {
      switch (target.kind()) {
        case PRIVILEGE, SCHEDULER -> {} // programs: an exec is not asked about
        case METADATA -> {
          if (target.pattern().matches("[0-9.]+|[0-9a-f]*:[0-9a-f:]+")) {
            lines.add("a connect:*" + target.pattern() + "*");
          }
        }
        default -> lines.add((target.writeOnly() ? "w " : "a ") + path(target.pattern()));
      }
    }
    return lines;
  }

  private static String path(String pattern) {
    String end = pattern.endsWith("/**") ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (end.startsWith("~/")) {
      return "*" + end.substring(1);
    }
    return end.startsWith("/") ? end : "*/" + end;
  }
}
