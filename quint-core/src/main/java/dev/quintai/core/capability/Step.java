package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import java.util.Objects;

/**
 * One thing that a tool call does.
 *
 * @param capability what is done
 * @param host the host that it declares to reach, as written, or null
 * @param sensitive whether its target is a sensitive one
 * @param unmapped whether the capability is the default for want of a rule
 */
public record Step(Capability capability, String host, boolean sensitive, boolean unmapped) {

  public Step {
    Objects.requireNonNull(capability, "capability");
  }

  static Step of(Capability capability) {
    return new Step(capability, null, false, false);
  }

  static Step of(Capability capability, String host, boolean sensitive) {
    return new Step(capability, host, sensitive, false);
  }
}
