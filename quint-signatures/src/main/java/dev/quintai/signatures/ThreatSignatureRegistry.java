package dev.quintai.signatures;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The signatures in force, and the gate through which they come. It admits what is signed, whole,
 * new and not expired, each by itself; it remembers the highest version of each channel for good;
 * and it lets go of nothing that works because something new does not.
 *
 * <p>{@link #current} never waits: a reader has the old set or the new one. Everything that changes
 * the set is serialised, among threads and, with a folder, among processes. With a folder, every
 * change is on disk before it is in force, and what a crash leaves behind is the last whole set.
 */
public final class ThreatSignatureRegistry {

  /** The most signatures of a set. */
  public static final int MAX_SIGNATURES = 100_000;

  /** The most bytes of the signatures of a set, as they are stored. */
  public static final long MAX_BYTES = 256L << 20;

  /** The most suppressions. */
  public static final int MAX_SUPPRESSIONS = 10_000;

  /** How many loads can be taken back, one after the other. */
  public static final int MAX_ROLLBACKS = 8;

  private final SignatureDirectory directory;
  private final List<LoadedSignature> builtIn;
  private RegistryState state = RegistryState.EMPTY;

  /** Without a folder: the states to which roll-backs return. */
  private final Map<Long, RegistryState> past = new HashMap<>();

  private long newest;
  private boolean versionsCertain = true;
  private volatile String damage;
  private volatile SignatureSet current;

  private ThreatSignatureRegistry(SignatureDirectory directory, List<LoadedSignature> builtIn) {
    this.directory = directory;
    this.builtIn = List.copyOf(builtIn);
    this.current = SignatureSet.of(this.builtIn, List.of());
  }

  /**
   * A registry that forgets everything in the end.
   *
   * @param builtIn signatures that are always in the set, beside what is received
   */
  public static ThreatSignatureRegistry inMemory(List<LoadedSignature> builtIn) {
    return new ThreatSignatureRegistry(null, builtIn);
  }

  /**
   * A registry that lives in a folder, which is made if need be, for its owner only.
   *
   * @param folder its own folder
   * @param builtIn signatures that are always in the set, beside what is received
   * @throws IOException when the folder cannot be read; a damaged file in it is no error, see
   *     {@link #damage}
   */
  public static ThreatSignatureRegistry open(Path folder, List<LoadedSignature> builtIn)
      throws IOException {
    return open(new SignatureDirectory(folder, OwnerFiles.Steps.UNTOLD), builtIn);
  }

  static ThreatSignatureRegistry open(SignatureDirectory directory, List<LoadedSignature> builtIn)
      throws IOException {
    ThreatSignatureRegistry registry = new ThreatSignatureRegistry(directory, builtIn);
    registry.load();
    return registry;
  }

  /** The set in force. Never waits. */
  public SignatureSet current() {
    return current;
  }

  /** What of the folder could not be read, in words a person can act on, or null. */
  public String damage() {
    return damage;
  }

  /**
   * Takes what another process has written since. To be called now and then by whoever runs for
   * long; costs a listing of the folder when nothing has changed.
   *
   * @return whether there was something new
   */
  public synchronized boolean refresh() throws IOException {
    if (directory == null || directory.newest() == newest) {
      return false;
    }
    load();
    return true;
  }

  private synchronized void load() throws IOException {
    SignatureDirectory.Content content = directory.read(state.signatures().values());
    damage = content.damage();
    versionsCertain = content.versionsCertain();
    newest = content.newest();
    state = content.state();
    publish();
  }

  private void publish() {
    List<LoadedSignature> all = new ArrayList<>(builtIn.size() + state.signatures().size());
    for (LoadedSignature loaded : builtIn) {
      all.add(inOperatorsLane(loaded));
    }
    for (LoadedSignature loaded : state.signatures().values()) {
      all.add(inOperatorsLane(loaded));
    }
    current = SignatureSet.of(all, state.suppressions());
  }

  private LoadedSignature inOperatorsLane(LoadedSignature loaded) {
    Lane lane = state.lanes().get(loaded.signature().id());
    return lane == null ? loaded : loaded.inLane(lane);
  }

  /** A change of the state; null for none. */
  private interface Change {
    RegistryState apply(RegistryState before) throws IOException;
  }

  private synchronized boolean change(Change change) throws IOException {
    if (directory == null) {
      RegistryState after = change.apply(state);
      if (after == null) {
        return false;
      }
      past.put(state.generation(), state);
      past.keySet().retainAll(after.parents());
      state = after.withGeneration(state.generation() + 1, after.parents());
      publish();
      return true;
    }
    try (FileHold hold = directory.lock()) {
      Objects.requireNonNull(hold);
      refresh();
      RegistryState after = change.apply(state);
      if (after == null) {
        return false;
      }
      if (!versionsCertain) {
        throw new IOException(
            "the highest accepted versions are lost, so that a replay could not be told: restore"
                + " or remove the damaged files ("
                + damage
                + ")");
      }
      RegistryState written = after.withGeneration(newest + 1, after.parents());
      directory.write(written);
      newest = written.generation();
      state = written;
      publish();
      return true;
    }
  }

  /**
   * Takes a file of signatures from a channel. Each is checked by itself, in the order of the file,
   * in the order of {@link Check}; one that was accepted before is accepted again, to no effect.
   *
   * @param file one signature, an array or JSON Lines
   * @param channel where it came from
   * @param keyring whom to believe
   * @param lane the lane in which new signatures start
   * @param trial what a new signature must pass to match at once; else it is kept, but held
   * @param now the present
   * @return what became of each, in the order of the file
   * @throws IOException when the outcome cannot be stored; nothing has changed then
   */
  public List<Receipt> receive(
      byte[] file, Channel channel, Keyring keyring, Lane lane, AdmissionTrial trial, Instant now)
      throws IOException {
    List<Receipt> receipts = new ArrayList<>();
    change(
        before -> {
          receipts.clear();
          Reception reception = new Reception(before, channel, keyring, lane, trial, now);
          SignatureFile.read(file, reception::take);
          RegistryState after = reception.outcome();
          receipts.addAll(reception.receipts());
          return after;
        });
    return receipts;
  }

  /**
   * Takes the last load back: returns to the set before it. Called again, it returns to the set
   * before that one, up to {@link #MAX_ROLLBACKS} loads; see {@link #rollbacks}. Lanes that were
   * set by hand, suppressions and the highest versions stay as they are: what is taken back comes
   * again with a higher version only.
   *
   * <p>An earlier set whose file is damaged is passed over, and told by {@link #damage}.
   *
   * @return whether there was a set to return to; nothing has changed when there was none
   * @throws IOException when there are earlier sets and none of them can be read, or the outcome
   *     cannot be stored; nothing has changed then
   */
  public boolean rollback() throws IOException {
    StringBuilder passedOver = new StringBuilder();
    boolean done =
        change(
            before -> {
              for (int i = 0; i < before.parents().size(); i++) {
                try {
                  return before.rolledBack(i, earlier(before, before.parents().get(i)));
                } catch (IOException e) {
                  passedOver.append(passedOver.isEmpty() ? "" : "; ").append(e.getMessage());
                }
              }
              if (!before.parents().isEmpty()) {
                throw new IOException("no earlier set can be read: " + passedOver);
              }
              return null;
            });
    if (!passedOver.isEmpty()) {
      damage = "an earlier set was passed over: " + passedOver;
    }
    return done;
  }

  private Map<RegistryState.Key, LoadedSignature> earlier(RegistryState now, long generation)
      throws IOException {
    if (generation == 0) {
      return Map.of();
    }
    return directory == null
        ? past.get(generation).signatures()
        : directory.read(generation, now.signatures().values()).signatures();
  }

  /** How many loads can be taken back by now. */
  public synchronized int rollbacks() {
    return state.parents().size();
  }

  /**
   * Sets a signature's lane by hand, and lets go of it if it was held.
   *
   * @param lane the lane, or null for the one it came with
   * @return whether there is such a signature
   */
  public boolean setLane(String id, Lane lane) throws IOException {
    return change(
        before -> {
          boolean known =
              before.signatures().keySet().stream().anyMatch(key -> key.id().equals(id))
                  || builtIn.stream().anyMatch(b -> b.signature().id().equals(id));
          if (!known) {
            return null;
          }
          Map<String, Lane> lanes = new LinkedHashMap<>(before.lanes());
          if (lane == null) {
            lanes.remove(id);
          } else {
            lanes.put(id, lane);
          }
          return before.withLanes(lanes);
        });
  }

  /**
   * Adds a suppression; those that are over are dropped on the way.
   *
   * @throws IllegalStateException when there are {@link #MAX_SUPPRESSIONS} already
   */
  public void suppress(Suppression suppression, Instant now) throws IOException {
    change(
        before -> {
          List<Suppression> all = new ArrayList<>(before.suppressions());
          all.removeIf(old -> !now.isBefore(old.expires()));
          if (all.size() >= MAX_SUPPRESSIONS) {
            throw new IllegalStateException("there are " + MAX_SUPPRESSIONS + " suppressions");
          }
          all.add(suppression);
          return before.withSuppressions(all);
        });
  }
}
