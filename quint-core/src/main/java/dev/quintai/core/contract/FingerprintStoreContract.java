package dev.quintai.core.contract;

import dev.quintai.core.spi.FingerprintStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * What callers rely on in a {@link FingerprintStore}: what was saved last is what is loaded, byte
 * for byte, for each agent by itself; neither side keeps the other's array; an agent without a
 * snapshot gives an empty answer, not an error; null is refused; closing twice is as good as once;
 * threads do not disturb each other.
 */
public final class FingerprintStoreContract {
  private static final int TASKS = 16;
  private static final int ROUNDS = 50;

  private FingerprintStoreContract() {}

  /**
   * Checks an implementation from one thread.
   *
   * @param stores gives an open, empty store of its own each time
   * @throws AssertionError listing every promise broken
   */
  public static void verify(Supplier<? extends FingerprintStore> stores) {
    Violations violations = new Violations("The store");
    FingerprintStore store = violations.call("a new store", stores::get);
    if (store != null) {
      keeps(violations, store);
      refuses(violations, "save() refuses a null snapshot", () -> save(store, agent(9), null));
      refuses(violations, "save() refuses a null agent", () -> save(store, null, new byte[1]));
      refuses(violations, "load() refuses a null agent", () -> store.load(null));
      violations.run("close()", store::close);
      violations.run("close() again", store::close);
    }
    violations.tell();
  }

  private static void keeps(Violations violations, FingerprintStore store) {
    same(violations, store, agent(1), null, "an agent without a snapshot gives nothing");
    for (int length : new int[] {0, 1, 3_160, 65_536}) {
      byte[] bytes = bytes(length, length);
      violations.run("save()", () -> store.save(agent(1), bytes));
      Arrays.fill(bytes, (byte) 0);
      same(violations, store, agent(1), bytes(length, length), "load() gives what was saved last");
    }
    byte[] loaded = violations.call("load()", () -> store.load(agent(1)).orElse(new byte[0]));
    if (loaded != null) {
      Arrays.fill(loaded, (byte) 0);
    }
    same(violations, store, agent(1), bytes(65_536, 65_536), "a loaded array is the caller's own");
    violations.run("save()", () -> store.save(agent(2), bytes(10, 2)));
    same(violations, store, agent(1), bytes(65_536, 65_536), "agents are apart");
    same(violations, store, agent(2), bytes(10, 2), "agents are apart");
  }

  /**
   * Checks that a store keeps its snapshots when it is closed and opened again.
   *
   * @param stores opens the same storage each time
   * @throws AssertionError listing every promise broken
   */
  public static void verifyDurable(Supplier<? extends FingerprintStore> stores) {
    Violations violations = new Violations("The store");
    violations.run(
        "a save",
        () -> {
          try (FingerprintStore store = stores.get()) {
            store.save(agent(77), bytes(3_160, 7));
          }
        });
    violations.run(
        "a load after opening again",
        () -> {
          try (FingerprintStore store = stores.get()) {
            same(violations, store, agent(77), bytes(3_160, 7), "snapshots outlive the store");
          }
        });
    violations.tell();
  }

  /**
   * Checks an implementation from several threads.
   *
   * @param stores gives an open, empty store
   * @param threads runs the checks; at least two threads
   * @throws AssertionError listing every promise broken
   * @throws InterruptedException when interrupted
   */
  public static void verifyConcurrent(
      Supplier<? extends FingerprintStore> stores, ExecutorService threads)
      throws InterruptedException {
    Violations violations = new Violations("The store");
    FingerprintStore store = violations.call("a new store", stores::get);
    if (store != null) {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        UUID own = agent(100 + i);
        int seed = i;
        tasks.add(() -> work(store, own, seed));
      }
      for (Future<String> result : threads.invokeAll(tasks)) {
        String problem = violations.call("threads do not disturb each other", result::get);
        violations.check(problem == null, "threads do not disturb each other: " + problem);
      }
      violations.run("close()", store::close);
    }
    violations.tell();
  }

  /** Saves and loads an own and a shared agent; tells what was wrong, or null. */
  private static String work(FingerprintStore store, UUID own, int seed) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] mine = bytes(3_160, seed * 1_000 + round);
      store.save(own, mine);
      store.save(agent(50), bytes(3_160, seed));
      if (!Arrays.equals(mine, store.load(own).orElse(null))) {
        return "an agent's snapshot is another one";
      }
      byte[] shared = store.load(agent(50)).orElse(new byte[0]);
      boolean whole = false;
      for (int i = 0; i < TASKS; i++) {
        whole |= Arrays.equals(shared, bytes(3_160, i));
      }
      if (!whole) {
        return "a snapshot is a mixture of two";
      }
    }
    return null;
  }

  private static Object save(FingerprintStore store, UUID agent, byte[] snapshot) throws Exception {
    store.save(agent, snapshot);
    return store;
  }

  private static void refuses(Violations violations, String promise, Callable<?> action) {
    boolean refused = false;
    try {
      action.call();
    } catch (NullPointerException | IllegalArgumentException e) {
      refused = true;
    } catch (Exception e) {
      refused = false;
    }
    violations.check(refused, promise + " with a NullPointerException or IllegalArgumentException");
  }

  private static void same(
      Violations violations, FingerprintStore store, UUID agent, byte[] expected, String promise) {
    Optional<byte[]> loaded = violations.call("load()", () -> store.load(agent));
    violations.check(loaded != null, "load() is never null");
    if (loaded != null) {
      violations.check(Arrays.equals(expected, loaded.orElse(null)), promise);
    }
  }

  private static UUID agent(int number) {
    return new UUID(0x1234_0000_0000_5000L, 0x8000_0000_0000_0000L | number);
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed * 31 + i * 7);
    }
    return bytes;
  }
}
