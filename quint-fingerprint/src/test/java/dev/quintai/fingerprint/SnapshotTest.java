package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.Fingerprints.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quintai.core.Capability;
import dev.quintai.fingerprint.SnapshotException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  @Test
  void theLayoutIsTheOneThatIsDrawn() {
    // Written out here by hand: a change of any offset is a change of the stored format.
    AgentFingerprint fingerprint = Fingerprints.empty();
    fingerprint.update(77L, Capability.SEND, "t", "s", "d", "i", 0.25);
    fingerprint.update(3_000_000_077L, Capability.READ, "t", "s", "d", "i", 0.75);
    ByteBuffer b = ByteBuffer.wrap(fingerprint.snapshot()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(b.capacity()).isEqualTo(3200).isEqualTo(AgentFingerprint.BYTES);
    assertThat(b.get(0)).isEqualTo((byte) 'Q');
    assertThat(b.get(1)).isEqualTo((byte) 'F');
    assertThat(b.get(2)).isEqualTo((byte) 'P');
    assertThat(b.get(3)).isEqualTo((byte) '1');
    assertThat(b.getShort(4)).isEqualTo((short) 3);
    assertThat(b.getLong(8)).isEqualTo(Fingerprints.SEED.id());
    assertThat(b.getLong(16)).isEqualTo(2);
    assertThat(b.getInt(28)).isNotZero();
    assertThat(b.getFloat(32)).isEqualTo(1f);
    assertThat(b.getInt(36)).isEqualTo(2);
    assertThat(b.getLong(1136)).isEqualTo(Fingerprints.AGENT.getMostSignificantBits());
    assertThat(b.getLong(1144)).isEqualTo(Fingerprints.AGENT.getLeastSignificantBits());
    assertThat(b.getLong(40)).isEqualTo(3_000_000_077L);
    assertThat(b.getLong(48)).isEqualTo(2);
    assertThat(b.getFloat(96)).isEqualTo(1f);
    assertThat(b.getFloat(96 + 4 * 6)).isEqualTo(1f);
    assertThat(b.getDouble(56)).isEqualTo(0.5);
    assertThat(b.getDouble(64)).isEqualTo(0.125);
    assertThat(b.getFloat(72)).isEqualTo(0.25f);
    assertThat(b.getFloat(76)).isEqualTo(0.75f);
    assertThat(b.getDouble(80)).isEqualTo(3.0);
    assertThat(b.getFloat(1040)).isEqualTo(0.1f);
    assertThat(ones(b, 144, 64)).isBetween(3, 4);
    assertThat(ones(b, 208, 128)).isBetween(3, 5);
    assertThat(ones(b, 336, 128)).isBetween(3, 5);
    assertThat(b.getShort(464 + 6)).isEqualTo((short) 1);
    assertThat(b.getShort(528 + 6)).isEqualTo((short) 1);
    assertThat(b.getShort(592 + 6)).isEqualTo((short) 1);
    long transitions = 0;
    for (int at = 656 + 8; at < 1040; at += 12) {
      transitions += b.getInt(at);
    }
    assertThat(transitions).isOne();
    long calls = 0;
    for (int at = 1152; at < 3200; at += 2) {
      calls += b.getShort(at);
    }
    assertThat(calls).isEqualTo(8); // two calls in four rows
  }

  /** Written out by hand as well: register 3 is the upper half of the second word. */
  @Test
  void registersAndEstimateLieWhereTheyAreDrawn() {
    byte[] m = new byte[DistinctCounter.BYTES];
    ExaLogLog.estimate(m, 0, 1_000.5);
    long hash = 1L << 62 | 0b10_0011; // register 3, value 4 + 2 + 1, 7 over the 0 before
    assertThat(ExaLogLog.add(m, 0, hash)).isTrue();
    ByteBuffer b = ByteBuffer.wrap(m).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(b.getLong(8) & 0x00FF_FFFF_FFFF_FFFFL).isEqualTo((7L << 20 | 1 << 13) << 28);
    long bits = Double.doubleToRawLongBits(1_000.5 + 1);
    for (int word = 0; word < 8; word++) {
      assertThat(m[8 * word + 7]).isEqualTo((byte) (bits >>> (56 - 8 * word)));
      assertThat(word == 1 ? 0 : b.getLong(8 * word) << 8).isZero();
    }
  }

  @Test
  void aRestoredFingerprintGoesOnExactlyAsTheFirst() throws SnapshotException {
    AgentFingerprint first = Fingerprints.settled(300);
    AgentFingerprint second = AgentFingerprint.restore(first.snapshot(), KEYS);
    assertThat(second.snapshot()).isEqualTo(first.snapshot());
    for (int i = 0; i < 200; i++) {
      long time = Fingerprints.START + (4_000 + i) * Fingerprints.SECOND;
      for (AgentFingerprint f : new AgentFingerprint[] {first, second}) {
        f.update(
            time, Capability.at(i % 12), "new-" + i % 40, "s" + i, "d" + i, "ip" + i, i / 200.0);
      }
    }
    assertThat(second.snapshot()).isEqualTo(first.snapshot());
  }

  @Property(tries = 500)
  void anyFlippedBitIsNoticed(@ForAll @IntRange(max = AgentFingerprint.BYTES * 8 - 1) int bit) {
    byte[] snapshot = Fingerprints.settled(60).snapshot();
    snapshot[bit >> 3] ^= (byte) (1 << (bit & 7));
    Reason reason = reasonOf(snapshot, KEYS);
    assertThat(reason)
        .isEqualTo(bit < 32 ? Reason.MAGIC : bit < 48 ? Reason.VERSION : Reason.CHECKSUM);
  }

  @Test
  void refusalsSayWhy() {
    byte[] snapshot = Fingerprints.settled(60).snapshot();
    assertThat(reasonOf(new byte[0], KEYS)).isEqualTo(Reason.LENGTH);
    assertThat(reasonOf(new byte[AgentFingerprint.BYTES], KEYS)).isEqualTo(Reason.MAGIC);
    KeyHasher other = new KeyHasher(HashSeed.ofSession("4242-1777085379101"));
    assertThat(reasonOf(snapshot, other)).isEqualTo(Reason.SEED);

    byte[] future = snapshot.clone();
    future[4] = 4;
    assertThat(reasonOf(seal(future), KEYS)).isEqualTo(Reason.VERSION);
    SnapshotException e =
        catchThrowableOfType(SnapshotException.class, () -> AgentFingerprint.restore(future, KEYS));
    assertThat(e).hasMessageContaining("version 4").hasMessageContaining("3 is expected");
  }

  @Test
  void aForgedChecksumDoesNotLetNonsenseIn() {
    byte[] snapshot = Fingerprints.settled(60).snapshot();
    int[] doubles = {56, 64, 80, 88};
    for (int at : doubles) {
      byte[] forged = snapshot.clone();
      LittleEndian.f64(forged, at, Double.NaN);
      assertThat(reasonOf(seal(forged), KEYS)).isEqualTo(Reason.CONTENT);
    }
    byte[] distinct = snapshot.clone();
    ExaLogLog.estimate(distinct, 464, Double.NaN);
    assertThat(reasonOf(seal(distinct), KEYS)).isEqualTo(Reason.CONTENT);
    int[] floats = {32, 96, 1040};
    for (int at : floats) {
      byte[] forged = snapshot.clone();
      LittleEndian.f32(forged, at, Float.NEGATIVE_INFINITY);
      assertThat(reasonOf(seal(forged), KEYS)).isEqualTo(Reason.CONTENT);
    }
    byte[] forged = snapshot.clone();
    LittleEndian.i64(forged, 48, -5);
    assertThat(reasonOf(seal(forged), KEYS)).isEqualTo(Reason.CONTENT);
  }

  private static byte[] seal(byte[] snapshot) {
    LittleEndian.i32(snapshot, FingerprintLayout.CHECKSUM, FingerprintLayout.checksum(snapshot));
    return snapshot;
  }

  private static Reason reasonOf(byte[] snapshot, KeyHasher keys) {
    SnapshotException e =
        catchThrowableOfType(
            SnapshotException.class, () -> AgentFingerprint.restore(snapshot, keys));
    return e == null ? null : e.reason();
  }

  private static int ones(ByteBuffer b, int at, int bytes) {
    int ones = 0;
    for (int i = at; i < at + bytes; i++) {
      ones += Integer.bitCount(b.get(i) & 0xFF);
    }
    return ones;
  }
}
