package dev.quintai.daemon.proxy;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * One way through the proxy: from a client's connection to one upstream host.
 *
 * @param id unique in the life of the proxy, counted from 1
 * @param kind what the proxy does with it
 * @param host the host that the client asked for, normalised; where it asked for an address and its
 *     TLS handshake named a host, that name
 * @param port the port that the client asked for
 * @param remote the address that was dialled, empty when a parent proxy resolves the name
 * @param client the client's end, on loopback
 * @param ownerPid the process that owns the client's end, or -1 when it could not be found
 * @param opened when the way was open
 */
public record ConnectionInfo(
    long id,
    Kind kind,
    String host,
    int port,
    Optional<InetSocketAddress> remote,
    InetSocketAddress client,
    long ownerPid,
    Instant opened) {

  /** What the proxy does with a connection. */
  public enum Kind {
    /** TLS is opened and the exchanges are observed. */
    INTERCEPTED,
    /** Plain HTTP to a host whose exchanges are observed. */
    PLAIN_OBSERVED,
    /** Bytes are joined to the host as they are. */
    TUNNELLED,
    /** Plain HTTP to a host whose exchanges are not observed. */
    PLAIN
  }
}
