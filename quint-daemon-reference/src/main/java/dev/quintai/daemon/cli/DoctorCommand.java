package dev.quintai.daemon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code quint doctor}. */
@Command(name = "doctor", description = "Says what is configured against what is really in effect.")
final class DoctorCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return ExitCode.DONE;
  }
}
