package dev.quintai.daemon.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whose turn it is at the terminal: the process group in its foreground (proc(5), stat). */
final class ForegroundGroup {

  private ForegroundGroup() {}

  /**
   * Whether the terminal's modes are ours to set: this process group is in the foreground, or the
   * one that was has ended. A run in the background leaves the editor in the foreground alone.
   */
  static boolean oursOrNobodys() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long group = Long.parseLong(fields[2]);
      long foreground = Long.parseLong(fields[5]);
      return foreground <= 0 || foreground == group || ProcessHandle.of(foreground).isEmpty();
    } catch (IOException | RuntimeException e) {
      return true; // no /proc here
    }
  }
}
