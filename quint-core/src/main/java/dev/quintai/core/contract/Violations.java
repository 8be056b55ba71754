package dev.quintai.core.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Collects broken promises, so that one run tells all of them. */
final class Violations {
  private static final int MAX = 50;

  private final String subject;
  private final List<String> found = new ArrayList<>();
  private Throwable cause;

  Violations(String subject) {
    this.subject = subject;
  }

  void check(boolean holds, String promise) {
    if (!holds && found.size() < MAX && !found.contains(promise)) {
      found.add(promise);
    }
  }

  void same(Object expected, Object actual, String promise) {
    if (!Objects.equals(expected, actual)) {
      check(false, promise + ": " + brief(expected) + " against " + brief(actual));
    }
  }

  /** The result, or null with a violation when it throws. */
  <T> T call(String promise, Callable<T> action) {
    try {
      return action.call();
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      if (cause == null) {
        cause = e;
      }
      check(false, promise + ": threw " + e);
      return null;
    }
  }

  void run(String promise, Action action) {
    call(
        promise,
        () -> {
          action.run();
          return null;
        });
  }

  /** An action that may throw. */
  interface Action {
    void run() throws Exception;
  }

  boolean none() {
    return found.isEmpty();
  }

  /** Throws when a promise was broken. */
  void tell() {
    if (!found.isEmpty()) {
      AssertionError error =
          new AssertionError(
              subject + " breaks its contract:\n  - " + String.join("\n  - ", found));
      if (cause != null) {
        error.initCause(cause);
      }
      throw error;
    }
  }

  private static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 300 ? text : text.substring(0, 300) + "...";
  }
}
