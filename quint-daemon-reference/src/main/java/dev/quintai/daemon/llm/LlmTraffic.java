package dev.quintai.daemon.llm;

import dev.quintai.core.Mode;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParsers;
import dev.quintai.daemon.proxy.ConnectionInfo;
import dev.quintai.daemon.proxy.ExchangeObserver;
import dev.quintai.daemon.proxy.ProxyEvent;
import dev.quintai.daemon.proxy.RequestHead;
import dev.quintai.parsers.Providers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Turns what the proxy sees into events: a tool call in a response is an intent, its result in a
 * later request ends it, and every way that was opened is a connection with its host's name.
 *
 * <p>Thread-safe; called on the proxy's event loops.
 */
public final class LlmTraffic implements ExchangeObserver {

  private static final Origin PROXY = Origin.of("proxy");
  private static final int MAX_SESSIONS = 1_024;

  private final QuintEngine engine;
  private final LlmParsers parsers;
  private final LlmLimits limits;
  private final LongSupplier clock;
  private final Trail trail;
  private final Mode mode;
  private volatile ProcessId fallback;
  private final Consumer<ProxyEvent> notices;
  private final Map<String, CallLedger> ledgers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CallLedger> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  /**
   * Reads traffic for an engine.
   *
   * @param clock nanoseconds since the epoch on the clock of the truth source
   * @param notices told of traffic that could not be observed or carried
   */
  public LlmTraffic(
      QuintEngine engine,
      LlmParsers parsers,
      LlmLimits limits,
      LongSupplier clock,
      Trail trail,
      Mode mode,
      Consumer<ProxyEvent> notices) {
    this.engine = engine;
    this.parsers = parsers;
    this.limits = limits;
    this.clock = clock;
    this.trail = trail;
    this.mode = mode;
    this.notices = notices;
  }

  /**
   * Gives connections of unknown owner to a process; without one their calls belong to no session.
   */
  public void fallback(ProcessId process) {
    fallback = process;
  }

  @Override
  public void connectionOpened(ConnectionInfo connection) {
    ProcessId owner = owner(connection);
    if (owner == null) {
      return;
    }
    String ip =
        connection
            .remote()
            .map(remote -> remote.getAddress())
            .map(address -> address.getHostAddress())
            .orElse(null);
    engine.accept(
        new NetworkConnect(
            clock.getAsLong(),
            owner,
            PROXY,
            ip,
            connection.port(),
            connection.host().toLowerCase(Locale.ROOT)));
  }

  @Override
  public void event(ProxyEvent event) {
    notices.accept(event);
  }

  @Override
  public Exchange exchange(ConnectionInfo connection, RequestHead request) {
    ProcessId owner = owner(connection);
    Session session = owner == null ? null : engine.sessions().sessionByPid(owner.pid());
    String path = request.path();
    int question = path.indexOf('?');
    LlmHead head =
        LlmHead.of(request.method(), path, request.contentType()).withHost(request.host());
    Trail.Exchange common =
        new Trail.Exchange(
            "conn-" + connection.id(),
            request.host(),
            Providers.of(head),
            request.method(),
            question < 0 ? path : path.substring(0, question),
            owner == null ? -1 : owner.pid(),
            session);
    return new LlmExchange(this, head, common, owner, request.webSocket());
  }

  /** The process at the client's end: as the tracker knows it, else as the proxy found it. */
  private ProcessId owner(ConnectionInfo connection) {
    int pid = (int) connection.ownerPid();
    ProcessId known = pid < 0 ? null : engine.sessions().processByPid(pid);
    if (known != null) {
      return known;
    }
    return fallback != null ? fallback : pid < 0 ? null : ProcessId.ofPid(pid);
  }

  QuintEngine engine() {
    return engine;
  }

  LlmParsers parsers() {
    return parsers;
  }

  LlmLimits limits() {
    return limits;
  }

  long now() {
    return clock.getAsLong();
  }

  Trail trail() {
    return trail;
  }

  boolean blocks() {
    return mode == Mode.BLOCK;
  }

  CallLedger ledger(Session session) {
    String id = session == null ? "" : session.id();
    synchronized (ledgers) {
      return ledgers.computeIfAbsent(id, CallLedger::new);
    }
  }

  static IntentEvent.Builder intent(long timeNanos, ProcessId process, String tool) {
    return IntentEvent.builder(timeNanos, process, tool).origin(PROXY);
  }

  static Origin origin() {
    return PROXY;
  }
}
