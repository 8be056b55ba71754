package dev.quintai.signatures;

import java.util.Objects;

/**
 * A signature of the set in force.
 *
 * @param signature the signature
 * @param channel the channel on which it came
 * @param lane the most its matches may do
 * @param held why it does not match for now, or null when it does
 */
public record LoadedSignature(ThreatSignature signature, Channel channel, Lane lane, String held) {

  public LoadedSignature {
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(lane, "lane");
  }

  /** The same in another lane; whoever sets a lane by hand also lets go of a held signature. */
  public LoadedSignature inLane(Lane other) {
    return new LoadedSignature(signature, channel, other, null);
  }
}
