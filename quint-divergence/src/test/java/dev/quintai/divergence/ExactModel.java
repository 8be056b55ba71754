package dev.quintai.divergence;

import dev.quintai.core.event.Approval;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessFork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What explains what, by the rules and nothing else: the whole history in memory, every question
 * answered by looking at all of it. For the small world of {@link Stories}: one agent in {@code
 * /home/ann/shop}, files, plain commands run directly or by {@code bash -c}, contacts.
 */
final class ExactModel {
  private static final long MS = 1_000_000L;
  private static final long TOLERANCE = 250 * MS;
  private static final long REPEAT = 5_000 * MS;
  private static final long HORIZON = 120_000 * MS;
  private static final long LATE = 30_000 * MS;
  private static final long MARK = 600_000 * MS;
  private static final long NEVER = Long.MAX_VALUE;

  /** A declared command: what runs, and what its process declares. */
  record Command(List<String> argv, Set<String> reads, Set<String> hosts) {}

  static final Map<String, Command> COMMANDS =
      Map.of(
          "make a", new Command(List.of("make", "a"), Set.of(), Set.of()),
          "cat /srv/x", new Command(List.of("cat", "/srv/x"), Set.of("/srv/x"), Set.of()),
          "ls -la", new Command(List.of("ls", "-la"), Set.of(), Set.of()),
          "curl https://api.example/x",
              new Command(
                  List.of("curl", "https://api.example/x"), Set.of(), Set.of("api.example")),
          "cat ~/.ssh/id_rsa",
              new Command(
                  List.of("cat", "/home/ann/.ssh/id_rsa"),
                  Set.of("/home/ann/.ssh/id_rsa"),
                  Set.of()));

  /** A call. */
  static final class Call {
    String id;
    long time;
    ActClass act;
    String target;
    Command command;
    String line;
    long result = NEVER;
    boolean error;
    boolean denied;
    long approved = NEVER;
    long firstMatch = NEVER;

    /** How late the first match of all was told to be, in its order; -1 when in time. */
    long gap = -1;

    final Map<String, Long> seen = new HashMap<>();

    boolean matched() {
      return firstMatch != NEVER;
    }

    boolean open(long t) {
      return t >= time - TOLERANCE
          && (result != NEVER ? t <= result + TOLERANCE : t <= time + HORIZON);
    }

    /** Whether nothing can match it any more. */
    boolean over(long now) {
      return result != NEVER ? now >= result + REPEAT : now > time + HORIZON;
    }

    boolean takes(Truth truth) {
      Long first = seen.get(truth.effect());
      return open(truth.time) && (first == null || result != NEVER || truth.time <= first + REPEAT);
    }

    boolean declares(Truth truth) {
      if (truth.act == ActClass.EXEC) {
        return command != null
            && (truth.argv.equals(command.argv())
                || truth.argv.equals(List.of("bash", "-c", line)));
      }
      return truth.process == null
          && command == null
          && act == truth.act
          && target.equals(truth.target);
    }
  }

  /** A process below the agent. */
  static final class Child {
    Call lineage;
    Truth stray;

    Call explains() {
      Call call = lineage != null ? lineage : stray == null ? null : stray.by;
      return call == null || call.denied ? null : call;
    }
  }

  /** Something that happened. */
  static final class Truth {
    long time;
    ActClass act;
    int pid;
    String target;
    List<String> argv;

    /** The process, or null for the agent itself. */
    Child process;

    /** What explains it: a call, or something else. */
    Call by;

    boolean explained;

    /** Whether the call that explains it names it. */
    boolean named;

    /** It belongs to the subtree of an unexplained exec and has no finding of its own. */
    Truth foldedInto;

    /** It is a contact after the read of a secret. */
    boolean suspect;

    boolean sensitive() {
      return target != null && target.endsWith("/.ssh/id_rsa");
    }

    /** Whether the agent read a file of its project. */
    boolean ambient() {
      return act == ActClass.FILE_READ && target.startsWith("/home/ann/shop/");
    }

    String effect() {
      return act == ActClass.EXEC ? "exec" : act + " " + target;
    }

    /** Whether a finding of its own must tell of it. */
    boolean unexplained() {
      return !explained && foldedInto == null;
    }
  }

  final List<Call> calls = new ArrayList<>();
  final List<Truth> truths = new ArrayList<>();
  private final Map<Integer, Child> children = new HashMap<>();
  private final Set<String> contacted = new HashSet<>();
  private final Set<String> writes = new HashSet<>();
  private long marked = Long.MIN_VALUE;

  ExactModel(List<Event> inOrder) {
    for (Event event : inOrder) {
      if (event instanceof IntentEvent intent) {
        declare(intent);
      } else if (event instanceof IntentResult result) {
        finish(result);
      } else if (event instanceof Approval approval) {
        answer(approval);
      } else if (event instanceof ProcessFork fork) {
        children.put(fork.child().pid(), new Child());
      } else if (event instanceof ProcessExec exec) {
        exec(exec);
      } else if (event instanceof FileEvent file) {
        file(file);
      } else if (event instanceof NetworkConnect connect) {
        connect(connect);
      }
    }
  }

  private Call call(String id) {
    return calls.stream().filter(c -> c.id.equals(id)).findFirst().orElseThrow();
  }

