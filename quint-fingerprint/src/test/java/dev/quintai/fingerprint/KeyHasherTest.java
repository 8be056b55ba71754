package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyHasherTest {

  @Property(tries = 300)
  void stringsAndSlicesHashTheSame(@ForAll String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[utf8.length + 5];
    System.arraycopy(utf8, 0, padded, 3, utf8.length);
    long hash = Fingerprints.KEYS.hash(key);
    assertThat(hash).isEqualTo(Fingerprints.KEYS.hash(padded, 3, utf8.length));
    assertThat(hash).isEqualTo(Fingerprints.KEYS.hash(key)).isNotEqualTo(KeyHasher.NONE);
  }

  @Test
  void keysThatCollideInStringHashCodeAreToldApart() {
    KeyHasher keys = new KeyHasher(Fingerprints.SEED, KeyHash.xxh3(Fingerprints.SEED), 4);
    // One hashCode, more of them than the memo has room for.
    String[] colliding = {"AaAaAa", "AaAaBB", "AaBBAa", "AaBBBB", "BBAaAa", "BBBBBB"};
    long[] hashes = new long[6];
    for (int i = 0; i < 6; i++) {
      hashes[i] = keys.hash(colliding[i]);
    }
    assertThat(hashes).doesNotHaveDuplicates();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 6; i++) {
        assertThat(keys.hash(colliding[i])).isEqualTo(hashes[i]);
      }
    }
  }

  @Test
  void aSetRemembersAsManyKeysAsItHasPlaces() {
    AtomicInteger hashed = new AtomicInteger();
    KeyHash counting = (bytes, offset, length) -> hashed.incrementAndGet();
    for (int start = 0; start < 200; start += 4) {
      KeyHasher keys = new KeyHasher(Fingerprints.SEED, counting, 4); // one set
      hashed.set(0);
      for (int i = 0; i < 12; i++) {
        keys.hash("key" + (start + i % 4));
      }
      assertThat(hashed).hasValue(4);
    }
  }

  @Test
  void theFunctionIsXxh3WithTheSeed() {
    // XXH3_64bits with seed 0 of the empty input, as xxHash's specification prints it, shows that
    // the library behind the seam is XXH3; the seed must then change everything.
    assertThat(net.openhft.hashing.LongHashFunction.xx3().hashBytes(new byte[0]))
        .isEqualTo(0x2D06800538D394C2L);
    KeyHasher other = new KeyHasher(HashSeed.ofSession("1-1"));
    assertThat(other.hash("Bash")).isNotEqualTo(Fingerprints.KEYS.hash("Bash"));
    assertThat(Fingerprints.KEYS.hash((String) null)).isEqualTo(KeyHasher.NONE);
  }

  @Test
  void anotherFunctionCanBePutInAndItsZeroIsNoHole() {
    KeyHasher keys = new KeyHasher(Fingerprints.SEED, (bytes, offset, length) -> 0, 16);
    assertThat(keys.hash("x")).isNotEqualTo(KeyHasher.NONE);
  }

  @Test
  void racingThreadsGetTheRightHashes() throws Exception {
    KeyHasher keys = new KeyHasher(Fingerprints.SEED, KeyHash.xxh3(Fingerprints.SEED), 8);
    String[] names = IntStream.range(0, 64).mapToObj(i -> "name-" + i).toArray(String[]::new);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      Future<?>[] all = new Future<?>[3];
      for (int t = 0; t < 3; t++) {
        all[t] =
            pool.submit(
                () -> {
                  for (int i = 0; i < 50_000; i++) {
                    String name = names[i * 31 % 64];
                    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
                    assertThat(keys.hash(name)).isEqualTo(keys.hash(utf8, 0, utf8.length));
                  }
                });
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void seedsAndSizesAreChecked() {
    assertThatThrownBy(() -> HashSeed.ofSecret(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16");
    KeyHash hash = KeyHash.xxh3(Fingerprints.SEED);
    for (int bad : new int[] {0, 2, 5, 1 << 25}) {
      assertThatThrownBy(() -> new KeyHasher(Fingerprints.SEED, hash, bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Fingerprints.KEYS.hash(new byte[4], 2, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theSecretIsNotShown() {
    HashSeed seed = HashSeed.ofSecret(new byte[32]);
    assertThat(seed.toString())
        .contains(Long.toHexString(seed.id()))
        .doesNotContain(Long.toHexString(seed.value()));
    assertThat(HashSeed.ofSecret(new byte[32]).value()).isEqualTo(seed.value());
    assertThat(HashSeed.ofSecret(new byte[33]).value()).isNotEqualTo(seed.value());
  }
}
