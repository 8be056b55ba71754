package dev.quintai.daemon.llm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tool calls of one session that have been declared, so that each is an intent once and has one
 * result, although every later request repeats them all.
 *
 * <p>Formats without call ids (Gemini) get an id here: the n-th call of the session. Their results
 * carry the tool's name only; the k-th result of a name belongs to the k-th such call.
 *
 * <p>Bounded: past the capacity the oldest calls are forgotten, and their results with them.
 * Thread-safe.
 */
final class CallLedger {

  private static final int CAPACITY = 16_384;

  private static final class Call {
    final String id;
    boolean over;

    Call(String id) {
      this.id = id;
    }
  }

  private final String session;
  private final Map<String, Call> byId =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Call> eldest) {
          return size() > CAPACITY;
        }
      };
  private final Map<String, List<Call>> nameless = new HashMap<>();
  private long made;

  CallLedger(String session) {
    this.session = session;
  }

  /**
   * Enters a call.
   *
   * @return the id it has from now on, or null when a call of that id is known already
   */
  synchronized String declare(String wireId, String tool) {
    String id = wireId == null ? "call-" + ++made + "@" + session : wireId;
    Call call = new Call(id);
    if (byId.putIfAbsent(id, call) != null) {
      return null;
    }
    if (wireId == null) {
      List<Call> calls = nameless.computeIfAbsent(tool, name -> new ArrayList<>());
      if (calls.size() < CAPACITY) {
        calls.add(call);
      }
    }
    return id;
  }

  /**
   * Takes a result.
   *
   * @param wireId the id on the wire, or null
   * @param tool the tool's name where the wire repeats it, or null
   * @param ordinal which result of that name it is in its request, from 0
   * @return the id of the call that is over now, or null when none is, or it was over before
   */
  synchronized String finish(String wireId, String tool, int ordinal) {
    Call call = null;
    if (wireId != null) {
      call = byId.get(wireId);
    }
    if (call == null && tool != null) {
      List<Call> calls = nameless.getOrDefault(tool, List.of());
      call = ordinal < calls.size() ? calls.get(ordinal) : null;
    }
    if (call == null || call.over) {
      return null;
    }
    call.over = true;
    return call.id;
  }
}
