package dev.quintai.core.event;

import java.util.List;
import java.util.Objects;

/**
 * A process resolved a name. This is evidence for the names of later connections of that process.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the process
 * @param origin the sensor
 * @param name the name asked for
 * @param addresses the addresses answered, in their usual text form; may be empty
 */
public record DnsAnswer(
    long timeNanos, ProcessId process, Origin origin, String name, List<String> addresses)
    implements TruthEvent {

  public DnsAnswer {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(name, "name");
    addresses = List.copyOf(addresses);
  }
}
