package dev.quintai.core;

import dev.quintai.core.event.ProcessExec;

/**
 * Tells which agent platform a program is. The default is {@link
 * dev.quintai.core.platform.PlatformDetector}.
 */
@FunctionalInterface
public interface PlatformRule {

  /** The platform id, or null when the program is no known agent. */
  String platformOf(ProcessExec exec);

  /**
   * How the agents of the platform come: {@code cli}, {@code electron} or {@code extension_hosted};
   * null when that is not known.
   */
  default String categoryOf(String platform) {
    return null;
  }
}
