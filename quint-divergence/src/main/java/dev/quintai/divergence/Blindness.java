package dev.quintai.divergence;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.SensorLoss;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When which sensor was blind. A loss blinds its source from that source's previous event on; an
 * event without a source may be anybody's. A sensor that only looks now and then misses what is
 * short, and nobody counts that, so a class that no other source delivers is never seen whole.
 */
final class Blindness {
  static final int MAX_SOURCES = 32;
  static final int MAX_SPANS = 64;

  /** Sensors that look at {@code /proc} and the like now and then, and are not told. */
  private static final Set<String> SAMPLERS = Set.of("proc", "scanner", "lsof");

  /** What a source has been seen to deliver. */
  static final class Source {
    long last = Long.MIN_VALUE;

    /** A bit for each class of which an event came. */
    int classes;

    boolean intents;
  }

  /** A span in which events of these classes may be missing. */
  record Span(long from, long to, int classes, boolean intents) {}

  final Map<String, Source> sources = new HashMap<>();
  final Source unnamed = new Source();
  final Deque<Span> spans = new ArrayDeque<>(0);

  /** A bit for each class of which an event came from any source. */
  int delivered;

  private static final int UNKNOWN = -1;
  private int sampled = UNKNOWN;

  private final long start;

  Blindness(long start) {
    this.start = start;
  }

  /** Takes note of an event that came. */
  void saw(Event event) {
    Source source = source(event.origin().source());
    source.last = Math.max(source.last, event.timeNanos());
    ActClass act = classOf(event);
    if (act != null && (source.classes & act.bit()) == 0) {
      source.classes |= act.bit();
      delivered |= act.bit();
      sampled = UNKNOWN;
    }
    source.intents |= event instanceof IntentEvent || event instanceof IntentResult;
  }

  /** The sources of the two latest names: most events come from one of them. */
  private String latestName;

  private Source latest;
  private String otherName;
  private Source other;

  private Source source(String name) {
    if (name == null) {
      return unnamed;
    }
    if (!name.equals(latestName)) {
      Source found =
          name.equals(otherName) ? other : named(new Origin(name, Origin.NO_SEQ).sensor());
      otherName = latestName;
      other = latest;
      latestName = name;
      latest = found;
    }
    return latest;
  }

  private Source named(String name) {
    Source source = sources.get(name);
    if (source == null) {
      if (sources.size() >= MAX_SOURCES) {
        return unnamed;
      }
      source = new Source();
      sources.put(name, source);
    }
    return source;
  }

  static ActClass classOf(Event event) {
    if (event instanceof ProcessExec) {
      return ActClass.EXEC;
    } else if (event instanceof NetworkConnect) {
      return ActClass.NETWORK;
    } else if (event instanceof FileEvent file) {
      return switch (file.op()) {
        case OPEN ->
            file.access() == null || file.access() == FileEvent.Access.READ
                ? ActClass.FILE_READ
                : ActClass.FILE_WRITE;
        case CREATE, WRITE, RENAME -> ActClass.FILE_WRITE;
        case UNLINK -> ActClass.FILE_DELETE;
        case CLOSE -> null;
      };
    }
    return null;
  }

  void lost(SensorLoss loss) {
    String name = loss.origin().sensor();
    Source source = name == null ? null : sources.get(name);
    long from = unnamed.last;
    if (source != null) {
      from = Math.max(from, source.last);
    } else if (name == null) {
      for (Source each : sources.values()) {
        from = Math.max(from, each.last);
      }
    }
    boolean known = source != null && source.classes != 0;
    boolean intentSource =
        (source != null && source.intents)
            || "proxy".equals(name)
            || "mcp".equals(name)
            || "hook".equals(name)
            || "transcript".equals(name);
    int classes = known ? source.classes : intentSource ? 0 : ActClass.ALL;
    spans.addLast(
        new Span(
            from == Long.MIN_VALUE ? start : from,
            loss.timeNanos(),
            classes,
            intentSource || name == null));
    if (spans.size() > MAX_SPANS) {
      Span first = spans.removeFirst();
      Span second = spans.removeFirst();
      spans.addFirst(
          new Span(
              Math.min(first.from, second.from),
              Math.max(first.to, second.to),
              first.classes | second.classes,
              first.intents || second.intents));
    }
  }

  /** Whether an event of one of the effects' classes may be missing between the times. */
  boolean blind(DeclaredEffects effects, long from, long to) {
    for (Span span : spans) {
      if (span.from <= to && span.to >= from && effects.declaresAny(span.classes)) {
        return true;
      }
    }
    return effects.declaresAny(sampled());
  }

  boolean blind(ActClass act, long from, long to) {
    for (Span span : spans) {
      if (span.from <= to && span.to >= from && (span.classes & act.bit()) != 0) {
        return true;
      }
    }
    return (sampled() & act.bit()) != 0;
  }

  /** A bit for each class that only samplers deliver. */
  private int sampled() {
    if (sampled == UNKNOWN) {
      sampled = onlySampled();
    }
    return sampled;
  }

  private int onlySampled() {
    int sampled = 0;
    int whole = unnamed.classes;
    for (Map.Entry<String, Source> each : sources.entrySet()) {
      if (SAMPLERS.contains(each.getKey())) {
        sampled |= each.getValue().classes;
      } else {
        whole |= each.getValue().classes;
      }
    }
    return sampled & ~whole;
  }

  /** Whether events of one of the effects' classes were ever lost. */
  boolean everBlind(DeclaredEffects effects) {
    return blind(effects, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Whether an intent may be missing between the times. */
  boolean blindToIntents(long from, long to) {
    for (Span span : spans) {
      if (span.from <= to && span.to >= from && span.intents) {
        return true;
      }
    }
    return false;
  }

  /** Whether an event of one of the effects' classes has ever come. */
  boolean delivers(DeclaredEffects effects) {
    return effects.declaresAny(delivered);
  }
}
