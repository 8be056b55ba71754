package dev.quintai.signatures;

import dev.quintai.core.Judgement;

/**
 * The answers to a session's latest calls, by id, so that the same call from another vantage counts
 * once: a table of 128 places for 4 calls each, in which a new call takes the place of the eldest
 * of its four. Allocates nothing after its making. Not thread-safe.
 */
final class AnsweredCalls {
  private static final int WAYS = 4;
  private static final int PLACES = 128;

  private final String[] ids = new String[PLACES * WAYS];
  private final Judgement[] answers = new Judgement[PLACES * WAYS];
  private final byte[] eldest = new byte[PLACES];

  /** The answer to a call, or null when it is not known. */
  Judgement get(String id) {
    int first = place(id) * WAYS;
    for (int i = first; i < first + WAYS; i++) {
      if (id.equals(ids[i])) {
        return answers[i];
      }
    }
    return null;
  }

  /** Remembers the answer to a call that is not known yet. */
  void put(String id, Judgement answer) {
    int place = place(id);
    int at = place * WAYS + eldest[place];
    ids[at] = id;
    answers[at] = answer;
    eldest[place] = (byte) ((eldest[place] + 1) % WAYS);
  }

  private static int place(String id) {
    int hash = id.hashCode();
    return (hash ^ hash >>> 7 ^ hash >>> 16) & PLACES - 1;
  }
}
