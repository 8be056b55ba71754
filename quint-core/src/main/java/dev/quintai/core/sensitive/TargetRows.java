package dev.quintai.core.sensitive;

import dev.quintai.core.sensitive.SensitiveTarget.Kind;
import java.util.Set;

/** Rows of the built-in table in short form. */
final class TargetRows {

  private final SensitiveTargets.Builder to;

  TargetRows(SensitiveTargets.Builder to) {
    this.to = to;
  }

  void path(Kind kind, String name, Set<String> owners, String source, String... patterns) {
    for (String pattern : patterns) {
      to.path(kind, name, pattern, owners, source);
    }
  }

  void secret(String name, Set<String> owners, String source, String... patterns) {
    path(Kind.CREDENTIAL, name, owners, source, patterns);
  }

  void persistence(String name, Set<String> owners, String source, String... patterns) {
    path(Kind.PERSISTENCE, name, owners, source, patterns);
  }

  void login(String platform, String source, String... patterns) {
    for (String pattern : patterns) {
      to.add(
          new SensitiveTarget(
              Kind.CREDENTIAL, platform + " login", pattern, Set.of(), platform, source));
    }
  }

  void folder(String name, String pattern, String source) {
    to.folder(name, pattern, source);
  }

  void open(String... patterns) {
    for (String pattern : patterns) {
      to.notSensitive(pattern);
    }
  }

  void metadata(String name, String source, String... hosts) {
    for (String host : hosts) {
      to.host(name, host, source);
    }
  }

  void privilege(String source, String... programs) {
    for (String program : programs) {
      to.program("change of user", program, source);
    }
  }

  void scheduler(String source, String... programs) {
    for (String program : programs) {
      to.scheduler("work for later", program, source);
    }
  }
}
