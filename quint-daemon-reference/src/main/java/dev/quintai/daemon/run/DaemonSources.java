package dev.quintai.daemon.run;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessId;
import dev.quintai.esjni.AgentScanner;
import dev.quintai.esjni.BootClock;
import dev.quintai.esjni.EndpointSecurity;
import dev.quintai.esjni.ExtensionSocket;
import dev.quintai.esjni.LinuxTier;
import dev.quintai.esjni.LinuxWatch;
import dev.quintai.esjni.ProcScanner;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The daemon's sensors, all of which feed one engine: the source of truth that was chosen, the
 * socket of a system extension, and the scanner that finds agents which ran before us.
 *
 * <p>As root on Linux the programs of everybody are told, so that an agent is recognised when it
 * starts; what agents do beyond that is told once they are followed. Without rights the trees of
 * the first {@value #MAX_TREES} agents that the scanner finds are sampled.
 */
final class DaemonSources implements Closeable {

  private static final int MAX_TREES = 16;
  private static final Duration SAMPLING = Duration.ofMillis(250);

  private final Closing closing = new Closing();
  private final Consumer<Event> engine;
  private final Consumer<String> notices;
  private final BootClock clock;
  private final Map<ProcessId, ProcScanner> sampled = new HashMap<>();
  private LinuxWatch watch;
  private boolean samples;

  private DaemonSources(Consumer<Event> engine, Consumer<String> notices, BootClock clock) {
    this.engine = engine;
    this.notices = notices;
    this.clock = clock;
  }

  /** Starts them; nothing is left running when one cannot be. */
  static DaemonSources start(
      DaemonSettings settings,
      TruthChoice choice,
      Path runtime,
      BootClock clock,
      Consumer<Event> engine,
      Consumer<String> notices)
      throws IOException {
    DaemonSources sources = new DaemonSources(engine, notices, clock);
    try {
      if (settings.extension()) {
        sources
            .closing
            .later(new ExtensionSocket(settings.socket(), settings.secret(), notices))
            .start(engine);
      }
      sources.truth(choice, runtime);
      if (settings.scan() != null) {
        sources
            .closing
            .later(new AgentScanner(clock, Gates.platforms(), settings.scan()))
            .start(sources::found);
      }
      return sources;
    } catch (IOException | RuntimeException e) {
      sources.close();
      throw e;
    }
  }

  private void truth(TruthChoice choice, Path runtime) throws IOException {
    if (choice.source().equals(EndpointSecurity.NAME)) {
      closing
          .later(
              EndpointSecurity.builder()
                  .runtimeDirectory(runtime)
                  .interest(exec -> Gates.platform(exec) != null)
                  .build())
          .start(engine);
    } else if (choice.tier() == LinuxTier.PROC_SCAN) {
      samples = true;
    } else if (choice.tier() != null) {
      watch =
          closing.later(
              LinuxWatch.builder(choice.tier())
                  .everybody(true)
                  .runtimeDirectory(runtime)
                  .clock(clock)
                  .build());
      watch.start(this::seen);
    }
  }

  /** What the watch tells: an agent that starts is followed from there on. */
  private void seen(Event event) {
    engine.accept(event);
    if (event instanceof ProcessExec exec && Gates.platform(exec) != null) {
      follow(exec.process());
    }
  }

  /** What the scanner tells. */
  private void found(Event event) {
    engine.accept(event);
    if (event instanceof AgentProcess agent) {
      follow(agent.process());
      sample(agent.process());
    } else if (event instanceof ProcessExit exit) {
      forget(exit.process());
    }
  }

  private void follow(ProcessId agent) {
    LinuxWatch following = watch;
    if (following == null) {
      return;
    }
    try {
      following.follow(agent.pid());
    } catch (IOException e) {
      notices.accept("agents are not followed any more: " + e.getMessage());
    }
  }

  private synchronized void sample(ProcessId agent) {
    if (!samples) {
      return;
    }
    if (sampled.size() == MAX_TREES) {
      notices.accept("agents beyond the first " + MAX_TREES + " are not sampled");
      return;
    }
    ProcScanner scanner = new ProcScanner(clock, agent, SAMPLING, DaemonSources::thread);
    sampled.put(agent, scanner);
    scanner.start(engine);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "quint-proc-scanner");
    thread.setDaemon(true);
    return thread;
  }

  private synchronized void forget(ProcessId agent) {
    ProcScanner scanner = sampled.remove(agent);
    if (scanner != null) {
      scanner.close();
    }
  }

  @Override
  public void close() throws IOException {
    closing.close();
    synchronized (this) {
      samples = false;
      sampled.values().forEach(ProcScanner::close);
      sampled.clear();
    }
  }
}
