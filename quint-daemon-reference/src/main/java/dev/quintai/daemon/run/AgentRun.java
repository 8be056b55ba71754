package dev.quintai.daemon.run;

import dev.quintai.core.FinalFindings;
import dev.quintai.core.Finding;
import dev.quintai.core.Mode;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.SessionTracker;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.events.FindingWriter;
import dev.quintai.daemon.live.LiveFeed;
import dev.quintai.daemon.llm.Trail;
import dev.quintai.daemon.signatures.Suppressed;
import dev.quintai.esjni.BootClock;
import dev.quintai.fingerprint.FingerprintDetector;
import dev.quintai.signatures.BenignHistory;
import dev.quintai.signatures.BenignRecorder;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One agent under watch, from its start to the last finding. The agent keeps its terminal: nothing
 * is written to standard output or error while it runs, unless a live view is asked for.
 *
 * <p>Everything that is opened is closed in the opposite order, on every way out; a termination
 * signal ends the agent and then takes the ordinary way out.
 */
final class AgentRun {

  /** How late the events of the local sensors may be against each other. */
  private static final Duration LATENESS = Duration.ofSeconds(2);

  private final RunOrder order;
  private final Notices notices = new Notices();
  private final AtomicBoolean terminated = new AtomicBoolean();

  AgentRun(RunOrder order) {
    this.order = order;
  }

