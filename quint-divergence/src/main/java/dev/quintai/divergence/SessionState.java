package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.SessionTracker;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.DnsAnswer;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.spi.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What the parts of a session's matcher share. Confined to the session's thread. */
final class SessionState {
  static final int MAX_NAMES = 256;
  private static final int MAX_CONFIGURED_TEXT = 16_384;
  static final int MAX_HOSTS = 1024;

  final Session session;
  final SessionFacts facts;
  final DivergenceSettings settings;
  final OpenIntent.Spans spans;
  final Timers timers = new Timers();
  final Blindness blindness;
  final ProcTable procs;
  final Proc root;
  private final Findings out;

  /** The time of the events, nanoseconds since the Unix epoch. */
  long now;

  /** Whether no event will come any more. */
  boolean ending;

  String cwd;

  /** Who said where the agent works; null while nobody has. */
  Session.Source cwdSource;

  String home;
  private HousekeepingTable.Rules rules;
  private HousekeepingExecs execs;
  private ExecMatcher matcher;
  private String rulesPlatform;
  private String rulesHome;
  private String rulesCwd;

  /** Names by process and address, as the resolver answered them. */
  final Map<String, String> names = lru(MAX_NAMES);

  /** Hosts that processes of the session have contacted. */
  final RecentHashes contacted = new RecentHashes(MAX_HOSTS);

  /** Bytes that the state took by the last sum, and since. */
  long bytes;

  /** Things that were resolved or forgotten early for want of room. */
  long evicted;

  /** Command lines that the agent's configuration named at the start; null before that is told. */
  List<String> configured;

  /** Those that only files of the project named, and that have not been seen to run yet. */
  List<String> fromProject = List.of();

  /** The credential that was read last, and when. */
  Act marked;

  SessionState(Session session, SessionFacts facts, Findings out, DivergenceSettings settings) {
    this.session = session;
    this.facts = facts;
    this.out = out;
    this.settings = settings;
    this.spans = OpenIntent.Spans.of(settings);
    this.procs = new ProcTable(settings.maxProcesses(), SessionTracker.GRACE_NANOS);
    this.blindness = new Blindness(session.root().startMs() * 1_000_000L);
    this.root = procs.add(session.root(), null, 0);
    root.own = true;
    root.exe = session.exe();
    Session.Source told = session.sourceOf(Session.Field.WORKING_DIR);
    if (counts(told)) {
      worksIn(session.workingDir(), told);
    }
  }

