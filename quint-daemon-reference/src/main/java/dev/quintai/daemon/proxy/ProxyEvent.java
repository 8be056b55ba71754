package dev.quintai.daemon.proxy;

/**
 * Something that an operator must be able to see: traffic that was not observed, or not carried.
 *
 * @param kind what happened
 * @param host the host concerned
 * @param port its port
 * @param ownerPid the client's process, or -1
 * @param detail one sentence
 */
public record ProxyEvent(Kind kind, String host, int port, long ownerPid, String detail) {
  /** What happened. */
  public enum Kind {
    /** The client did not trust our certificate; its next connection to the host is tunnelled. */
    CLIENT_REFUSED_CERTIFICATE,
    /** A language-model host was tunnelled because its client refused our certificate before. */
    PINNED_HOST_TUNNELLED,
    /**
     * A client left right after the TLS handshake, as Node does with a certificate it distrusts.
     */
    CLIENT_LEFT_AFTER_HANDSHAKE,
    /** The upstream host could not be reached. */
    UPSTREAM_UNREACHABLE,
    /** The upstream host's certificate was not accepted, or its TLS handshake failed. */
    UPSTREAM_TLS_FAILED,
    /** Bytes to or from an intercepted host were no HTTP that the proxy reads; not observed. */
    NOT_OBSERVED,
    /** A request was refused because it could be read in two ways, or was over a limit. */
    REQUEST_REFUSED,
    /** A connection ended with something other than a closed socket: broken TLS or HTTP/2. */
    CONNECTION_FAILED,
    /** A connection was refused: too many, or a process of another user. */
    CONNECTION_REFUSED
  }
}
