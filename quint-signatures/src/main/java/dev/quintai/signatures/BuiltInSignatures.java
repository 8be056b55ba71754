package dev.quintai.signatures;

import java.util.ArrayList;
import java.util.List;

/**
 * The signatures that come with the product: the shapes of published attacks on coding agents. Each
 * has a citation, MITRE ATT&CK and ATLAS techniques, and example sessions that its tests run.
 *
 * <p>An attack is a few actions in a long session, so nearly all look through a window of a few
 * actions and require facts of the transition that matters; the shape alone would match honest work
 * as well. They start in the lane {@code alert}: a match is told, and refuses nothing until an
 * operator has set the signature to {@code block}.
 */
public final class BuiltInSignatures {

  private static final List<BuiltIn> ALL = BuiltInCatalog.all();

  private BuiltInSignatures() {}

  /**
   * A built-in signature and what it goes back to.
   *
   * @param signature the signature
   * @param attack what the attacker does, in one sentence
   * @param citation where the attack is described
   */
  public record BuiltIn(ThreatSignature signature, String attack, String citation) {}

  /** All of them, loaded. */
  public static List<LoadedSignature> all() {
    List<LoadedSignature> loaded = new ArrayList<>(ALL.size());
    for (BuiltIn builtIn : ALL) {
      loaded.add(new LoadedSignature(builtIn.signature(), Channel.GLOBAL, Lane.ALERT, null));
    }
    return loaded;
  }

  /** All of them, with what they go back to. */
  public static List<BuiltIn> described() {
    return ALL;
  }
}
