package dev.quintai.fingerprint;

import dev.quintai.core.Action;
import dev.quintai.core.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Tells how an action deviates from a fingerprint, and how much the deviations weigh together.
 *
 * <p>Each measure gives a score from 0 to its weight; the sum of the evidence is {@code 1 - product
 * of (1 - score)}. No single measure reaches the score of an alert, because each alone happens to
 * honest agents: a new tool is installed, a task differs from yesterday's.
 *
 * <p>Nothing deviates from a fingerprint of fewer than {@link #minActions} actions. What did not
 * happen in 50 actions has, with 95% confidence, a rate below 6% (the rule of three: 3 / n); with
 * fewer, "never before" says nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class DeviationRules {
  // A novelty is worth less the more often the agent has something new anyway. The past rate of new
  // tools is their number over the number of calls; at 1 in 10 a new one is no news.

  /** From how many actions on an agent is known. */
  public static final int MIN_ACTIONS = 50;

  private static final double NOVEL_TOOL = 0.5;
  private static final double NOVEL_SERVER = 0.5;
  private static final double NOVEL_DOMAIN = 0.4;
  private static final double CAPABILITY = 0.4;
  private static final double SEQUENCE = 0.3;
  private static final double RISK = 0.7;
  private static final double TIMING = 0.2;
  private static final double HOUR = 0.2;
  private static final double TOOL_GROWTH = 0.5;

  private static final double USUAL_NOVELTY_RATE = 0.1;
  private static final double RARE_JSD = 0.9;
  private static final double SURPRISING_BITS = 5;
  private static final double HIGH_RISK_Z = 3;
  private static final double FAST_Z = -3;
  private static final double USUAL_HOUR = 0.5;
  private static final double UNUSUAL_HOUR = 0.03;
  private static final double STRONG_GROWTH = 0.5;
  private static final int LONGEST_NAME = 80;
  private static final int LONGEST_READ = 1_000;

  private final int minActions;

  /** The rules with their defaults. */
  public DeviationRules() {
    this(MIN_ACTIONS);
  }

  /**
   * The rules with another number of actions to know an agent by.
   *
   * @throws IllegalArgumentException when it is below 2
   */
  public DeviationRules(int minActions) {
    if (minActions < 2) {
      throw new IllegalArgumentException("at least 2 actions are needed: " + minActions);
    }
    this.minActions = minActions;
  }

  /** From how many actions on an agent is known. */
  public int minActions() {
    return minActions;
  }

  /**
   * How an action deviates from what the fingerprint has learnt so far; the action itself must not
   * be learnt yet. Empty while the agent is not known.
   */
  public List<Deviation> deviations(AgentFingerprint past, Action action) {
    Objects.requireNonNull(action, "action");
    if (past.totalActions() < minActions) {
      return List.of();
    }
    List<Deviation> found = new ArrayList<>();
    boolean novelTool = past.isNovelTool(action.tool());
    if (novelTool) {
      tool(past, action, found);
      growth(past, found);
    }
    server(past, action, found);
    domain(past, action, found);
    boolean rare = capability(past, action, found);
    if (!novelTool && !rare) {
      sequence(past, action, found); // else it says the same again
    }
    risk(past, action, found);
    if (action.first()) {
      timing(past, action, found);
      hour(past, action, found);
    }
    return List.copyOf(found);
  }

  /** What the deviations weigh together: 0 for none, below 1. */
  public static double score(List<Deviation> deviations) {
    double innocent = 1;
    for (Deviation d : deviations) {
      innocent *= 1 - d.score();
    }
    return 1 - innocent;
  }

  private static void tool(AgentFingerprint past, Action action, List<Deviation> found) {
    double tools = past.distinctTools();
    long calls = past.toolCalls();
    add(
        found,
        DeviationMeasure.NOVEL_TOOL,
        tools,
        NOVEL_TOOL * rarity(tools, calls),
        "it has never used the tool %s; in %d calls it used %.0f",
        name(action.tool()),
        calls,
        tools);
  }

  private static void growth(AgentFingerprint past, List<Deviation> found) {
    double growth = past.toolCardinalityGrowth();
    add(
        found,
        DeviationMeasure.TOOL_GROWTH,
        growth,
        TOOL_GROWTH * part(growth, STRONG_GROWTH, STRONG_GROWTH + 1),
        "it is trying new tools: their number is %.0f%% above its recent average",
        100 * growth);
  }

  private static void server(AgentFingerprint past, Action action, List<Deviation> found) {
    if (past.isNovelServer(action.server())) {
      double servers = past.distinctServers();
      long actions = past.totalActions();
      add(
          found,
          DeviationMeasure.NOVEL_SERVER,
          servers,
          NOVEL_SERVER * rarity(servers, actions),
          "it has never used the server %s; in %d actions it used %.0f",
          name(action.server()),
          actions,
          servers);
    }
  }

  private static void domain(AgentFingerprint past, Action action, List<Deviation> found) {
    if (!action.domain().equals(Action.LOCAL) && past.isNovelDomain(action.domain())) {
      add(
          found,
          DeviationMeasure.NOVEL_DOMAIN,
          1,
          NOVEL_DOMAIN,
          "it has never contacted %s in %d actions",
          name(action.domain()),
          past.totalActions());
    }
  }

  private static boolean capability(AgentFingerprint past, Action action, List<Deviation> found) {
    double jsd = past.capabilityJsd(action.capability());
    double known = past.totalActions() / (past.totalActions() + 100.0);
    return add(
        found,
        DeviationMeasure.CAPABILITY,
        jsd,
        CAPABILITY * known * part(jsd, RARE_JSD, 1),
        "%s is %.1f%% of its %d actions (divergence %.2f of 1 bit)",
        action.capability().id(),
        100 * past.capabilityShare(action.capability()),
        past.totalActions(),
        jsd);
  }

  private static void sequence(AgentFingerprint past, Action action, List<Deviation> found) {
    double bits = past.sequenceSurprise(action.capability(), action.tool());
    add(
        found,
        DeviationMeasure.SEQUENCE,
        bits,
        SEQUENCE * part(bits, SURPRISING_BITS, 2 * SURPRISING_BITS),
        "%s with %s hardly ever follows what it did last (%.1f bits, 1 time in %.0f)",
        action.capability().id(),
        name(action.tool()),
        bits,
        Math.pow(2, bits));
  }

  private static void risk(AgentFingerprint past, Action action, List<Deviation> found) {
    double z = past.riskZScore(action.risk());
    add(
        found,
        DeviationMeasure.RISK,
        z,
        RISK * part(z, HIGH_RISK_Z, HIGH_RISK_Z + 5) * Math.min(1, action.risk()),
        "its risk of %.2f is %.1f standard deviations above its mean of %.2f",
        action.risk(),
        z,
        past.riskMean());
  }

  private static void timing(AgentFingerprint past, Action action, List<Deviation> found) {
    double gap = (action.timeNanos() - past.lastUpdatedNanos()) * 1e-9;
    double z = past.temporalZScore(Math.max(0, gap));
    add(
        found,
        DeviationMeasure.TIMING,
        z,
        TIMING * part(-z, -FAST_Z, -FAST_Z + 5),
        "it acts after %.2f s where %.1f s is usual (%.1f standard deviations)",
        gap,
        past.intervalSeconds(),
        z);
  }

  private static void hour(AgentFingerprint past, Action action, List<Deviation> found) {
    int hour = HourlyActivity.hourOf(action.timeNanos());
    float share = past.hourlyShare(hour);
    float busiest = 0;
    for (int h = 0; h < 24; h++) {
      busiest = Math.max(busiest, past.hourlyShare(h));
    }
    if (busiest >= USUAL_HOUR && share < UNUSUAL_HOUR) {
      add(
          found,
          DeviationMeasure.HOUR,
          share,
          HOUR,
          "it is hardly ever active at %02d:00 UTC (%.0f%% of days)",
          hour,
          100 * share);
    }
  }

  private static boolean add(
      List<Deviation> found,
      DeviationMeasure measure,
      double value,
      double score,
      String reason,
      Object... numbers) {
    if (!(score > 0)) {
      return false;
    }
    found.add(new Deviation(measure, value, score, String.format(Locale.ROOT, reason, numbers)));
    return true;
  }

  /** How unusual something new is, 0 to 1, when {@code distinct} of {@code all} were new. */
  private static double rarity(double distinct, long all) {
    return all == 0 ? 0 : Math.max(0, 1 - distinct / all / USUAL_NOVELTY_RATE);
  }

  /** 0 up to {@code from}, 1 from {@code to} on, linear between. */
  private static double part(double x, double from, double to) {
    return Math.max(0, Math.min(1, (x - from) / (to - from)));
  }

  /** A name from outside, without secrets and fit for one line of text. */
  static String name(String name) {
    String redacted = Redactor.redact(name.substring(0, Math.min(name.length(), LONGEST_READ)));
    StringBuilder clean = new StringBuilder(Math.min(redacted.length(), LONGEST_NAME) + 3);
    for (int i = 0; i < redacted.length(); i++) {
      if (clean.length() == LONGEST_NAME) {
        return clean.append("...").toString();
      }
      char c = redacted.charAt(i);
      boolean visible = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
      clean.append(visible ? c : '?');
    }
    return clean.toString();
  }
}
