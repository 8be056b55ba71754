package dev.quintai.daemon.run;

import dev.quintai.core.Finding;
import dev.quintai.core.Redactor;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.TruthEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the summary tells: each tool call, and what ran, changed and was reached while it was open.
 * That something happened during a call does not say that the call explains it: that is what
 * findings are for.
 *
 * <p>Bounded: calls, programs and targets past their limits are counted. Called under the engine's
 * lock.
 */
final class Timeline implements Consumer<Event> {

  private static final int MAX_CALLS = 2_000;
  private static final int MAX_SAMPLES = 12;
  private static final int MAX_PROCESSES = 256;
  private static final int MAX_TEXT = 300;
  private static final int MAX_REDACTED = 4_000;

  /** A tool call and what happened while it was open. */
  static final class Call {
    final long timeNanos;
    final String toolUseId;
    final String tool;
    final String text;
    final Set<String> programs = new LinkedHashSet<>();
    final Set<String> written = new LinkedHashSet<>();
    final Set<String> reached = new LinkedHashSet<>();

    /** Pids of what was seen to do something while the call was open. */
    final Set<Integer> processes = new HashSet<>();

    long reads;
    long more;
    boolean error;

    /** When its result came; {@link Long#MAX_VALUE} while it is open. */
    long endNanos = Long.MAX_VALUE;

    Call(IntentEvent intent) {
      timeNanos = intent.timeNanos();
      toolUseId = intent.toolUseId();
      tool = intent.tool();
      text = summary(intent);
    }

    /**
     * Whether the finding is of something that was done while the call was open; its time decides
     * where more processes were seen than are kept.
     */
    boolean during(Finding finding) {
      return finding.timeNanos() >= timeNanos
          && finding.timeNanos() <= endNanos
          && (processes.size() == MAX_PROCESSES || processes.contains(finding.pid()));
    }

    /** Whether nothing at all was seen while it was open. */
    boolean nothingSeen() {
      return programs.isEmpty() && written.isEmpty() && reached.isEmpty() && reads == 0;
    }

    private void add(Set<String> samples, String text) {
      String sample = shortened(text);
      if (samples.size() < MAX_SAMPLES) {
        samples.add(sample);
      } else if (!samples.contains(sample)) {
        more++;
      }
    }
  }

  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Call> open = new HashMap<>();
  private final List<Call> openInOrder = new ArrayList<>();
  private long callsMore;
  private long events;
  private long execs;
  private long connects;

  @Override
  public void accept(Event event) {
    events++;
    if (event instanceof IntentEvent intent) {
      if (calls.size() >= MAX_CALLS) {
        callsMore++;
        return;
      }
      if (intent.toolUseId() != null && open.containsKey(intent.toolUseId())) {
        return; // the same call from another vantage
      }
      Call call = new Call(intent);
      calls.add(call);
      openInOrder.add(call);
      if (intent.toolUseId() != null) {
        open.put(intent.toolUseId(), call);
      }
    } else if (event instanceof IntentResult result) {
      Call call = open.remove(result.toolUseId());
      if (call != null) {
        call.endNanos = result.timeNanos();
        call.error = result.isError();
        openInOrder.remove(call);
      }
    } else if (event instanceof TruthEvent truth) {
      truth(truth);
    }
  }

  private void truth(TruthEvent truth) {
    if (truth instanceof ProcessExec) {
      execs++;
    } else if (truth instanceof NetworkConnect) {
      connects++;
    }
    if (openInOrder.isEmpty()) {
      return;
    }
    Call call = openInOrder.get(openInOrder.size() - 1);
    if (call.processes.size() < MAX_PROCESSES) {
      call.processes.add(truth.process().pid());
    }
    if (truth instanceof ProcessExec exec) {
      call.add(call.programs, String.join(" ", exec.argv()));
    } else if (truth instanceof NetworkConnect connect) {
      call.add(call.reached, connect.host() != null ? connect.host() : connect.remoteIp());
    } else if (truth instanceof FileEvent file && file.op() != FileEvent.Op.CLOSE) {
      if (file.op() == FileEvent.Op.OPEN && file.access() == FileEvent.Access.READ) {
        call.reads += file.count();
      } else if (!file.path().startsWith("/dev/")) {
        call.add(call.written, file.newPath() != null ? file.newPath() : file.path());
      }
    }
  }

  /** As much as a summary can show: a script given on a command line can be very long. */
  private static String shortened(String text) {
    String safe =
        Redactor.redact(text.length() > MAX_REDACTED ? text.substring(0, MAX_REDACTED) : text);
    return safe.length() <= MAX_TEXT ? safe : safe.substring(0, MAX_TEXT - 3) + "...";
  }

  private static String summary(IntentEvent intent) {
    String text =
        intent
            .arguments()
            .firstString(
                "command", "cmd", "file_path", "path", "absolute_path", "url", "query", "pattern");
    return shortened(text != null ? text : intent.arguments().text());
  }

  List<Call> calls() {
    return calls;
  }

  long callsMore() {
    return callsMore;
  }

  long events() {
    return events;
  }

  long execs() {
    return execs;
  }

  long connects() {
    return connects;
  }
}
