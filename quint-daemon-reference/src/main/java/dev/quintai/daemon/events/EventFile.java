package dev.quintai.daemon.events;

import dev.quintai.core.event.Event;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads a recording line by line; a bad line is told and skipped, and the rest goes through. */
public final class EventFile {

  /** How many characters a line may have. */
  static final int MAX_LINE = 16 * 1024 * 1024;

  private EventFile() {}

  /**
   * Reads every event of a file.
   *
   * @param file JSON Lines
   * @param events receives the events in file order
   * @param problems receives one message, with file, line and field, for each line that is none
   * @return how many lines could not be read
   * @throws IOException when the file cannot be read
   */
  public static long read(Path file, Consumer<Event> events, Consumer<String> problems)
      throws IOException {
    EventReader reader = new EventReader();
    long bad = 0;
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "a file was expected, not a folder");
    }
    try (LineReader lines =
        new LineReader(
            new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)),
            MAX_LINE)) {
      long number = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        if (lines.tooLong()) {
          bad++;
          problems.accept(
              file + ":" + number + ": at most " + MAX_LINE + " characters a line were expected");
          continue;
        }
        if (line.isBlank()) {
          continue;
        }
        Event event;
        try {
          event = reader.read(line);
        } catch (BadRecordException e) {
          bad++;
          problems.accept(file + ":" + number + ": " + e.getMessage());
          continue;
        }
        events.accept(event);
      }
    }
    return bad;
  }
}
