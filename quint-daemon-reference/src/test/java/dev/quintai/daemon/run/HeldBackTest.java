package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class HeldBackTest {

  @Test
  void nothingPassesBeforeTheRelease() {
    List<Integer> out = new ArrayList<>();
    HeldBack<Integer> held = new HeldBack<>(out::add);
    held.accept(1);
    held.accept(2);
    assertThat(out).isEmpty();
    held.release();
    held.release();
    held.accept(3);
    assertThat(out).containsExactly(1, 2, 3);
  }

  @RepeatedTest(50)
  void theOrderStandsWhileItIsReleased() throws Exception {
    List<Integer> out = Collections.synchronizedList(new ArrayList<>());
    HeldBack<Integer> held = new HeldBack<>(out::add);
    CountDownLatch half = new CountDownLatch(1);
    Thread source =
        new Thread(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                held.accept(i);
                if (i == 1_000) {
                  half.countDown();
                }
              }
            });
    source.start();
    half.await();
    held.release();
    source.join();
    assertThat(out).hasSize(2_000).isSorted();
  }
}
