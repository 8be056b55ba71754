package dev.quintai.signatures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What this machine's agents have lately done without anybody minding: the last sessions, each as
 * its sequence of actions and the facts that held. New signatures are tried against it before they
 * may match, since a shape that looks wrong elsewhere may be daily work here.
 *
 * <p>With a file, {@link #save} keeps it for the next start and for other processes. It holds no
 * word of a call, and is for its owner only. Thread-safe.
 */
public final class BenignHistory implements AdmissionTrial {

  /** Actions kept of a session, its last ones. */
  public static final int MAX_ACTIONS = FlowConditions.MAX_WINDOW;

  /**
   * What a history keeps, and how it judges.
   *
   * @param capacity how many sessions it keeps, 1 to 10,000; the eldest leave first
   * @param maxShare the largest share of them, 0 to 1, that a signature may match
   * @param minSessions fewer sessions say nothing against a signature
   */
  public record Limits(int capacity, double maxShare, int minSessions) {

    /** 256 sessions, of which a signature may match one in fifty, once there are 20. */
    public static final Limits DEFAULTS = new Limits(256, 0.02, 20);

    public Limits {
      if (capacity < 1 || capacity > 10_000) {
        throw new IllegalArgumentException("capacity: 1 to 10000, not " + capacity);
      }
      if (!(maxShare >= 0 && maxShare <= 1)) {
        throw new IllegalArgumentException("maxShare: 0 to 1, not " + maxShare);
      }
      if (minSessions < 1) {
        throw new IllegalArgumentException("minSessions: at least 1, not " + minSessions);
      }
    }

    /** The same with another share. */
    public Limits withMaxShare(double other) {
      return new Limits(capacity, other, minSessions);
    }
  }

  private final Limits limits;
  private final HistoryFile file;
  private final List<BenignSession> unsaved = new ArrayList<>();
  private List<BenignSession> sessions = new ArrayList<>();
  private int unreadable;

  private BenignHistory(HistoryFile file, Limits limits) {
    this.file = file;
    this.limits = Objects.requireNonNull(limits, "limits");
  }

  /** A history that forgets everything in the end. */
  public static BenignHistory inMemory(Limits limits) {
    return new BenignHistory(null, limits);
  }

  /**
   * A history that is kept in a file, which is made by the first {@link #save}.
   *
   * @throws IOException when the file is there and cannot be read; a line in it that says nothing
   *     is no error, see {@link #unreadable}
   */
  public static BenignHistory open(Path file, Limits limits) throws IOException {
    BenignHistory history = new BenignHistory(new HistoryFile(file), limits);
    HistoryFile.Content content = history.file.read();
    history.sessions = new ArrayList<>(history.last(content.sessions()));
    history.unreadable = content.unreadable();
    return history;
  }

  /** Adds a session that ended without a finding worth a look. */
  public synchronized void add(BenignSession session) {
    sessions.add(session);
    sessions = new ArrayList<>(last(sessions));
    if (file != null) {
      unsaved.add(session);
      if (unsaved.size() > limits.capacity()) {
        unsaved.remove(0);
      }
    }
  }

  /** The last ones, of each session only what came last. */
  private List<BenignSession> last(List<BenignSession> all) {
    Map<String, BenignSession> byId = new LinkedHashMap<>();
    for (BenignSession session : all) {
      byId.remove(session.session());
      byId.put(session.session(), session);
    }
    List<BenignSession> kept = new ArrayList<>(byId.values());
    return kept.subList(Math.max(0, kept.size() - limits.capacity()), kept.size());
  }

  /**
   * Writes what is new to the file, beside what other processes have written. Without a file, or
   * with nothing new, it does nothing.
   */
  public synchronized void save() throws IOException {
    if (file == null || unsaved.isEmpty()) {
      return;
    }
    sessions =
        new ArrayList<>(
            file.update(
                before -> {
                  List<BenignSession> all = new ArrayList<>(before);
                  all.addAll(unsaved);
                  return last(all);
                }));
    unsaved.clear();
  }

  /** How many sessions it holds. */
  public synchronized int size() {
    return sessions.size();
  }

  /** The sessions, the eldest first. A copy. */
  public synchronized List<BenignSession> sessions() {
    return List.copyOf(sessions);
  }

  /** How many lines of the file could not be read when it was opened. */
  public int unreadable() {
    return unreadable;
  }

  /** What it keeps, and how it judges. */
  public Limits limits() {
    return limits;
  }

  /**
   * Objects to signatures that too many of the sessions would have matched, just as gate 1 matches:
   * after each action, through the window, with platform, depth, evidence and facts.
   */
  @Override
  public List<String> objections(List<ThreatSignature> signatures) {
    List<BenignSession> past = sessions();
    String[] objections = new String[signatures.size()];
    if (past.size() >= limits.minSessions()) {
      int[] matched = matches(signatures, past);
      for (int i = 0; i < objections.length; i++) {
        double share = (double) matched[i] / past.size();
        if (share > limits.maxShare()) {
          objections[i] =
              String.format(
                  Locale.ROOT,
                  "it would have matched %d of the last %d benign sessions here (%.1f%%, at most"
                      + " %.1f%%)",
                  matched[i],
                  past.size(),
                  100 * share,
                  100 * limits.maxShare());
        }
      }
    }
    return Arrays.asList(objections);
  }

  /** How many of the sessions each signature matches. */
  private static int[] matches(List<ThreatSignature> signatures, List<BenignSession> past) {
    IdentityHashMap<LoadedSignature, Integer> place = new IdentityHashMap<>();
    List<LoadedSignature> loaded = new ArrayList<>();
    for (int i = 0; i < signatures.size(); i++) {
      loaded.add(new LoadedSignature(signatures.get(i), Channel.GLOBAL, Lane.SHADOW, null));
      place.put(loaded.get(i), i);
    }
    SignatureSet set = SignatureSet.of(loaded, List.of());
    int[] matched = new int[signatures.size()];
    SignatureIndex.Scratch scratch = new SignatureIndex.Scratch();
    for (BenignSession session : past) {
      BitSet met = new BitSet(matched.length);
      SessionFlow flow = new SessionFlow();
      flow.use(set);
      SignatureMatcher.Found found =
          (candidate, jsd) -> {
            ThreatSignature signature = candidate.signature();
            if (flow.whole().total() >= signature.conditions().minTransitions()
                && signature.appliesTo(session.platform(), session.depth())
                && flow.meets(signature.conditions())) {
              met.set(place.get(candidate));
            }
          };
      for (byte step : session.bytes()) {
        flow.step(step & 0xff);
        if (flow.whole().total() >= set.leastEvidence()) {
          flow.match(scratch, found);
        }
      }
      met.stream().forEach(i -> matched[i]++);
    }
    return matched;
  }
}
