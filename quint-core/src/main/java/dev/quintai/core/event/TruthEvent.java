package dev.quintai.core.event;

/** What the operating system saw one process do. */
public sealed interface TruthEvent extends Event
    permits ProcessExec,
        ProcessFork,
        ProcessExit,
        FileEvent,
        NetworkConnect,
        LocalConnect,
        DnsAnswer {

  /** The process that did it; never null. */
  ProcessId process();
}
