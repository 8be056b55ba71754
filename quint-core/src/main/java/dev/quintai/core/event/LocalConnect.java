package dev.quintai.core.event;

import java.util.Objects;

/**
 * A process reached out to another one of this machine by a Unix socket: a connect, or the first
 * datagram to it. No host is contacted, so no rule for contacts applies to it.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the process
 * @param origin the sensor
 * @param path the socket's absolute path after links were followed, or {@code @} and the name of an
 *     abstract one
 */
public record LocalConnect(long timeNanos, ProcessId process, Origin origin, String path)
    implements TruthEvent {

  public LocalConnect {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(path, "path");
  }
}
