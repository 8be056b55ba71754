package dev.quintai.parsers.support;

import java.util.List;
import java.util.Map;

/**
 * What a model says in one response, for writing it in any dialect.
 *
 * @param seed how texts are divided into deltas
 */
public record Said(
    String id,
    String model,
    String thinking,
    String text,
    List<Call> calls,
    long input,
    long output,
    long seed) {

  /** One call. */
  public record Call(String id, String name, Map<String, Object> arguments) {}
}
