package dev.quintai.core;

/** What answers for a gate that fails or takes too long. */
public enum FailMode {
  /** The call goes through; the default, since an agent must not stop because we did. */
  OPEN,
  /** The call is refused. */
  CLOSED
}
