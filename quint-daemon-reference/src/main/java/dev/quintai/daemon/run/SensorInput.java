package dev.quintai.daemon.run;

import dev.quintai.esjni.SensorFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Another sensor that tells what the agent does, named as {@code SENSOR:PATH}.
 *
 * @param format whose lines they are
 * @param path a log that grows, a FIFO, or {@code -} for standard input
 */
record SensorInput(SensorFormat format, Path path) {

  /**
   * Reads {@code SENSOR:PATH}.
   *
   * @return null when it is no sensor at all
   * @throws IllegalArgumentException when it is one without a path
   */
  static SensorInput of(String text) {
    for (SensorFormat format : SensorFormat.values()) {
      String name = format.sourceName();
      if (text.equals(name) || text.equals(name + ":")) {
        throw new IllegalArgumentException(
            name + " needs its lines: " + name + ":FILE, or " + name + ":- for standard input");
      }
      if (text.startsWith(name + ":")) {
        return new SensorInput(format, Path.of(text.substring(name.length() + 1)));
      }
    }
    return null;
  }

  /** The names of all sensors, for messages. */
  static String names() {
    return Arrays.stream(SensorFormat.values())
        .map(format -> format.sourceName() + ":FILE")
        .collect(Collectors.joining(", "));
  }

  boolean standardInput() {
    return path.toString().equals("-");
  }

  /** How messages name it. */
  String name() {
    return standardInput() ? "standard input" : path.toString();
  }

  /**
   * What arrives from now on: of a regular file what is appended, of anything else all of it.
   *
   * @throws IOException when there is no such file, or it may not be read
   */
  InputStream open() throws IOException {
    if (standardInput()) {
      return System.in;
    }
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new IOException(path + ": a file or FIFO that can be read was expected");
    }
    return Files.isRegularFile(path) ? new GrowingFile(path) : Files.newInputStream(path);
  }
}
