package dev.quintai.daemon.run;

import dev.quintai.core.spi.FingerprintStore;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.store.ChosenStore;
import dev.quintai.daemon.store.SeedFile;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.FingerprintDetector;
import dev.quintai.fingerprint.KeyHasher;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/** The fingerprints of a data folder. A store that is down costs detection quality, no more. */
public final class Memory implements Closeable {

  private final FingerprintStore store;
  private final BehaviorCache cache;
  private final boolean learns;
  private final Consumer<String> notices;

  private Memory(
      FingerprintStore store, BehaviorCache cache, boolean learns, Consumer<String> notices) {
    this.store = store;
    this.cache = cache;
    this.learns = learns;
    this.notices = notices;
  }

  /**
   * Opens the fingerprints.
   *
   * @param learns whether what is seen is kept
   */
  public static Memory open(DataDirectory data, boolean learns, Consumer<String> notices)
      throws IOException {
    KeyHasher keys = new KeyHasher(SeedFile.loadOrCreate(data.file("fingerprint-seed")));
    FingerprintStore store = chosen(data);
    BehaviorCache cache = BehaviorCache.builder(keys).store(store).build();
    return new Memory(store, cache, learns, notices);
  }

  private static FingerprintStore chosen(DataDirectory data) {
    try {
      return ChosenStore.open(data.path());
    } catch (IOException e) { // it says which file, and what is expected of it
      throw new Failure(e.getMessage(), e);
    }
  }

  /** Gate 2 with what is known of the agent. */
  public FingerprintDetector remembering() {
    return FingerprintDetector.stored(cache);
  }

  /** Gate 2 as if the agent were new, so that a recording says the same; this memory learns too. */
  public FingerprintDetector startingCold() {
    return FingerprintDetector.cold().teaching(cache);
  }

  @Override
  public void close() throws IOException {
    if (learns) {
      cache.saveAll();
      long failures = cache.stats().storeFailures();
      if (failures > 0) {
        notices.accept(
            "fingerprints: the store failed "
                + failures
                + " times; some of what was learnt is lost");
      }
    }
    store.close();
  }
}
