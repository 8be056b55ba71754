package dev.quintai.divergence;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Calls by their id, in the order in which they came. A session has few that are not final, so
 * their hashes are looked through one by one: they lie together, and the calls do not.
 */
final class CallsById {
  private long[] hashes = new long[8];
  private OpenIntent[] calls = new OpenIntent[8];
  private int size;

  private int indexOf(String id, long hash) {
    for (int i = 0; i < size; i++) {
      if (hashes[i] == hash && calls[i].toolUseId.equals(id)) {
        return i;
      }
    }
    return -1;
  }

  /** The call of the id, or null. */
  OpenIntent get(String id) {
    return get(id, OpenIntent.hash(id));
  }

  /**
   * The same for who knows the hash.
   *
   * @param hash {@link OpenIntent#hash} of it
   */
  OpenIntent get(String id, long hash) {
    int at = indexOf(id, hash);
    return at < 0 ? null : calls[at];
  }

  /** Adds a call that has an id; it takes the place of one of the same id. */
  void add(OpenIntent call) {
    int at = indexOf(call.toolUseId, call.idHash);
    if (at < 0) {
      if (size == calls.length) {
        hashes = Arrays.copyOf(hashes, size * 2);
        calls = Arrays.copyOf(calls, size * 2);
      }
      at = size++;
    }
    hashes[at] = call.idHash;
    calls[at] = call;
  }

  /** Removes the call; whether it was there. */
  boolean remove(OpenIntent call) {
    for (int i = 0; i < size; i++) {
      if (calls[i] == call) {
        size--;
        System.arraycopy(hashes, i + 1, hashes, i, size - i);
        System.arraycopy(calls, i + 1, calls, i, size - i);
        calls[size] = null;
        return true;
      }
    }
    return false;
  }

  void forEach(Consumer<OpenIntent> each) {
    for (int i = 0; i < size; i++) {
      each.accept(calls[i]);
    }
  }

  List<OpenIntent> all() {
    return Arrays.asList(Arrays.copyOf(calls, size));
  }

  int size() {
    return size;
  }
}
