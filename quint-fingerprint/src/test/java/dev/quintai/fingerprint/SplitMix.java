package dev.quintai.fingerprint;

/** A fixed-seed source of 64-bit numbers: SplitMix64 (Steele, Lea, Flood 2014). */
final class SplitMix {
  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  long next() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  /** 0 to bound - 1. */
  int next(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  /** 0 (inclusive) to 1 (exclusive). */
  double nextDouble() {
    return (next() >>> 11) * 0x1p-53;
  }

  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
