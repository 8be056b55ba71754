package dev.quintai.parsers.openai;

import dev.quintai.core.spi.LlmToolCall.Kind;
import dev.quintai.parsers.turn.Call;
import dev.quintai.parsers.turn.ResponseEvents;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls of a stream that are being put together from entries.
 *
 * <p>Entries with an index belong to the call of that index, unless they are the beginning of
 * another: some vendors give every call the index 0, and some no id either. Entries without one
 * belong to the call with their id; without either, to the last call, or they begin one when they
 * have a name. A name may come in parts, or again in each entry.
 */
final class OpenCalls {

  private static final long LEGACY = -2;

  /** A call and what tells it from the others. */
  private static final class Place {
    final int choice;
    final long index;
    final Call call;
    String id;

    Place(int choice, long index, String id, Call call) {
      this.choice = choice;
      this.index = index;
      this.id = id;
      this.call = call;
    }
  }

  private final ResponseEvents events;
  private final List<Place> places = new ArrayList<>();

  OpenCalls(ResponseEvents events) {
    this.events = events;
  }

  void legacy(int choice, ToolEntry entry) {
    put(choice, LEGACY, entry);
  }

  void entry(int choice, ToolEntry entry) {
    put(choice, entry.index.get(), entry);
  }

  private void put(int choice, long index, ToolEntry entry) {
    String id = empty(entry.id.get());
    String name = empty(entry.toolName());
    Place place = find(choice, index, id, name);
    if (place != null && isAnother(place, id, name, entry)) {
      place = null;
    }
    if (place == null) {
      Call call = events.open(id, name, entry.kind(), null);
      if (call == null) {
        return;
      }
      place = new Place(choice, index, id, call);
      places.add(place);
    } else if (id != null || name != null || entry.custom()) {
      place.id = place.id == null ? id : place.id;
      events.head(
          place.call,
          place.id == null || place.id.equals(id) ? id : null,
          joined(place.call.name(), name),
          entry.kind() == Kind.CUSTOM ? Kind.CUSTOM : null,
          null);
    }
    if (!entry.argumentText().isEmpty()) {
      events.append(place.call, entry.argumentText());
    }
  }

  /** A part that is nothing but argument text; false when no call is known that it belongs to. */
  boolean arguments(int choice, long index, CharSequence text) {
    Place place = find(choice, index, null, null);
    if (place != null) {
      events.append(place.call, text);
    }
    return place != null;
  }

  /** A name and more of it, which may be all of it once more. */
  private static String joined(String known, String more) {
    boolean again = known == null || more == null || more.startsWith(known);
    return again ? more : known + more;
  }

  /**
   * Whether an entry for a call's place begins another call. Two ids tell them apart; where there
   * are none, a name behind whole arguments does, and another name where it stands in a whole head
   * or behind arguments.
   */
  private boolean isAnother(Place place, String id, String name, ToolEntry entry) {
    if (name == null) {
      return false;
    }
    if (id != null && place.id != null) {
      return !id.equals(place.id);
    }
    if (!name.equals(place.call.name())) {
      return place.call.hasArguments() || entry.type.get() != null;
    }
    // An object is all the arguments that there are; text may be a part of them.
    return entry.arguments.json()
        || (!entry.argumentText().isEmpty() && events.isWhole(place.call));
  }

  private static String empty(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private Place find(int choice, long index, String id, String name) {
    Place last = null;
    for (int i = places.size() - 1; i >= 0; i--) {
      Place place = places.get(i);
      if (place.choice != choice) {
        continue;
      }
      last = last == null ? place : last;
      if (index != -1 && place.index == index) {
        return place;
      }
      if (index == -1 && id != null && id.equals(place.id)) {
        return place;
      }
    }
    boolean goesOn = last != null && (name == null || name.equals(last.call.name()));
    return index == -1 && id == null && goesOn ? last : null;
  }

  /** The choice is finished: its calls are complete. */
  void close(int choice) {
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).choice == choice) {
        events.close(places.remove(i--).call);
      }
    }
  }

  /** The stream is finished: all calls are complete. */
  void closeAll() {
    places.forEach(place -> events.close(place.call));
    places.clear();
  }
}
