package dev.quintai.esjni;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.TruthSource.Availability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A command that was run under a trace to its end, and what was seen of it. */
record Traced(int exitCode, ProcessId root, List<Event> events) {

  /** The test is skipped where nothing can be watched. */
  static Path runtimeDirectory(Path temp) throws Exception {
    Path directory = temp.resolve("run");
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Availability availability = LinuxTrace.availability(directory);
    assumeTrue(availability.available(), availability.cause());
    return directory;
  }

  static LinuxTrace.Builder builder(Path temp) throws Exception {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("LC_ALL", "C");
    return LinuxTrace.builder()
        .runtimeDirectory(runtimeDirectory(temp))
        .clock(BootClock.open(temp))
        .environment(environment)
        .directory(temp);
  }

  static Traced run(Path temp, String... command) throws Exception {
    return run(temp, builder -> builder, command);
  }

  static Traced run(Path temp, UnaryOperator<LinuxTrace.Builder> settings, String... command)
      throws Exception {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    return run(temp, settings, events::add, events, command);
  }

  static Traced run(
      Path temp,
      UnaryOperator<LinuxTrace.Builder> settings,
      Consumer<? super Event> consumer,
      List<Event> events,
      String... command)
      throws Exception {
    try (LinuxTrace trace = settings.apply(builder(temp)).command(List.of(command)).build()) {
      trace.start(consumer);
      int code = trace.waitFor();
      return new Traced(code, trace.root(), List.copyOf(events));
    }
  }

  /** What was done to files in or below a directory, in order. */
  List<FileEvent> files(Path below) {
    return all(FileEvent.class).stream()
        .filter(
            event ->
                event.path().startsWith(below.toString())
                    || String.valueOf(event.newPath()).startsWith(below.toString()))
        .toList();
  }

  /** The programs that were executed, by their argument vectors. */
  List<List<String>> executed() {
    return all(ProcessExec.class).stream().map(ProcessExec::argv).toList();
  }

  <T extends Event> List<T> all(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