  private static <K, V> Map<K, V> lru(int capacity) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > capacity;
      }
    };
  }

  void report(Finding finding) {
    out.report(finding);
  }

  /** Takes what an agent's own event says of it. */
  void describe(AgentProcess agent) {
    if (configured == null) {
      // What comes later may be the agent's own writing.
      configured = bounded(agent.configured());
      fromProject = bounded(agent.fromProject());
    }
    worksIn(agent.cwd(), Session.Source.of(agent.origin()));
    if (agent.home() != null) {
      home = agent.home();
    }
    if (root.exe == null || agent.process().pid() == session.root().pid()) {
      root.exe = agent.exe() != null ? agent.exe() : root.exe;
    }
    if (root.cwd == null) {
      root.cwd = agent.cwd();
    }
  }

  /**
   * The first word of the best source counts: an agent that moves on has declared nothing by it.
   */
  private void worksIn(String folder, Session.Source source) {
    if (folder != null && (cwdSource == null || cwdSource.compareTo(source) < 0)) {
      cwd = folder;
      cwdSource = source;
    }
  }

  /** The agent's program was started before it declared anything, in that folder. */
  void startedIn(String folder) {
    cwd = folder;
    cwdSource = Session.Source.TRUTH;
  }

  /** The agent's working directory, or null. */
  String cwd() {
    return cwd == null ? root.cwd : cwd;
  }

  /**
   * Whether the source is one that the findings may rest on: not the agent's own files, nor what it
   * tells its model, which come when they come and say what the agent likes.
   */
  private static boolean counts(Session.Source source) {
    return source != null && source != Session.Source.AGENT_FILES && source != Session.Source.PROXY;
  }

  /** The home of the agent's user: as told, else the one that its working directory lies in. */
  String home() {
    if (home == null) {
      home = session.home();
    }
    if (home == null) {
      home = PathIdentity.homeOf(cwd());
    }
    return home == null ? PathIdentity.homeOf(root.exe) : home;
  }

  HousekeepingTable.Rules rules() {
    refreshRules();
    return rules;
  }

  HousekeepingExecs execs() {
    refreshRules();
    return execs;
  }

  ExecMatcher matcher() {
    refreshRules();
    return matcher;
  }

  private void refreshRules() {
    String platform = session.platform();
    String home = home();
    String cwd = cwd();
    if (rules == null
        || !platform.equals(rulesPlatform)
        || !Objects.equals(home, rulesHome)
        || !Objects.equals(cwd, rulesCwd)) {
      rulesPlatform = platform;
      rulesHome = home;
      rulesCwd = cwd;
      rules = HousekeepingTable.defaults().of(platform, home, cwd);
      execs = new HousekeepingExecs(platform, home, rules);
      matcher = new ExecMatcher(new WrapperRules(home));
    }
  }

  private static List<String> bounded(List<String> lines) {
    List<String> kept = new ArrayList<>();
    int room = MAX_CONFIGURED_TEXT;
    for (String line : lines) {
      if (line.length() <= room) {
        kept.add(line);
        room -= line.length();
      }
    }
    return List.copyOf(kept);
  }

  /** Whether the exec is a command that the agent's configuration named at the start. */
  boolean configured(ExecImage image) {
    return configured != null && among(configured, image) != null;
  }

  /**
   * Whether the exec is the first of a command that only a file of the project named. From now on
   * it counts as configured: once told, its further runs say nothing new.
   */
  boolean firstOfProject(ExecImage image) {
    String line = among(fromProject, image);
    if (line == null) {
      return false;
    }
    fromProject = fromProject.stream().filter(each -> !each.equals(line)).toList();
    configured = Stream.concat(configured.stream(), Stream.of(line)).toList();
    return true;
  }

  private String among(List<String> lines, ExecImage image) {
    for (String line : lines) {
      ExecMatcher.Fit fit = matcher().match(CommandLine.of(line, cwd(), home()), image).fit();
      if (fit == ExecMatcher.Fit.COMMAND || fit == ExecMatcher.Fit.LINE) {
        return line;
      }
    }
    return null;
  }

  /** The process of an event; one that was never seen starting is taken for a part of the agent. */
  Proc proc(ProcessId id) {
    Proc known = procs.find(id);
    if (known != null) {
      if (!known.exited) {
        known.seen = now;
      }
      return known;
    }
    return add(id, root);
  }

  /** Enters a process. */
  Proc add(ProcessId id, Proc parent) {
    bytes += Footprint.PROC + 16;
    return procs.add(id, parent, now);
  }

  SensitiveTarget sensitivePath(String path, boolean reads) {
    SensitiveTarget target = settings.sensitive().path(path, home(), cwd()).orElse(null);
    return target != null && target.writeOnly() && reads ? null : target;
  }

  void resolved(DnsAnswer answer) {
    String name = HostIdentity.canonical(answer.name());
    for (String address : answer.addresses()) {
      String key = answer.process().pid() + " " + HostIdentity.canonical(address);
      names.put(key, name);
      bytes += 48L + Footprint.text(key) + Footprint.text(name);
    }
  }

  /** The name that the process resolved to the address, or null. */
  String nameOf(int pid, String address) {
    return names.get(pid + " " + address);
  }

  boolean contactedBefore(String host) {
    return contacted.contains(RecentHashes.of(0, host));
  }

  void contacted(String host) {
    bytes += 24;
    contacted.add(RecentHashes.of(0, host));
  }

  /** Whether a credential was read so lately that contacts are suspect. */
  boolean isMarked(long t) {
    return marked != null && t >= marked.time() && t - marked.time() <= spans.mark();
  }
}
