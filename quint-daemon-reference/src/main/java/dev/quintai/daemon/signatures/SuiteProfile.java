package dev.quintai.daemon.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What is usual in a suite: the behaviour of its agent as a fingerprint, which tool follows which,
 * which tools go with which requests, and whom and what its calls have named. Bounded: past the
 * limits nothing more is learnt, and counts as new.
 */
final class SuiteProfile {
  private static final int MAX_ENTITIES = 500_000;
  private static final int MAX_PAIRS = 50_000;
  private static final int MAX_REQUESTS = 2_000;
  private static final int MAX_TOOLS = 10_000;
  private static final String START = "";

  /** Requests that share less of their words say nothing about each other. */
  private static final double LEAST_LIKENESS = 0.15;

  /** How many sessions the suite as a whole counts beside those with a like request. */
  private static final double PRIOR = 0.5;

  /** A request that was made before, and in how many sessions each tool was used for it. */
  private static final class Past {
    final Request request;
    final Map<String, Integer> tools = new HashMap<>();
    int sessions;

    Past(Request request) {
      this.request = request;
    }
  }

  private final AgentFingerprint fingerprint;
  private final Set<Entity> entities = new HashSet<>();
  private final Set<String> domains = new HashSet<>();
  private final TransitionCounts pairs = new TransitionCounts(MAX_PAIRS);
  private final Map<String, Past> requests = new LinkedHashMap<>();
  private final Map<String, Integer> tools = new HashMap<>();
  private int sessions;

  SuiteProfile(String suite) {
    // The seed follows from the suite, so that the same sessions always give the same scores.
    KeyHasher keys = new KeyHasher(HashSeed.ofSession("suite " + suite));
    UUID id = AgentIds.uuid5(AgentIds.OID, suite.getBytes(StandardCharsets.UTF_8));
    this.fingerprint = AgentFingerprint.create(id, keys);
  }

  /** Starts learning a session. */
  Learner session(Request request) {
    fingerprint.breakSequence();
    sessions++;
    return new Learner(past(request));
  }

  private Past past(Request request) {
    Past past = requests.get(request.text());
    if (past == null && requests.size() < MAX_REQUESTS) {
      past = new Past(request);
      requests.put(request.text(), past);
    }
    if (past != null) {
      past.sessions++;
    }
    return past;
  }

  /** Learns the calls of one session. */
  final class Learner {
    private final Past past;
    private final Set<String> used = new HashSet<>();
    private String previous = START;

    private Learner(Past past) {
      this.past = past;
    }

    void call(String tool, List<Action> actions, List<Entity> named) {
      actions.forEach(fingerprint::update);
      pairs.count(previous, tool);
      previous = tool;
      if (used.add(tool)) {
        count(tools, tool);
        if (past != null) {
          count(past.tools, tool);
        }
      }
      for (Entity entity : named) {
        if (entities.size() < MAX_ENTITIES) {
          entities.add(plain(entity));
          if (entity.kind() == Entity.Kind.HOST) {
            domains.add(entity.key());
          } else if (entity.kind() == Entity.Kind.MAILBOX) {
            domains.add(entity.mailDomain());
          }
        }
      }
    }
  }

  private static void count(Map<String, Integer> counts, String key) {
    if (counts.size() < MAX_TOOLS || counts.containsKey(key)) {
      counts.merge(key, 1, Integer::sum);
    }
  }

  private static Entity plain(Entity entity) {
    return new Entity(entity.kind(), entity.key(), false);
  }

  boolean knows(Entity entity) {
    return entities.contains(plain(entity));
  }

  /** Whether it has dealt with a host or a mailbox of the domain. */
  boolean knowsDomain(String domain) {
    return domains.contains(domain);
  }

  /** How unexpected a tool is, in nats: the logarithm of one over its smoothed share of calls. */
  double toolSurprise(String tool) {
    return Math.log((fingerprint.toolCalls() + 50.0) / (fingerprint.toolCount(tool) + 0.5));
  }

  /** How unexpected a tool is after another (null for the start of a session), in nats. */
  double pairSurprise(String previous, String tool) {
    return pairs.surprise(previous == null ? START : previous, tool);
  }

  /** How each tool fits a request, by what was used for like ones. */
  final class Fit {
    private final Map<String, Double> shares = new HashMap<>();
    private double weight;

    private Fit(Request request) {
      for (Past past : requests.values()) {
        double likeness = past.request.likeness(request);
        if (likeness >= LEAST_LIKENESS) {
          double counts = likeness * likeness;
          weight += counts * past.sessions;
          past.tools.forEach((tool, used) -> shares.merge(tool, counts * used, Double::sum));
        }
      }
    }

    /** How unexpected it is that a tool is used for the request at all, in nats. */
    double surprise(String tool) {
      double usual = (tools.getOrDefault(tool, 0) + 0.5) / (sessions + 1);
      double share = (shares.getOrDefault(tool, 0.0) + PRIOR * usual) / (weight + PRIOR);
      return -Math.log(share);
    }
  }

  Fit fit(Request request) {
    return new Fit(request);
  }
}
