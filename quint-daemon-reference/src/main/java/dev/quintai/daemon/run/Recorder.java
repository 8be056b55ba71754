package dev.quintai.daemon.run;

import dev.quintai.core.event.Event;
import dev.quintai.daemon.events.EventWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Writes every event, in the order in which the engine takes it, to a file that {@code replay}
 * reads back to the same findings. Called under the engine's lock; flushed and closed from outside.
 */
final class Recorder implements Consumer<Event>, Closeable {

  private final Path file;
  private final EventWriter out;
  private IOException failure;

  Recorder(Path file) throws IOException {
    this.file = file;
    this.out = new EventWriter(SecureFiles.replace(file));
  }

  @Override
  public synchronized void accept(Event event) {
    if (failure != null) {
      return;
    }
    try {
      out.write(event);
    } catch (IOException e) {
      failure = e;
    }
  }

  synchronized void flush() {
    try {
      if (failure == null) {
        out.flush();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Closes the file.
   *
   * @throws IOException when anything of the recording could not be written
   */
  @Override
  public synchronized void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      failure = failure == null ? e : failure;
    }
    if (failure != null) {
      throw new IOException(
          file + ": the recording is incomplete: " + failure.getMessage(), failure);
    }
  }
}
