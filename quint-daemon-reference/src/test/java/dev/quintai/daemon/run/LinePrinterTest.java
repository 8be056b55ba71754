package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinePrinterTest {

  private final List<String> told = new ArrayList<>();

  @Test
  void linesArePrintedInOrder() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LinePrinter printer =
        new LinePrinter(new PrintStream(out, false, StandardCharsets.UTF_8), told::add)) {
      for (int i = 0; i < 1_000; i++) {
        printer.accept("line " + i);
      }
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(1_000)
        .startsWith("line 0", "line 1")
        .endsWith("line 999");
    assertThat(told).isEmpty();
  }

  @Test
  void aReaderThatStandsStillHoldsUpNobodyAndTheLossIsTold() {
    CountDownLatch never = new CountDownLatch(1);
    OutputStream stuck =
        new OutputStream() {
          @Override
          public void write(int b) {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    LinePrinter printer =
        new LinePrinter(new PrintStream(stuck, true, StandardCharsets.UTF_8), told::add);
    for (int i = 0; i < LinePrinter.CAPACITY + 100; i++) {
      printer.accept("line");
    }
    printer.close();
    never.countDown();
    assertThat(told).singleElement().asString().contains("were not printed");
  }
}
