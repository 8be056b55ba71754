package dev.quintai.fingerprint;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Turns keys (names of tools, servers, domains; addresses) into the hashes that the sketches take:
 * the seeded hash of their UTF-8 bytes, the same from a String and from a slice.
 *
 * <p>Hashes of Strings are remembered, so that a name which comes again costs one look instead of
 * an encoding. Thread-safe without locks. Allocates nothing for slices and for remembered Strings.
 */
public final class KeyHasher {
  // The memo is a four-way set-associative table of immutable entries. Threads race on its cells,
  // and each outcome is right: an entry's fields are final, so whoever sees it sees a whole one,
  // and a lost write costs one more miss. A key is looked for first in the place of its set that
  // its hash names, so that most are found there.
  //
  // An entry is found by String.hashCode, which strings cache, and trusted only when the Strings
  // are equal: names that collide there (easy to make) only cost misses. Long keys are not kept, so
  // the memo holds at most entries * (LONGEST + 64) bytes or so.

  /** What stands for "there is no such key"; no key hashes to it. */
  public static final long NONE = 0;

  /** How many Strings are remembered by default. */
  public static final int DEFAULT_MEMO = 16_384;

  private static final int LONGEST = 256;
  private static final int WAYS = 4;
  private static final int SPREAD = 0x9E37_79B9;

  private record Entry(String key, long hash) {}

  private final HashSeed seed;
  private final KeyHash hash;
  private final Entry[] memo;
  private final int shift;

  /** Keys hashed with XXH3, {@value #DEFAULT_MEMO} of them remembered (64 KiB and the names). */
  public KeyHasher(HashSeed seed) {
    this(seed, KeyHash.xxh3(seed), DEFAULT_MEMO);
  }

  /**
   * Keys hashed with another function.
   *
   * @param seed what fingerprints are marked with; another function needs another seed
   * @param hash the function, made with that seed
   * @param memo how many Strings to remember, a power of two from 4 to 2<sup>24</sup>
   * @throws IllegalArgumentException when {@code memo} is not
   */
  public KeyHasher(HashSeed seed, KeyHash hash, int memo) {
    this.seed = Objects.requireNonNull(seed, "seed");
    this.hash = Objects.requireNonNull(hash, "hash");
    if (memo < WAYS || memo > 1 << 24 || Integer.bitCount(memo) != 1) {
      throw new IllegalArgumentException("memo must be a power of two from 4 to 2^24: " + memo);
    }
    this.memo = new Entry[memo];
    this.shift = Integer.numberOfLeadingZeros(memo) + 1;
  }

  /** The id of the seed. */
  public long seedId() {
    return seed.id();
  }

  /** The hash of a key; {@link #NONE} for null. */
  public long hash(String key) {
    if (key == null) {
      return NONE;
    }
    int home = (key.hashCode() * SPREAD) >>> shift;
    Entry entry = memo[home];
    return entry != null && entry.key.equals(key) ? entry.hash : find(key, home);
  }

  /** The hash of a key given as UTF-8 bytes. */
  public long hash(byte[] utf8, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, utf8.length);
    long h = hash.hash(utf8, offset, length);
    return h == NONE ? 1 : h;
  }

  private long find(String key, int home) {
    for (int i = 1; i < WAYS; i++) {
      Entry entry = memo[home ^ i];
      if (entry != null && entry.key.equals(key)) {
        return entry.hash;
      }
    }
    return remember(key, home);
  }

  /**
   * Keeps the key at its home; what was there moves on, to the first free place of the set. The
   * last of a full set goes.
   */
  private long remember(String key, int home) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    long h = hash(utf8, 0, utf8.length);
    if (key.length() <= LONGEST) {
      int last = 0;
      while (last < WAYS - 1 && memo[home ^ last] != null) {
        last++;
      }
      for (int i = last; i > 0; i--) {
        memo[home ^ i] = memo[home ^ (i - 1)];
      }
      memo[home] = new Entry(key, h);
    }
    return h;
  }
}