  private void declare(IntentEvent intent) {
    Call call = new Call();
    call.id = intent.toolUseId();
    call.time = intent.timeNanos();
    String path = intent.arguments().string("file_path");
    switch (intent.tool()) {
      case "Read" -> call.act = ActClass.FILE_READ;
      case "Write" -> call.act = ActClass.FILE_WRITE;
      default -> {
        call.line = intent.arguments().string("command");
        call.command = COMMANDS.get(call.line);
      }
    }
    call.target = path;
    calls.add(call);
    // A truth just before it, that nothing declared explains, is its.
    for (Truth truth : truths) {
      if (truth.time >= call.time - TOLERANCE && truth.by == null && call.declares(truth)) {
        claim(call, truth);
      }
    }
  }

  private void finish(IntentResult event) {
    Call call = call(event.toolUseId());
    if (call.result == NEVER) {
      call.result = event.timeNanos();
      call.error = event.isError();
      for (Truth truth : truths) {
        if (!truth.explained && call.open(truth.time) && !call.denied && call.declares(truth)) {
          claim(call, truth);
        }
      }
    }
  }

  private void answer(Approval event) {
    Call call = call(event.toolUseId());
    if (event.granted()) {
      call.approved = event.timeNanos();
      return;
    }
    if (!call.denied) {
      call.denied = true;
      for (Truth truth : truths) {
        if (truth.by == call && truth.named) {
          free(truth, event.timeNanos());
        }
      }
    }
  }

  /** What a refused call explained is another call's that is not over yet, or unexplained. */
  private void free(Truth truth, long now) {
    truth.by = null;
    truth.explained = false;
    boolean exec = truth.act == ActClass.EXEC;
    if (exec) {
      truth.process.lineage = null;
      truth.process.stray = truth;
    }
    if ((exec || truth.process == null) && direct(truth, now)) {
      return;
    }
    if (truth.process == null) {
      truth.explained = truth.ambient();
    } else if (!exec && !truth.sensitive()) {
      truth.foldedInto = truth.process.stray;
    }
  }

  private void claim(Call call, Truth truth) {
    call.seen.putIfAbsent(truth.effect(), truth.time);
    boolean first = !call.matched();
    call.firstMatch = Math.min(call.firstMatch, truth.time);
    if (first) {
      long from = call.approved <= truth.time ? Math.max(call.time, call.approved) : call.time;
      call.gap = truth.time - from > LATE ? truth.time - from : -1;
    }
    truth.by = call;
    truth.named = true;
    truth.explained = true;
    if (truth.act == ActClass.EXEC) {
      truth.process.lineage = call;
      truth.process.stray = null;
      for (Truth other : truths) {
        if (other.foldedInto == truth) {
          other.explained = true;
        } else if (other.process == truth.process
            && !other.explained
            && other.act != ActClass.EXEC
            && !other.suspect
            && call.command.reads().contains(other.target)) {
          other.explained = true;
        }
      }
    }
  }

  private Truth truth(long time, ActClass act, int pid, String target) {
    Truth truth = new Truth();
    truth.time = time;
    truth.act = act;
    truth.pid = pid;
    truth.target = target;
    truth.process = children.get(pid);
    truths.add(truth);
    return truth;
  }

  /** The nearest earlier call that declares it, else the nearest later one. */
  private boolean direct(Truth truth, long now) {
    Call best = null;
    for (Call call : calls) {
      if (call.over(now) || call.denied || !call.takes(truth) || !call.declares(truth)) {
        continue;
      }
      boolean better =
          best == null
              || (call.time <= truth.time
                  ? best.time > truth.time || call.time >= best.time
                  : best.time > truth.time && call.time < best.time);
      best = better ? call : best;
    }
    if (best != null) {
      claim(best, truth);
    }
    return best != null;
  }

  private void exec(ProcessExec event) {
    Truth truth = truth(event.timeNanos(), ActClass.EXEC, event.process().pid(), null);
    truth.argv = event.argv();
    if (!direct(truth, truth.time)) {
      truth.process.stray = truth;
    }
  }

  private void file(FileEvent event) {
    boolean write = event.op() != FileEvent.Op.OPEN;
    int pid = event.process().pid();
    String second = pid + " " + event.path() + " " + event.timeNanos() / (1000 * MS);
    if (write && !writes.add(second)) {
      return; // one write for each process, path and second
    }
    Truth truth =
        truth(
            event.timeNanos(), write ? ActClass.FILE_WRITE : ActClass.FILE_READ, pid, event.path());
    if (truth.process == null) {
      truth.explained = direct(truth, truth.time) || truth.ambient();
    } else {
      below(truth);
    }
    if (truth.sensitive() && !write) {
      marked = truth.time;
    }
  }

  private void below(Truth truth) {
    Call lineage = truth.process.explains();
    if (lineage != null) {
      boolean declared = lineage.command.reads().contains(truth.target);
      truth.explained = declared || !truth.sensitive();
      truth.named = declared;
      truth.by = lineage;
    } else if (!truth.sensitive() && truth.process.stray != null) {
      truth.foldedInto = truth.process.stray;
    }
  }

  private void connect(NetworkConnect event) {
    String host = event.host() != null ? event.host() : event.remoteIp();
    Truth truth = truth(event.timeNanos(), ActClass.NETWORK, event.process().pid(), host);
    if (truth.process != null) {
      Call lineage = truth.process.explains();
      if (lineage != null) {
        boolean declared = lineage.command.hosts().contains(host);
        truth.suspect = !declared && !contacted.contains(host) && truth.time - marked <= MARK;
        truth.suspect &= marked != Long.MIN_VALUE;
        truth.explained = !truth.suspect;
        truth.named = declared;
        truth.by = lineage;
      } else if (truth.process.stray != null) {
        truth.foldedInto = truth.process.stray;
      }
    }
    contacted.add(host);
  }
}
