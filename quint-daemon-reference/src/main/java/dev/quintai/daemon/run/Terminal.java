package dev.quintai.daemon.run;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * The terminal belongs to the agent. Its modes are kept before and put back after, since an agent
 * that is killed leaves them as they were in its hands; the terminal's signals are the agent's too.
 */
final class Terminal {

  private final String modes;

  private Terminal(String modes) {
    this.modes = modes;
  }

  /** Remembers the modes of standard input, if that is a terminal. */
  static Terminal remember() {
    try {
      Process stty =
          new ProcessBuilder("stty", "-g")
              .redirectInput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Terminal(stty.waitFor() == 0 ? text.strip() : null);
    } catch (IOException e) {
      return new Terminal(null); // no stty, no terminal to speak of
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Terminal(null);
    }
  }

  /** Puts the modes back. */
  void restore() {
    if (modes == null || !ForegroundGroup.oursOrNobodys()) {
      return;
    }
    try {
      // The agent may have died as the terminal's foreground: stty must not be stopped for that.
      new ProcessBuilder(List.of("sh", "-c", "trap '' TTOU; exec stty \"$1\"", "sh", modes))
          .redirectInput(Redirect.INHERIT)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start()
          .waitFor(2, TimeUnit.SECONDS);
    } catch (IOException e) {
      // it was there a moment ago; nothing more can be done
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Leaves the terminal's signals to the agent. They are handled here by doing nothing, not
   * ignored: a child process inherits what is ignored, but not what is handled.
   */
  static void leaveSignalsToTheAgent() {
    for (String name : List.of("INT", "QUIT", "TSTP")) {
      handle(name, () -> {});
    }
  }

  /** Runs an action when this process is asked to end. */
  static void onTermination(Runnable action) {
    for (String name : List.of("TERM", "HUP")) {
      handle(name, action);
    }
  }

  /** Runs an action when a process without an agent of its own is asked to end, however that is. */
  static void onEveryEnd(Runnable action) {
    handle("INT", action);
    onTermination(action);
  }

  private static void handle(String name, Runnable action) {
    try {
      Signal.handle(new Signal(name), signal -> action.run());
    } catch (IllegalArgumentException e) {
      // the virtual machine keeps SIGQUIT: the launcher silences the thread dump that it prints
    }
  }
}
