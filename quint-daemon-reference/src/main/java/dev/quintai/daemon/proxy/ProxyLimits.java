package dev.quintai.daemon.proxy;

import java.time.Duration;

/**
 * The bounds of a proxy.
 *
 * @param connections client connections at once; more are closed at once, with an event
 * @param headBytes bytes of a request's or a response's head; a longer one is refused
 * @param observedBytes decoded bytes of one body that the observer is given; the rest is counted
 *     and goes through all the same
 * @param heldBytes decoded bytes that a gate may hold of one response
 * @param messageBytes inflated bytes of one WebSocket message that the observer is given
 * @param pipelined requests of one HTTP/1.1 connection that wait for their response
 * @param connectTimeout for one address of the upstream host
 * @param handshakeTimeout for a TLS handshake, and for a client to send its first request's head
 * @param idleTimeout for a connection on which no request is under way; there is none while a
 *     response is pending, since a model may think for long
 * @param tunnelIdleTimeout for a tunnel on which nothing moves in either direction
 */
public record ProxyLimits(
    int connections,
    int headBytes,
    long observedBytes,
    int heldBytes,
    int messageBytes,
    int pipelined,
    Duration connectTimeout,
    Duration handshakeTimeout,
    Duration idleTimeout,
    Duration tunnelIdleTimeout) {

  /** The defaults. */
  public static ProxyLimits defaults() {
    return new ProxyLimits(
        1024,
        128 * 1024,
        16L * 1024 * 1024,
        8 * 1024 * 1024,
        16 * 1024 * 1024,
        32,
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        Duration.ofHours(6));
  }
}
