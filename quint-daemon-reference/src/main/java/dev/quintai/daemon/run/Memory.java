package dev.quintai.daemon.run;

import dev.quintai.daemon.store.SeedFile;
import dev.quintai.daemon.store.SqliteFingerprintStore;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.FingerprintDetector;
import dev.quintai.fingerprint.KeyHasher;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/** The fingerprints of a data folder. A store that is down costs detection quality, no more. */
public final class Memory implements Closeable {

  private final SqliteFingerprintStore store;
  private final BehaviorCache cache;
  private final boolean learns;
  private final Consumer<String> notices;

  private Memory(
      SqliteFingerprintStore store, BehaviorCache cache, boolean learns, Consumer<String> notices) {
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
    SqliteFingerprintStore store = new SqliteFingerprintStore(data.file("fingerprints.db"));
    KeyHasher keys = new KeyHasher(SeedFile.loadOrCreate(data.file("fingerprint-seed")));
    BehaviorCache cache = BehaviorCache.builder(keys).store(store).build();
    return new Memory(store, cache, learns, notices);
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
