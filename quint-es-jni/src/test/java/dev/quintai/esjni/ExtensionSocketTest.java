package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.contract.TruthSourceContract;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.SensorLoss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionSocketTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path temp;

  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private ExtensionSocket socket;

  private Path path() {
    return temp.resolve("es.sock");
  }

  private Path secretFile() {
    return temp.resolve("es-auth-secret");
  }

  private ExtensionSocket make(long patienceNanos) {
    return new ExtensionSocket(path(), secretFile(), problems::add, patienceNanos);
  }

  private void start() throws IOException {
    writeSecret("rw-------");
    socket = make(TimeUnit.SECONDS.toNanos(5));
    socket.start(events::add);
  }

  private void writeSecret(String mode) throws IOException {
    Files.writeString(secretFile(), SECRET + "\n");
    Files.setPosixFilePermissions(secretFile(), PosixFilePermissions.fromString(mode));
  }

  @AfterEach
  void stop() throws IOException {
    if (socket != null) {
      socket.close();
      await(() -> !Files.exists(path()));
    }
  }

  private static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!holds.getAsBoolean() && System.nanoTime() < end) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  private List<String> paths() {
    return List.copyOf(events).stream()
        .filter(FileEvent.class::isInstance)
        .map(e -> ((FileEvent) e).path())
        .toList();
  }

  private long lost() {
    return List.copyOf(events).stream()
        .filter(SensorLoss.class::isInstance)
        .mapToLong(e -> ((SensorLoss) e).lost())
        .sum();
  }

  /** Whether the daemon has hung up. */
  private static boolean ended(ExtensionClient client) {
    try {
      ByteBuffer rest = ByteBuffer.allocate(64);
      while (client.channel.read(rest) >= 0) {
        rest.clear();
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void anExtensionThatKnowsTheSecretIsHeard() throws Exception {
    start();
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      client.send(ExtensionClient.unlink("/a", 0));
      byte[] second = ExtensionClient.unlink("/b", 3);
      client.send(Arrays.copyOf(second, 50));
      client.send(Arrays.copyOfRange(second, 50, second.length));
      await(() -> paths().equals(List.of("/a", "/b")));
      assertThat(events.get(1)).isInstanceOf(SensorLoss.class);
      assertThat(lost()).isEqualTo(3);
      client.send(loss(1_700_000_002L * 1_000_000_000L, 5));
      await(() -> lost() == 5);
    }
    assertThat(problems).isEmpty();
    try (ExtensionClient again = ExtensionClient.connected(path(), SECRET)) {
      again.send(ExtensionClient.unlink("/c", 0));
      await(() -> paths().contains("/c"));
      assertThat(lost()).as("what happened between the two").isEqualTo(6);
    }
  }

  private static byte[] loss(long time, long total) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(24)
        .putShort((short) 0x104)
        .putShort((short) 1)
        .putLong(time)
        .putLong(total)
        .array();
  }

  @Test
  void recordsThatTheBridgeMadeComeThroughAsTheyAre() throws Exception {
    EsStub.assumeBuilt();
    EsLibrary.load(temp);
    EsStub.prepare(0, 0);
    RecordRing ring = new RecordRing(RecordRing.CAPACITY_MIN);
    assertThat(EsLibrary.open(ring.memory(), 0)).isZero();
    start();
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      EsStub.replay(
          "exec args=a|b%20c sid=s tid=t cwd=/w texe=/bin/x", "unlink path=/f", "exit stat=512");
      while (ring.poll(record -> send(client, ring, record), 16) > 0) {}
      await(() -> events.size() == 3);
    } finally {
      assertThat(EsLibrary.close()).isZero();
    }
    ProcessExec exec = (ProcessExec) events.get(0);
    assertThat(exec.argv()).containsExactly("a", "b c");
    assertThat(exec.cwd()).isEqualTo("/w");
    assertThat(exec.teamId()).isEqualTo("t");
    assertThat(exec.origin().source()).isEqualTo(ExtensionSocket.NAME);
    assertThat(((ProcessExit) events.get(2)).exitCode()).isEqualTo(2);
  }

  private static boolean send(ExtensionClient client, RecordRing ring, EsRecord record) {
    byte[] copy = new byte[ring.memory().getInt(record.index())];
    ring.memory().get(record.index(), copy);
    try {
      client.send(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  @Test
  void socketAndSecretAreForTheirOwnerOnly() throws Exception {
    socket = make(TimeUnit.SECONDS.toNanos(5));
    socket.start(events::add);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secretFile())))
        .isEqualTo("rw-------");
    String secret = Files.readString(secretFile()).strip();
    assertThat(secret).hasSize(64);
    ExtensionClient.connected(path(), secret).close();
  }

  @Test
  void aSecretThatIsNoneIsRefused() throws Exception {
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      writeSecret(mode);
      assertThatThrownBy(() -> make(1).start(events::add)).hasMessageContaining("chmod 600");
    }
    Files.setPosixFilePermissions(secretFile(), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(secretFile(), "short");
    assertThatThrownBy(() -> make(1).start(events::add)).hasMessageContaining("at least 32");
    Files.writeString(secretFile(), "x".repeat(5000));
    assertThatThrownBy(() -> make(1).start(events::add)).hasMessageContaining("at most 4096");
    Files.delete(secretFile());
    Files.writeString(temp.resolve("other"), SECRET);
    Files.createSymbolicLink(secretFile(), temp.resolve("other"));
    assertThatThrownBy(() -> make(1).start(events::add)).hasMessageContaining("regular file");
    assertThat(path()).doesNotExist();
  }

  @Test
  void whatIsThereIsNotTakenOver() throws Exception {
    writeSecret("rw-------");
    Files.writeString(path(), "a file");
    assertThatThrownBy(() -> make(1).start(events::add)).hasMessageContaining("no socket");
    Files.delete(path());
    start();
    assertThatThrownBy(() -> make(1).start(events::add)).hasMessageContaining("another daemon");
    ExtensionClient.connected(path(), SECRET).close();
  }

  @Test
  void aSocketThatWasLeftBehindIsReplaced() throws Exception {
    try (var left =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      left.bind(java.net.UnixDomainSocketAddress.of(path()));
    }
    assertThat(path()).exists();
    start();
    ExtensionClient.connected(path(), SECRET).close();
  }

  @Test
  void aWrongSecretIsSentAway() throws Exception {
    start();
    try (ExtensionClient client = new ExtensionClient(path())) {
      client.send(client.answerTo(client.frame(0x101, 40), SECRET.replace('0', '1')));
      assertThat(ended(client)).isTrue();
    }
    assertThat(problems).singleElement().asString().contains("does not know the secret");
    assertThat(socket.refusedConnections()).isEqualTo(1);
  }

  @Test
  void anAnswerThatWasOverheardIsOfNoUse() throws Exception {
    start();
    byte[] overheard;
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      overheard = client.answer;
    }
    try (ExtensionClient replayer = new ExtensionClient(path())) {
      replayer.frame(0x101, 40);
      replayer.send(overheard, ExtensionClient.unlink("/forged", 0));
      assertThat(ended(replayer)).isTrue();
    }
    assertThat(paths()).isEmpty();
    assertThat(socket.refusedConnections()).isEqualTo(1);
  }

  @Test
  void ourOwnChallengeReflectedProvesNothing() throws Exception {
    start();
    try (ExtensionClient client = new ExtensionClient(path())) {
      byte[] challenge = client.frame(0x101, 40);
      byte[] nonce = Arrays.copyOfRange(challenge, 8, 40);
      byte[] frame = Arrays.copyOf(client.answerTo(challenge, "x".repeat(32)), 72);
      System.arraycopy(nonce, 0, frame, 8, 32);
      System.arraycopy(nonce, 0, frame, 40, 32);
      client.send(frame);
      assertThat(ended(client)).isTrue();
    }
    assertThat(socket.refusedConnections()).isEqualTo(1);
  }

  @Test
  void nothingIsTakenBeforeTheProof() throws Exception {
    start();
    for (byte[] first :
        List.of(
            ExtensionClient.unlink("/forged", 0),
            loss(1, 1),
            new byte[72],
            new byte[] {-1, -1, -1, 127, 2, 1, 1, 0})) {
      try (ExtensionClient client = new ExtensionClient(path())) {
        client.frame(0x101, 40);
        client.send(first);
        assertThat(ended(client)).isTrue();
      }
    }
    assertThat(events).isEmpty();
    assertThat(socket.refusedConnections()).isEqualTo(4);
  }

  @Test
  void frameLimitsHold() throws Exception {
    start();
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      byte[] huge = ExtensionClient.unlink("/x", 0);
      ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 64 * 1024 + 8);
      client.send(huge);
      assertThat(ended(client)).isTrue();
    }
    assertThat(problems).singleElement().asString().contains("65544 bytes");
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      client.send(ExtensionClient.unlink("/" + "y".repeat(4000), 0));
      await(() -> paths().size() == 1);
    }
  }

  @Test
  void aFrameThatIsNoRecordIsPassedOverAndCounted() throws Exception {
    start();
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      for (int offset : new int[] {88, 92, 96}) {
        byte[] bad = ExtensionClient.unlink("/x", 0);
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, 5000);
        client.send(bad);
      }
      byte[] unknown = ExtensionClient.unlink("/x", 0);
      unknown[4] = 99;
      client.send(unknown);
      client.send(ExtensionClient.unlink("/good", 0));
      await(() -> paths().equals(List.of("/good")));
    }
    assertThat(lost()).isEqualTo(4);
    assertThat(problems).hasSize(4);
  }

  /** Whatever an extension sends, the socket goes on serving the next one. */
  @Test
  void damagedRecordsHurtNobody() throws Exception {
    start();
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
        for (int i = 0; i < 4; i++) {
          byte[] record = ExtensionClient.unlink("/some/path/to/a/file", 0);
          record[4] = (byte) (1 + random.nextInt(9));
          for (int n = random.nextInt(6); n >= 0; n--) {
            record[random.nextInt(record.length)] = (byte) random.nextInt(256);
          }
          client.send(record);
        }
      } catch (IOException e) {
        // we were sent away, as may happen
      }
    }
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      client.send(ExtensionClient.unlink("/last", 0));
      await(() -> paths().contains("/last"));
    }
  }

  @Test
  void halfOpenConnectionsAreSentAwayAndDoNotBlockOthers() throws Exception {
    writeSecret("rw-------");
    socket = make(TimeUnit.MILLISECONDS.toNanos(300));
    socket.start(events::add);
    List<ExtensionClient> silent = new ArrayList<>();
    try {
      for (int i = 0; i < ExtensionSocket.WAITING_MAX - 1; i++) {
        silent.add(new ExtensionClient(path()));
      }
      try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
        client.send(ExtensionClient.unlink("/heard", 0));
        await(() -> paths().contains("/heard"));
      }
      for (ExtensionClient client : silent) {
        assertThat(ended(client)).isTrue();
      }
      await(() -> socket.refusedConnections() == ExtensionSocket.WAITING_MAX - 1);
    } finally {
      for (ExtensionClient client : silent) {
        client.close();
      }
    }
  }

  @Test
  void aFloodOfConnectionsIsBounded() throws Exception {
    start();
    try (ExtensionClient working = ExtensionClient.connected(path(), SECRET)) {
      List<ExtensionClient> flood = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        flood.add(new ExtensionClient(path()));
      }
      await(() -> socket.refusedConnections() >= 200 - ExtensionSocket.WAITING_MAX);
      working.send(ExtensionClient.unlink("/still/heard", 0));
      await(() -> paths().contains("/still/heard"));
      for (ExtensionClient client : flood) {
        client.close();
      }
      await(() -> socket.refusedConnections() == 200);
      ExtensionClient.connected(path(), SECRET).close();
    }
  }

  @Test
  void aFloodOfRecordsWaitsForASlowConsumer() throws Exception {
    writeSecret("rw-------");
    socket = make(TimeUnit.SECONDS.toNanos(5));
    socket.start(
        event -> {
          events.add(event);
          if (events.size() % 1000 == 0) {
            try {
              Thread.sleep(5);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
      byte[] record = ExtensionClient.unlink("/f", 0);
      for (int i = 0; i < 20_000; i++) {
        client.send(record);
      }
      await(() -> events.size() == 20_000);
    }
    assertThat(lost()).isZero();
  }

  @Test
  void aNewerExtensionTakesThePlaceOfTheOlder() throws Exception {
    start();
    try (ExtensionClient older = ExtensionClient.connected(path(), SECRET);
        ExtensionClient newer = ExtensionClient.connected(path(), SECRET)) {
      assertThat(ended(older)).isTrue();
      newer.send(ExtensionClient.unlink("/newer", 0));
      await(() -> paths().contains("/newer"));
    }
  }

  @Test
  void itIsATruthSource() throws Exception {
    writeSecret("rw-------");
    TruthSourceContract.verifyAtWork(
        () -> make(TimeUnit.SECONDS.toNanos(5)),
        () -> {
          try (ExtensionClient client = ExtensionClient.connected(path(), SECRET)) {
            client.send(ExtensionClient.unlink("/a", 0));
          } catch (IOException e) {
            assertThat(e).isNotNull(); // closed
          }
        },
        Duration.ofSeconds(10));
  }
}
