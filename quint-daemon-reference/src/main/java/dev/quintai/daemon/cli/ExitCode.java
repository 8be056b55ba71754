package dev.quintai.daemon.cli;

/** The exit codes of every command. */
public final class ExitCode {

  /** Done. */
  public static final int DONE = 0;

  /** Findings, or a failed verification, where the command is a check. */
  public static final int FOUND = 1;

  /** Usage, or input that cannot be read. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
