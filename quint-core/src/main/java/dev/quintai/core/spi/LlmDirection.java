package dev.quintai.core.spi;

/** Which way a body goes. */
public enum LlmDirection {
  /** From the agent to the model. */
  REQUEST,
  /** From the model to the agent. */
  RESPONSE
}
