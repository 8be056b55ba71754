package dev.quintai.parsers.responses;

import java.util.HashSet;
import java.util.Set;

/**
 * Which items of a response were told, by their place in the output and by their id, so that the
 * closing object tells none of them again. Bounded: beyond the limit no more are noted.
 */
final class ToldItems {

  /** The place of an item of which neither place nor id is known. */
  static final long NOWHERE = -1;

  private final int limit;
  private final Set<Long> places = new HashSet<>();
  private final Set<String> ids = new HashSet<>();
  private long last = NOWHERE;

  ToldItems(int limit) {
    this.limit = limit;
  }

  /**
   * Notes an item.
   *
   * @param id its id, or null
   * @return whether it is another than those before, as far as that is known
   */
  boolean add(long place, String id) {
    if (place == NOWHERE) {
      return true;
    }
    if (place == last) {
      return false; // mostly one delta behind the other
    }
    last = place;
    boolean added = full() ? !places.contains(place) : places.add(place);
    if (added && id != null && !full()) {
      ids.add(id);
    }
    return added;
  }

  /** Whether the item at that place was told. */
  boolean hasPlace(long place) {
    return places.contains(place);
  }

  /** Whether the item with that id was told; false for null. */
  boolean hasId(String id) {
    return id != null && ids.contains(id);
  }

  /** Whether no more are noted. */
  boolean full() {
    return places.size() >= limit;
  }

  /** Another response begins. */
  void clear() {
    places.clear();
    ids.clear();
    last = NOWHERE;
  }
}
