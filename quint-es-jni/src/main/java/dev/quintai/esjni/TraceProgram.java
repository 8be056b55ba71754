package dev.quintai.esjni;

import dev.quintai.core.spi.TruthSource.Availability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The program in a runtime directory, and whether it works there. */
final class TraceProgram {

  private static final int DIRECTORIES = 16;

  private static final Map<Path, Availability> KNOWN =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Availability> eldest) {
          return size() > DIRECTORIES;
        }
      };

  private TraceProgram() {}

  static Availability availability(Path runtimeDirectory) {
    String missing = NativeBinary.missing();
    if (!missing.isEmpty()) {
      return Availability.no(missing);
    }
    Path directory = runtimeDirectory.toAbsolutePath().normalize();
    synchronized (KNOWN) {
      return KNOWN.computeIfAbsent(directory, TraceProgram::test);
    }
  }

  private static Availability test(Path directory) {
    try {
      return SelfTest.run(NativeBinary.extract(directory));
    } catch (IOException e) {
      return Availability.no("quint-trace cannot be unpacked: " + e.getMessage());
    }
  }

  /** Ready to run. */
  static Path extract(Path runtimeDirectory) throws IOException {
    String missing = NativeBinary.missing();
    if (!missing.isEmpty()) {
      throw new TraceRefusedException(TraceRefusedException.Reason.NO_PROGRAM, missing);
    }
    return NativeBinary.extract(runtimeDirectory.toAbsolutePath());
  }
}
