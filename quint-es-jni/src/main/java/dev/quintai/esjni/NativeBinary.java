package dev.quintai.esjni;

import java.io.IOException;
import java.nio.file.Path;

/** The {@code quint-trace} program in this jar, and private copies of it that can be run. */
final class NativeBinary {

  private static final String NAME = "quint-trace";

  private NativeBinary() {}

  /** Why there is no program for this machine in the jar, or an empty string when there is. */
  static String missing() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "watching system calls needs Linux";
    }
    if (NativeBinary.class.getResource(resource()) == null) {
      return "this build has no "
          + NAME
          + " for "
          + NativeFile.architecture()
          + "; rebuild quint-es-jni there with gcc or clang installed";
    }
    return "";
  }

  private static String resource() {
    return "/META-INF/native/linux-" + NativeFile.architecture() + "/" + NAME;
  }

  /**
   * A copy of the program in {@code directory} that only its owner can use, made unless it is
   * there.
   *
   * @param directory belongs to us and is closed to others
   * @throws IOException when the copy cannot be made or the program in the jar is damaged
   */
  static Path extract(Path directory) throws IOException {
    return NativeFile.extract(resource(), directory, "");
  }
}
