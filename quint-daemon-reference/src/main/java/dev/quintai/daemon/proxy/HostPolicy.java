package dev.quintai.daemon.proxy;

/** Decides which hosts' exchanges are observed. Thread-safe and fast: asked on event loops. */
@FunctionalInterface
public interface HostPolicy {
  /**
   * Whether TLS to the host is opened (or plain HTTP to it read).
   *
   * @param host the normalised host name or address literal
   * @param port the port
   */
  boolean observes(String host, int port);

  /** Returns a policy that observes what either observes. */
  default HostPolicy or(HostPolicy other) {
    return (host, port) -> observes(host, port) || other.observes(host, port);
  }
}
