package dev.quintai.signatures;

/** What becomes of a detection before a signature is made of it, by its confidence. */
public enum Confirmation {
  /** 0.95 and more: a signature is distilled at once. */
  AUTO,
  /** 0.70 to 0.95: an analyst decides. */
  QUEUE,
  /** Below 0.70: it is logged. */
  LOG;

  /** Confidence from which on nobody is asked. */
  public static final double AUTO_FROM = 0.95;

  /** Confidence from which on an analyst is asked. */
  public static final double QUEUE_FROM = 0.70;

  /**
   * The gate's answer.
   *
   * @param confidence 0 to 1
   */
  public static Confirmation of(double confidence) {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence must be 0 to 1: " + confidence);
    }
    if (confidence >= AUTO_FROM) {
      return AUTO;
    }
    return confidence >= QUEUE_FROM ? QUEUE : LOG;
  }
}
