package dev.quintai.core.event;

import java.util.Objects;

/**
 * A process reached out to a remote address: a connect, or the first datagram to it.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the process
 * @param origin the sensor
 * @param remoteIp the address in its usual text form, or null where only the host is known
 * @param remotePort the port, or 0
 * @param host the name by the connection's own evidence (proxy request, SNI, DNS), or null
 */
public record NetworkConnect(
    long timeNanos, ProcessId process, Origin origin, String remoteIp, int remotePort, String host)
    implements TruthEvent {

  public NetworkConnect {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
  }
}
