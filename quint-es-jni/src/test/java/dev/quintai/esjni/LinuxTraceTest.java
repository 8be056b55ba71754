package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTraceTest {

  @TempDir Path temp;

  @Test
  void anExecutedCommandIsSeenWithItsArgumentsAndDirectory() throws Exception {
    Traced traced = Traced.run(temp, "sh", "-c", "exit 7");

    assertThat(traced.exitCode()).isEqualTo(7);
    ProcessExec exec = traced.all(ProcessExec.class).get(0);
    assertThat(exec.process()).isEqualTo(traced.root());
    assertThat(exec.argv()).containsExactly("sh", "-c", "exit 7");
    assertThat(exec.exe()).isEqualTo(Path.of("/bin/sh").toRealPath().toString());
    assertThat(exec.cwd()).isEqualTo(temp.toRealPath().toString());
    List<Event> events = traced.events();
    assertThat(((ProcessExit) events.get(events.size() - 1)).exitCode()).isEqualTo(7);
  }

  @Test
  void aMissingProgramIsAnErrorOfStart() throws Exception {
    try (LinuxTrace trace = Traced.builder(temp).command(List.of("no-such-program-here")).build()) {
      assertThatThrownBy(() -> trace.start(event -> {}))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(TraceRefusedException.class)
          .hasMessageContaining("no such program");
      assertThat(trace.waitFor()).isEqualTo(127);
    }
  }

  @Test
  void timesAreThoseOfTheClock() throws Exception {
    BootClock clock = BootClock.open(temp);
    long before = clock.nowNanos();
    Traced traced = Traced.run(temp, "true");
    long after = clock.nowNanos();

    // The clock is set by a source that counts hundredths of a second, and found between two of
    // them.
    long inaccuracy = 10_000_000;
    for (Event event : traced.all(ProcessExec.class)) {
      assertThat(event.timeNanos()).isBetween(before - inaccuracy, after + inaccuracy);
    }
    assertThat(traced.root().startMs())
        .as("a tick of the process clock is 10 ms")
        .isBetween(before / 1_000_000 - 11, after / 1_000_000 + 1);
  }

  @Test
  void aDirectoryWhosePathIsTooLongForASocketWillDo() throws Exception {
    Path deep = Files.createDirectory(temp.resolve("d".repeat(120)));
    Traced traced = Traced.run(deep, "true");
    assertThat(traced.exitCode()).isZero();
    assertThat(traced.all(ProcessExec.class)).hasSize(1);
  }

  @Test
  void aTraceRunsOnce() throws Exception {
    try (LinuxTrace trace = Traced.builder(temp).command(List.of("true")).build()) {
      assertThatThrownBy(trace::root).isInstanceOf(IllegalStateException.class);
      trace.start(event -> {});
      assertThatThrownBy(() -> trace.start(event -> {})).isInstanceOf(IllegalStateException.class);
      trace.waitFor();
    }
  }

  @Test
  void aConsumerThatThrowsLosesOnlyWhatItRefuses() throws Exception {
    List<Event> taken = new ArrayList<>();
    try (LinuxTrace trace = Traced.builder(temp).command(List.of("true")).build()) {
      trace.start(
          event -> {
            if (event instanceof ProcessExec) {
              throw new IllegalStateException("refused");
            }
            taken.add(event);
          });
      trace.waitFor();
      assertThat(trace.refusedByConsumer()).isEqualTo(1);
    }
    assertThat(taken.get(taken.size() - 1)).isInstanceOf(ProcessExit.class);
  }

  @Test
  void nothingOfOursIsInherited() throws Exception {
    Traced.run(temp, "sh", "-c", "ls /proc/self/fd > descriptors");

    // ls itself holds the directory that it lists.
    assertThat(Files.readAllLines(temp.resolve("descriptors"))).containsExactly("0", "1", "2", "3");
  }
}
