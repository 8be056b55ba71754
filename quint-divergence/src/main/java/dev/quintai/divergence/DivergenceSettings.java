package dev.quintai.divergence;

import dev.quintai.core.sensitive.SensitiveTargets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The numbers and tables of the detector. {@link #DEFAULTS} are those of the semantics; each can be
 * changed. Immutable.
 *
 * @param window how far apart a truth and an intent may be to be one act, 5 s
 * @param tolerance how far a truth may precede its intent for the clocks' sake, 250 ms
 * @param late how late a direct match may come before it is a timing mismatch, 30 s
 * @param horizon how long an intent without a result waits, and how far a truth may precede, 120 s
 * @param settle how long after its time a truth or a closed intent can still change, 150 s
 * @param mark how long a read of a credential makes contacts suspect, 10 min
 * @param scaleFactor how many times the declared number of targets is too many, 10
 * @param scaleFloor how many targets are too many at least, 20
 * @param healthMinimum resolved intents before the rate of unmatched ones counts, 10
 * @param healthRate the rate above which the telemetry is taken to be ill, 0.2
 * @param maxIntents calls kept of a session, 512
 * @param maxStrays unexplained truths kept of a session, 512
 * @param maxProcesses processes kept of a session, 4,096
 * @param maxBytes how much memory the state of a session may take, by a careful estimate, 256 KiB;
 *     beyond it the oldest is resolved early, and its finding says {@code evicted}
 * @param effects what tools declare
 * @param sensitive which targets need a declaration of their own
 * @param agentHosts hosts that the agent's own process may contact besides those of its platform:
 *     an LLM gateway of the site, for example; canonical names, {@code *} within them
 * @param configuredCommands first words of commands that the agent's configuration names (MCP
 *     servers, language servers, hooks): the operator has declared them
 */
public record DivergenceSettings(
    Duration window,
    Duration tolerance,
    Duration late,
    Duration horizon,
    Duration settle,
    Duration mark,
    int scaleFactor,
    int scaleFloor,
    int healthMinimum,
    double healthRate,
    int maxIntents,
    int maxStrays,
    int maxProcesses,
    int maxBytes,
    EffectModel effects,
    SensitiveTargets sensitive,
    List<String> agentHosts,
    List<List<String>> configuredCommands) {

  /** The defaults. */
  public static final DivergenceSettings DEFAULTS =
      new DivergenceSettings(
          Duration.ofSeconds(5),
          Duration.ofMillis(250),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          Duration.ofSeconds(150),
          Duration.ofMinutes(10),
          10,
          20,
          10,
          0.2,
          512,
          512,
          4096,
          256 * 1024,
          EffectModel.defaults(),
          SensitiveTargets.defaults(),
          List.of(),
          List.of());

  public DivergenceSettings {
    Objects.requireNonNull(effects, "effects");
    Objects.requireNonNull(sensitive, "sensitive");
    agentHosts = List.copyOf(agentHosts);
    configuredCommands = List.copyOf(configuredCommands);
    for (Duration d : List.of(window, tolerance, late, horizon, settle, mark)) {
      if (d.isNegative()) {
        throw new IllegalArgumentException("durations must not be negative: " + d);
      }
    }
    if (scaleFactor < 1
        || scaleFloor < 1
        || healthMinimum < 1
        || !(healthRate >= 0 && healthRate <= 1)) {
      throw new IllegalArgumentException("thresholds are out of their range");
    }
    if (maxIntents < 16 || maxStrays < 16 || maxProcesses < 16) {
      throw new IllegalArgumentException("bounds must be at least 16");
    }
    if (maxBytes < 64 * 1024 || maxBytes > 64 * 1024 * 1024) {
      throw new IllegalArgumentException("maxBytes must be 64 KiB to 64 MiB: " + maxBytes);
    }
  }

  /** The same with other hosts for the agent's own process. */
  public DivergenceSettings withAgentHosts(List<String> hosts) {
    return new DivergenceSettings(
        window,
        tolerance,
        late,
        horizon,
        settle,
        mark,
        scaleFactor,
        scaleFloor,
        healthMinimum,
        healthRate,
        maxIntents,
        maxStrays,
        maxProcesses,
        maxBytes,
        effects,
        sensitive,
        hosts,
        configuredCommands);
  }

  /** The same with other commands of the agent's configuration. */
  public DivergenceSettings withConfiguredCommands(List<List<String>> commands) {
    return new DivergenceSettings(
        window,
        tolerance,
        late,
        horizon,
        settle,
        mark,
        scaleFactor,
        scaleFloor,
        healthMinimum,
        healthRate,
        maxIntents,
        maxStrays,
        maxProcesses,
        maxBytes,
        effects,
        sensitive,
        agentHosts,
        commands);
  }

  /** The same with another bound for the memory of a session. */
  public DivergenceSettings withMaxBytes(int bytes) {
    return new DivergenceSettings(
        window,
        tolerance,
        late,
        horizon,
        settle,
        mark,
        scaleFactor,
        scaleFloor,
        healthMinimum,
        healthRate,
        maxIntents,
        maxStrays,
        maxProcesses,
        bytes,
        effects,
        sensitive,
        agentHosts,
        configuredCommands);
  }

  /** The same with another model of what tools declare. */
  public DivergenceSettings withEffects(EffectModel model) {
    return new DivergenceSettings(
        window,
        tolerance,
        late,
        horizon,
        settle,
        mark,
        scaleFactor,
        scaleFloor,
        healthMinimum,
        healthRate,
        maxIntents,
        maxStrays,
        maxProcesses,
        maxBytes,
        model,
        sensitive,
        agentHosts,
        configuredCommands);
  }
}
