package dev.quintai.daemon.llm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tool calls of one session that have been declared, so that each is an intent once and has one
 * result, although every later request repeats them all.
 *
 * <p>Formats without call ids (Gemini) get an id here: the n-th call of the session. Their results
 * carry the tool's name only; the k-th result of a name belongs to the k-th such call. Some servers
 * begin their ids anew with every response ({@code call_0}): a call that bears a known id but says
 * something else, or comes after that call's result, is another call and gets an id of its own.
 *
 * <p>Bounded: past the capacity the oldest calls are forgotten, and their results with them.
 * Thread-safe.
 */
final class CallLedger {

  /** How many calls are remembered. */
  static final int CAPACITY = 16_384;

  private static final class Call {
    final String id;
    final String wireId;
    final String tool;
    final int arguments;
    boolean over;

    Call(String id, String wireId, String tool, int arguments) {
      this.id = id;
      this.wireId = wireId;
      this.tool = tool;
      this.arguments = arguments;
    }

    boolean says(String otherTool, int otherArguments) {
      return tool.equals(otherTool) && arguments == otherArguments;
    }
  }

  private final String session;
  private final ArrayDeque<Call> all = new ArrayDeque<>();

  /** The latest call of each id on the wire. */
  private final Map<String, Call> byWireId = new HashMap<>();

  private final Map<String, List<Call>> nameless = new HashMap<>();

  /** How many of the oldest calls of a name are forgotten: ordinals count them still. */
  private final Map<String, Integer> forgotten = new HashMap<>();

  private long made;

  CallLedger(String session) {
    this.session = session;
  }

  /**
   * Enters a call.
   *
   * @param arguments the text of its arguments
   * @return the id it has from now on, or null when it is known already
   */
  synchronized String declare(String wireId, String tool, String arguments) {
    int hash = arguments.hashCode();
    String id = wireId;
    if (wireId == null) {
      id = "call-" + ++made + "@" + session;
    } else {
      Call known = byWireId.get(wireId);
      if (known != null && !known.over && known.says(tool, hash)) {
        return null;
      } else if (known != null) {
        id = wireId + "~" + ++made;
      }
    }
    Call call = new Call(id, wireId, tool, hash);
    if (all.size() >= CAPACITY) {
      forget(all.poll());
    }
    all.add(call);
    if (wireId == null) {
      nameless.computeIfAbsent(tool, name -> new ArrayList<>()).add(call);
    } else {
      byWireId.put(wireId, call);
    }
    return id;
  }

  private void forget(Call oldest) {
    if (oldest.wireId != null) {
      byWireId.remove(oldest.wireId, oldest);
      return;
    }
    List<Call> calls = nameless.get(oldest.tool);
    calls.remove(0);
    if (calls.isEmpty()) {
      nameless.remove(oldest.tool);
      forgotten.remove(oldest.tool); // a name that is not in use any more begins anew
    } else {
      forgotten.merge(oldest.tool, 1, Integer::sum);
    }
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
    Call call = wireId == null ? null : byWireId.get(wireId);
    if (call == null && tool != null) {
      List<Call> calls = nameless.getOrDefault(tool, List.of());
      int place = ordinal - forgotten.getOrDefault(tool, 0);
      call = place >= 0 && place < calls.size() ? calls.get(place) : null;
    }
    if (call == null || call.over) {
      return null;
    }
    call.over = true;
    return call.id;
  }
}
