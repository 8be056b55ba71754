package dev.quintai.esjni;

/** Which opens a trace reports. */
public enum Reads {
  /** All of them. */
  ALL("all"),
  /** Only those that can change a file; far cheaper for the watched processes. */
  WRITES("writes");

  private final String option;

  Reads(String option) {
    this.option = option;
  }

  String option() {
    return option;
  }
}
