package dev.quintai.signatures.json;

/** A text that is no I-JSON, or is beyond the limits. */
public final class JsonProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean limit;

  JsonProblem(boolean limit, String message) {
    super(message);
    this.limit = limit;
  }

  /** Whether the text may be well-formed but exceeds a limit. */
  public boolean limit() {
    return limit;
  }
}
