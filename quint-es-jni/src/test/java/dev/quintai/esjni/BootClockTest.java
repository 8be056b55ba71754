package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootClockTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @TempDir Path temp;

  private static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * SECOND + now.getNano();
  }

  @Test
  void aFreshClockAgreesWithTheWallClock() throws Exception {
    assertThat(BootClock.open(temp).nowNanos())
        .isBetween(wallNanos() - SECOND, wallNanos() + SECOND);
  }

  @Test
  void itDoesNotGoBackwards() throws Exception {
    BootClock clock = BootClock.open(temp);
    long last = clock.nowNanos();
    for (int i = 0; i < 100_000; i++) {
      long now = clock.nowNanos();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
  }

  @Test
  void theOffsetIsKeptForTheBoot() throws Exception {
    assumeTrue(Uptime.ofSystem() != null, "no /proc/uptime here");
    BootClock first = BootClock.open(temp);
    BootClock second = BootClock.open(temp);

    assertThat(second.offsetNanos()).isEqualTo(first.offsetNanos());
    assertThat(Math.abs(second.nowNanos() - first.nowNanos())).isLessThan(SECOND / 20);
    assertThat(Files.getPosixFilePermissions(temp.resolve("boot-clock")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theOffsetOfAnotherBootAndDamageAreReplaced() throws Exception {
    Path file = temp.resolve("boot-clock");
    for (String content :
        new String[] {"", "other-boot 5\n", "this-boot", "this-boot x\n", "\0\0\0"}) {
      Files.writeString(file, content);
      assertThat(BootOffset.keep(file, "this-boot", 7)).as(content).isEqualTo(7);
      assertThat(BootOffset.keep(file, "this-boot", 8)).as(content).isEqualTo(7);
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsAnError() {
    assumeTrue(Uptime.ofSystem() != null, "no /proc/uptime here");
    assertThatThrownBy(() -> BootClock.open(temp.resolve("missing")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void startTimesAreFlooredToTheMillisecond() throws Exception {
    BootClock clock = BootClock.open(temp);
    long expected = Math.floorDiv(12_345 * 10_000_000L + clock.offsetNanos(), 1_000_000L);
    assertThat(clock.startMs(12_345, 100)).isEqualTo(expected);
  }

  @Test
  void uptimeIsReadToTheHundredth() {
    assertThat(Uptime.parse("12.34 56.78\n")).isEqualTo(12_340_000_000L);
    assertThat(Uptime.parse("0.05 1.00\n")).isEqualTo(50_000_000L);
    assertThat(Uptime.parse("12 56\n")).isEqualTo(-1);
    assertThat(Uptime.parse("x.yz 1\n")).isEqualTo(-1);
    assertThat(Uptime.parse("")).isEqualTo(-1);
  }
}
