package dev.quintai.signatures.federation;

/**
 * A tenant's choice, each way by itself.
 *
 * @param contribute whether its anonymised shapes may leave
 * @param receive whether it takes global signatures
 */
public record FederationPolicy(boolean contribute, boolean receive) {

  /** Gives and takes: what holds until a tenant opts out. */
  public static final FederationPolicy BOTH = new FederationPolicy(true, true);

  /** Gives and takes nothing. */
  public static final FederationPolicy NONE = new FederationPolicy(false, false);
}
