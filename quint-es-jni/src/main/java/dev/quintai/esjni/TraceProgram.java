package dev.quintai.esjni;

import dev.quintai.core.spi.TruthSource.Availability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program in a runtime directory, and whether it works there. */
final class TraceProgram {

  private static final int ANSWERS = 64;

  private record Question(NativeBinary binary, List<String> options, Path directory) {}

  private static final Map<Question, Availability> KNOWN =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Availability> eldest) {
          return size() > ANSWERS;
        }
      };

  private TraceProgram() {}

  /**
   * What the program says of itself.
   *
   * @param options stand before {@code --self-test}
   */
  static Availability availability(
      NativeBinary binary, List<String> options, Path runtimeDirectory) {
    String missing = binary.missing();
    if (!missing.isEmpty()) {
      return Availability.no(missing);
    }
    Path directory = runtimeDirectory.toAbsolutePath().normalize();
    synchronized (KNOWN) {
      return KNOWN.computeIfAbsent(new Question(binary, options, directory), TraceProgram::test);
    }
  }

  private static Availability test(Question question) {
    try {
      return SelfTest.run(question.binary().extract(question.directory()), question.options());
    } catch (IOException e) {
      return Availability.no(
          question.binary().program() + " cannot be unpacked: " + e.getMessage());
    }
  }

  /** Ready to run. */
  static Path extract(NativeBinary binary, Path runtimeDirectory) throws IOException {
    String missing = binary.missing();
    if (!missing.isEmpty()) {
      throw new TraceRefusedException(TraceRefusedException.Reason.NO_PROGRAM, missing);
    }
    return binary.extract(runtimeDirectory.toAbsolutePath());
  }
}
