package dev.quintai.daemon.e2e;

import java.util.List;
import java.util.Map;

/** One answer of a scripted model: some words, and the tools it wants called. */
public record Step(String text, List<Call> calls) {

  /** A tool call. */
  public record Call(String tool, Map<String, Object> arguments) {}

  public static Step says(String text) {
    return new Step(text, List.of());
  }

  public static Step calls(String text, String tool, Map<String, Object> arguments) {
    return new Step(text, List.of(new Call(tool, arguments)));
  }
}