  /**
   * Runs the agent to its end.
   *
   * @throws Failure when it cannot be started, with what to do about it
   */
  RunOutcome run() throws IOException {
    Path program =
        CommandFile.find(
            order.command().get(0),
            order.environment().getOrDefault("PATH", "/usr/bin:/bin"),
            order.directory());
    ProcessExec preview = CommandFile.preview(program, order.command());
    String known = Gates.platform(preview);
    String platform = known == null ? SessionTracker.GENERIC : known;
    DataDirectory data = DataDirectory.open(order.data());
    Terminal terminal = Terminal.remember();
    Closing closing = new Closing();
    try {
      RunOutcome outcome = watch(closing, data, platform, program.toRealPath());
      try {
        closing.close();
      } catch (IOException e) {
        // The agent has run: its exit code stands, and the summary says what was not written.
        notices.accept(Failure.explain(e));
        for (Throwable more : e.getSuppressed()) {
          notices.accept(Failure.explain(more));
        }
      }
      return outcome;
    } catch (IOException | RuntimeException e) {
      try {
        closing.close();
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    } finally {
      terminal.restore();
    }
  }

  private RunOutcome watch(Closing closing, DataDirectory data, String platform, Path program)
      throws IOException {
    BootClock clock = BootClock.open(data.path());
    // Files are opened first: a path that cannot be written must stop us before the agent starts.
    Writer findingsFile =
        order.findings() == null ? null : closing.later(SecureFiles.replace(order.findings()));
    Recorder recorder = order.record() == null ? null : closing.later(new Recorder(order.record()));
    if (recorder != null && findingsFile != null && same(order.record(), order.findings())) {
      throw new Failure(order.record() + ": --record and --findings need a file each");
    }
    Opening<Audit> audit = closing.later(Opening.of("audit", () -> Audit.open(data, notices)));
    Opening<CertificateAuthority> authority =
        closing.later(
            Opening.of(
                "authority", () -> CertificateAuthority.open(data.path(), InstantSource.system())));
    LiveFeed live = closing.later(LiveFeed.open(data.path()));
    if (order.live() != null) {
      live.listen(order.live());
    }
    ThreatSignatureRegistry registry =
        ThreatSignatureRegistry.open(data.file(DataDirectory.SIGNATURES), BuiltInSignatures.all());
    if (registry.damage() != null) {
      notices.accept("signatures: damaged, the last whole set is loaded: " + registry.damage());
    }
    BenignHistory history = history(data);
    BenignRecorder recording = new BenignRecorder(history);
    Memory memory = closing.later(Memory.open(data, true, notices));
    // A recording must say the same when it is replayed elsewhere, where nothing is known.
    FingerprintDetector fingerprint =
        order.record() == null || order.withFingerprint()
            ? memory.remembering()
            : memory.startingCold();
    SessionLedger ledger = closing.later(SessionLedger.open(data.file("sessions.jsonl")));
    FinalFindings findings = new FinalFindings(Gates.MAX_FINDINGS);
    Timeline timeline = new Timeline();
    Refusals refusals =
        order.mode() == Mode.BLOCK
            ? new Refusals(platform, order.directory(), order.environment().get("HOME"))
            : null;
    Consumer<Event> tap =
        event -> {
          if (refusals != null) {
            refusals.call(event);
          }
          if (recorder != null) {
            recorder.accept(event);
          }
          timeline.accept(event);
          live.accept(event);
        };
    SignatureDetector signatures =
        new SignatureDetector(registry::current, () -> instant(clock.nowNanos()), recording);
    QuintEngine engine =
        closing.later(
            Gates.engine(signatures, fingerprint)
                .mode(order.mode())
                .machineId(data.machineId())
                .lateness(LATENESS)
                .tap(tap)
                .sink(findings)
                .sink(live)
                .sink(ledger)
                .earlier(ledger)
                .sink(recording)
                .build());
    Trail log = audit.get().trail();
    Trail trail = refusals == null ? log : refusals.over(log);
    Path runtime = closing.later(RuntimeDirectory.make(data.path())).path();
    Launch launch = closing.later(Launch.of(order, runtime, clock, notices, refusals));
    LocalProxy proxy =
        closing.later(
            LocalProxy.start(
                new LocalProxy.Settings(order.upstreams(), order.environment(), order.mode(), 0),
                authority.get(),
                runtime,
                engine,
                clock,
                trail,
                notices));
    Terminal.leaveSignalsToTheAgent();
    Terminal.onTermination(
        () -> {
          terminated.set(true);
          launch.terminate();
        });
    ProcessId root = start(launch, proxy, engine, clock, platform, program);
    if (terminated.get()) {
      launch.terminate(); // we were asked to end while it was being started
    }
    Ticker ticker =
        closing.later(
            Ticker.start(
                () -> {
                  engine.advanceTo(instant(clock.nowNanos()));
                  AgentSessionFiles.look(engine);
                  refresh(registry);
                  if (recorder != null) {
                    recorder.flush();
                  }
                }));
    int exitCode = launch.waitFor();
    ticker.close();
    String session = root.pid() + "-" + root.startMs();
    Session known = engine.sessions().session(session);
    proxy.close();
    launch.close();
    engine.close();
    remember(history);
    Suppressed.tell(signatures, notices);
    List<Finding> last = findings.sorted();
    if (findingsFile != null) {
      try {
        for (Finding finding : last) {
          findingsFile.write(FindingWriter.line(finding));
          findingsFile.write('\n');
        }
        findingsFile.flush();
      } catch (IOException e) {
        notices.accept(order.findings() + ": the findings are incomplete: " + Failure.explain(e));
      }
    }
    return new RunOutcome(
        exitCode,
        session,
        known == null ? platform : known.platform(),
        last,
        timeline,
        engine.stats(),
        launch.describe(),
        notices,
        data.database());
  }

  /** What agents did before without anybody minding; an unreadable past is told, and no past. */
  private BenignHistory history(DataDirectory data) {
    Path file = data.file(DataDirectory.HISTORY);
    try {
      BenignHistory history = BenignHistory.open(file, BenignHistory.Limits.DEFAULTS);
      if (history.unreadable() > 0) {
        notices.accept(file + ": " + history.unreadable() + " lines could not be read");
      }
      return history;
    } catch (IOException e) {
      notices.accept("benign sessions are not recorded: " + Failure.explain(e));
      return BenignHistory.inMemory(BenignHistory.Limits.DEFAULTS);
    }
  }

  private void remember(BenignHistory history) {
    try {
      history.save();
    } catch (IOException e) {
      notices.accept("benign sessions could not be recorded: " + Failure.explain(e));
    }
  }

  private static boolean same(Path one, Path other) throws IOException {
    return !one.toString().equals("/dev/null") && Files.isSameFile(one, other);
  }

  /** Starts the agent. Its session is declared before the first thing that it did is told. */
  private ProcessId start(
      Launch launch,
      LocalProxy proxy,
      QuintEngine engine,
      BootClock clock,
      String platform,
      Path program)
      throws IOException {
    Map<String, String> environment = proxy.environment(order.environment());
    HeldBack<Event> events = new HeldBack<>(engine::accept);
    // Read before the agent runs: what it writes there itself declares nothing.
    String home = order.environment().get("HOME");
    AgentSettings.Commands configured =
        AgentSettings.commands(platform, home, order.directory(), notices);
    ProcessId root = launch.start(environment, events);
    proxy.fallback(root);
    engine.accept(
        new AgentProcess(
            clock.nowNanos(),
            root,
            Origin.of("run"),
            (int) ProcessHandle.current().pid(),
            platform,
            program.toString(),
            order.directory().toString(),
            home,
            configured.operators(),
            configured.projects()));
    events.release();
    return root;
  }

  /** Takes what update-signatures has loaded meanwhile. */
  private static void refresh(ThreatSignatureRegistry registry) {
    try {
      registry.refresh();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the set in force stays; the next beat tries again
    }
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
