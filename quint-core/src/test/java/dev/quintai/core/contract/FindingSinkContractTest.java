package dev.quintai.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.Finding;
import dev.quintai.core.spi.FindingSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingSinkContractTest {

  @Test
  void aSinkThatTakesEverythingPasses() {
    List<Finding> taken = new ArrayList<>();
    FindingSinkContract.verify(() -> taken::add);
    assertThat(taken).hasSizeGreaterThan(1_000);
    assertThat(taken).anyMatch(Finding::takenBack);
  }

  /** Wants a tool call in each finding, and can be closed once. */
  private static final class PickySink implements FindingSink, AutoCloseable {
    private boolean closed;

    @Override
    public void accept(Finding finding) {
      if (finding.toolUseId().isEmpty()) {
        throw new IllegalArgumentException("no call");
      }
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      closed = true;
    }
  }

  @Test
  void brokenPromisesAreFound() {
    assertThatThrownBy(() -> FindingSinkContract.verify(PickySink::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a bare finding")
        .hasMessageContaining("close() again");
  }
}
