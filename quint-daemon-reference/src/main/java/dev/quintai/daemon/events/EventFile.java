package dev.quintai.daemon.events;

import dev.quintai.core.event.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads a recording line by line; a bad line is told and skipped, and the rest goes through. */
public final class EventFile {

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
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)),
            1 << 16)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
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
