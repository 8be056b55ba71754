package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import java.io.IOException;
import java.nio.file.Path;
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
}
