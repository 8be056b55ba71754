package dev.quintai.daemon.run;

import dev.quintai.core.Mode;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.event.Event;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.events.FindingWriter;
import dev.quintai.daemon.live.LiveFeed;
import dev.quintai.esjni.BootClock;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The long-running daemon: all sensors that work here, one engine, and the live feed. Each revision
 * of a finding is printed as a line of JSON when it is raised. Ends in order on SIGTERM, SIGINT or
 * SIGHUP: what is open is resolved and printed.
 */
final class Daemon {

  /** How late the events of the sensors may be against each other. */
  private static final Duration LATENESS = Duration.ofSeconds(5);

  /** What agents need to be led through the proxy, for a shell to read. */
  static final String PROXY_ENVIRONMENT = "proxy.env";

  private final DataDirectory data;
  private final DaemonSettings settings;
  private final Upstreams upstreams;
  private final PrintStream out;
  private final PrintStream err;

  Daemon(
      DataDirectory data,
      DaemonSettings settings,
      Upstreams upstreams,
      PrintStream out,
      PrintStream err) {
    this.data = data;
    this.settings = settings;
    this.upstreams = upstreams;
    this.out = out;
    this.err = err;
  }

  /** Runs until it is asked to end. */
  void run() throws IOException {
    try (Closing closing = new Closing()) {
      closing.later(alone());
      start(closing).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Two daemons on one data folder would tell everything twice. */
  private Closeable alone() throws IOException {
    Path file = data.file("daemon.lock");
    if (!Files.exists(file)) {
      SecureFiles.replace(file).close();
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by this very process
    }
    if (lock == null) {
      channel.close();
      throw new Failure("a daemon runs already on " + data.path());
    }
    return channel;
  }

  private CountDownLatch start(Closing closing) throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    Terminal.onEveryEnd(over::countDown);
    BootClock clock = BootClock.open(data.path());
    Recorder recorder =
        settings.record() == null ? null : closing.later(new Recorder(settings.record()));
    LiveFeed live = closing.later(LiveFeed.open(data.path()));
    ThreatSignatureRegistry registry =
        ThreatSignatureRegistry.open(data.file("signatures"), BuiltInSignatures.all());
    Memory memory = closing.later(Memory.open(data, true, this::tell));
    LinePrinter printer = closing.later(new LinePrinter(out, this::tell));
    SessionLedger ledger = closing.later(SessionLedger.open(data.file("sessions.jsonl")));
    QuintEngine engine =
        closing.later(
            Gates.engine(
                    new SignatureDetector(registry::current, () -> instant(clock)),
                    memory.remembering())
                .mode(settings.mode())
                .machineId(data.machineId())
                .lateness(LATENESS)
                .tap(tap(recorder, live))
                .sink(live)
                .sink(ledger)
                .earlier(ledger)
                .sink(finding -> printer.accept(FindingWriter.line(finding)))
                .build());
    Path runtime = closing.later(RuntimeDirectory.make(data.path())).path();
    if (settings.proxyPort() >= 0) {
      proxy(closing, runtime, engine, clock);
    }
    TruthChoice choice = TruthChoice.of(settings.truth(), runtime);
    closing.later(
        DaemonSources.start(settings, choice, runtime, clock, engine::accept, this::tell));
    closing.later(
        Ticker.start(
            () -> {
              engine.advanceTo(instant(clock));
              AgentSessionFiles.look(engine);
              refresh(registry);
              if (recorder != null) {
                recorder.flush();
              }
            }));
    tell("truth: " + choice.says());
    tell(
        settings.extension()
            ? "extension: " + settings.socket() + ", secret " + settings.secret()
            : "extension: off");
    tell(
        settings.scan() == null
            ? "scanner: off"
            : "scanner: every " + settings.scan().toSeconds() + " s");
    if (settings.mode() == Mode.BLOCK) {
      tell("mode block: tool calls that come by the proxy; what programs do is only seen");
    }
    return over;
  }

  private static Consumer<Event> tap(Recorder recorder, LiveFeed live) {
    return event -> {
      if (recorder != null) {
        recorder.accept(event);
      }
      live.accept(event);
    };
  }

  private void proxy(Closing closing, Path runtime, QuintEngine engine, BootClock clock)
      throws IOException {
    Audit audit = closing.later(Audit.open(data, this::tell));
    CertificateAuthority authority = CertificateAuthority.open(data.path(), InstantSource.system());
    LocalProxy proxy =
        closing.later(
            LocalProxy.start(
                new LocalProxy.Settings(
                    upstreams, System.getenv(), settings.mode(), settings.proxyPort()),
                authority,
                runtime,
                engine,
                clock,
                audit.trail(),
                this::tell));
    Path file = data.file(PROXY_ENVIRONMENT);
    try (var lines = SecureFiles.replace(file)) {
      for (Map.Entry<String, String> each : proxy.environment(Map.of()).entrySet()) {
        lines.write(each.getKey() + "='" + each.getValue().replace("'", "'\\''") + "'\n");
      }
    }
    closing.later(() -> Files.deleteIfExists(file));
    tell("proxy: " + proxy.url() + "; lead agents through it with: set -a; . " + file);
  }

  private void tell(String line) {
    err.println("quint daemon: " + line);
  }

  private static void refresh(ThreatSignatureRegistry registry) {
    try {
      registry.refresh();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the set in force stays; the next beat tries again
    }
  }

  private static Instant instant(BootClock clock) {
    return Instant.ofEpochSecond(0, clock.nowNanos());
  }
}
