package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import dev.quintai.core.sensitive.SensitiveTarget;

/**
 * What a step is done to, as far as it matters here.
 *
 * @param host the host that is reached, or null
 * @param sensitive the gravest sensitive target among files and host, or null
 */
record Target(String host, SensitiveTarget sensitive) {
  static final Target NONE = new Target(null, null);

  boolean secret() {
    return sensitive != null && sensitive.secret();
  }

  boolean sensitiveTo(Capability capability) {
    if (sensitive == null) {
      return false;
    }
    return !sensitive.writeOnly()
        || capability == Capability.WRITE
        || capability == Capability.DELETE
        || capability == Capability.CONFIGURE;
  }

  /** With another sensitive target, of which the one that is secret counts. */
  Target and(SensitiveTarget other) {
    return other == null || secret() ? this : new Target(host, other);
  }

  Target at(String otherHost) {
    return host != null || otherHost == null ? this : new Target(otherHost, sensitive);
  }
}
