package dev.quintai.divergence;

import dev.quintai.core.sensitive.SensitiveTarget;

/**
 * Something a process did, ready to be held against declarations.
 *
 * @param act its class
 * @param time nanoseconds since the Unix epoch
 * @param proc who did it
 * @param target what it was done to, canonical: a path, a host, a program
 * @param requested the path as the process asked for it, canonical, when it is another one
 * @param shown what a person is shown; null for an exec, whose image tells it when it is asked
 * @param count for how many equal events it stands
 * @param sensitive what the target is, or null
 * @param image what an exec runs, or null
 */
record Act(
    ActClass act,
    long time,
    Proc proc,
    String target,
    String requested,
    String shown,
    int count,
    SensitiveTarget sensitive,
    ExecImage image) {

  /**
   * The act without its words where they are long: wrappers of tens of kilobytes, two a call, would
   * fill a session. Only a call refused after it ran could still have used them.
   */
  Act brief() {
    return image == null || !image.isLong()
        ? this
        : new Act(act, time, proc, target, requested, shown(), count, sensitive, null);
  }

  /** What a person is shown. */
  @Override
  public String shown() {
    return shown == null && image != null ? image.shown() : shown;
  }
}
