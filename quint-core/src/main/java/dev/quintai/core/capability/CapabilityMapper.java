package dev.quintai.core.capability;

import dev.quintai.core.Action;
import dev.quintai.core.ActionMapper;
import dev.quintai.core.Capability;
import dev.quintai.core.RiskTable;
import dev.quintai.core.Session;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.sensitive.SensitiveTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Maps tool calls to sequences of capabilities, by rules in this order:
 *
 * <ol>
 *   <li>the exact names of known agents' tools;
 *   <li>for shell-like tools, the commands of the command line, each one step;
 *   <li>for SQL, the verbs of the statements;
 *   <li>the first verb among the words of the name, after {@code mcp__server__};
 *   <li>{@code execute}, flagged as unmapped.
 * </ol>
 *
 * <p>A target that is a credential turns read, search and write into {@code auth}, receive into
 * {@code receive}, {@code auth}, and send into {@code auth}, {@code send}. A reading tool that is
 * given a URL receives; a writing one sends. One call gives 1 to 256 steps.
 *
 * <p>{@link #steps} and {@link #actions} have no state. {@link #actionsOf} remembers, for the first
 * contact, which destinations a session has reached: 1,024 for each of the last 4,096 sessions; a
 * forgotten one counts as new again. Thread-safe.
 */
public final class CapabilityMapper implements ActionMapper {

  private final SensitiveTargets targets;
  private final Destinations destinations = new Destinations();

  /** A mapper with the built-in table of sensitive targets. */
  public CapabilityMapper() {
    this(SensitiveTargets.defaults());
  }

  /** A mapper with a table of sensitive targets. */
  public CapabilityMapper(SensitiveTargets targets) {
    this.targets = Objects.requireNonNull(targets, "targets");
  }

  @Override
  public List<Action> actionsOf(IntentEvent intent, Session session) {
    return actions(
        intent,
        session.workingDir(),
        session.home(),
        domain -> destinations.firstContact(session.id(), domain));
  }

  /**
   * The actions of a call.
   *
   * @param intent the call
   * @param cwd the agent's working directory, or null
   * @param home its user's home directory, or null
   * @param firstContact whether a destination (a registrable domain or address) is one that the
   *     session has not reached before; asked once for each step with a destination, in order
   * @return at least one
   */
  public List<Action> actions(
      IntentEvent intent, String cwd, String home, Predicate<String> firstContact) {
    List<Step> steps = steps(intent.tool(), intent.arguments(), cwd, home);
    String server = server(intent);
    List<Action> actions = new ArrayList<>(steps.size());
    for (Step step : steps) {
      String domain = RegistrableDomain.of(step.host());
      boolean first = !domain.equals(Action.LOCAL) && firstContact.test(domain);
      boolean address = step.host() != null && RegistrableDomain.isAddress(step.host());
      actions.add(
          new Action(
              step.capability(),
              intent.tool(),
              server,
              domain,
              address ? domain : null,
              step.sensitive(),
              intent.timeNanos(),
              RiskTable.risk(step.capability(), step.sensitive(), first),
              intent.toolUseId(),
              actions.isEmpty(),
              step.unmapped()));
    }
    return List.copyOf(actions);
  }

  /** The MCP server that the name gives, else who served the model. */
  private static String server(IntentEvent intent) {
    ToolName name = ToolName.of(intent.tool());
    if (name.server() != null) {
      return name.server();
    }
    String provider = intent.provider();
    if (provider == null || provider.isEmpty()) {
      return Action.LOCAL;
    }
    return switch (provider) {
      case "anthropic" -> "api.anthropic.com";
      case "openai" -> "api.openai.com";
      case "google", "google-gemini" -> "generativelanguage.googleapis.com";
      default -> provider;
    };
  }

  /**
   * What a call does, in order.
   *
   * @param tool the tool's name as declared
   * @param arguments its arguments
   * @param cwd the agent's working directory, or null
   * @param home its user's home directory, or null
   * @return 1 to 256 steps
   */
  public List<Step> steps(String tool, Arguments arguments, String cwd, String home) {
    Places places = new Places(targets, cwd, home);
    Steps steps = new Steps();
    ToolName name = ToolName.of(tool);
    KnownTools.Rule rule = KnownTools.of(name.plain());
    if (rule != null && (name.server() == null || rule.kind() != KnownTools.Kind.PLAIN)) {
      known(rule, arguments, places, steps, cwd, home);
    }
    if (steps.isEmpty()) {
      byWords(name.plain(), arguments, places, steps);
    }
    return steps.list();
  }

  private void known(
      KnownTools.Rule rule,
      Arguments arguments,
      Places places,
      Steps steps,
      String cwd,
      String home) {
    switch (rule.kind()) {
      case SHELL -> shell(arguments, places, steps);
      case EDITOR -> {
        String command = arguments.firstString("command", "mode", "action");
        boolean views = "view".equals(command) || "read".equals(command);
        Capability done = views ? Capability.READ : rule.capability();
        steps.add(done, ArgumentTargets.of(arguments, places));
      }
      case PATCH -> PatchHeaders.add(arguments, places, steps);
      case PROXY -> {
        String inner = arguments.firstString("tool_name", "toolName", "name", "tool");
        KnownTools.Rule innerRule = inner == null || inner.isEmpty() ? rule : KnownTools.of(inner);
        if (innerRule == null || innerRule.kind() != KnownTools.Kind.PROXY) {
          Object value = arguments.object().get("arguments");
          Arguments passed =
              value instanceof Map<?, ?> ? new Arguments("", value, false) : arguments;
          steps("mcp__proxy__" + inner, passed, cwd, home).forEach(steps::add);
        }
      }
      case PLAIN -> plain(rule.capability(), arguments, places, steps);
    }
  }

  private static void plain(
      Capability capability, Arguments arguments, Places places, Steps steps) {
    steps.add(capability, ArgumentTargets.of(arguments, places));
  }

  /** A command line, or an argument vector. */
  private static void shell(Arguments arguments, Places places, Steps steps) {
    String line = CommandText.of(arguments);
    if (line == null) {
      steps.add(Capability.EXECUTE);
    } else {
      new CommandLine(places, steps).add(line);
    }
  }

  private static void byWords(String name, Arguments arguments, Places places, Steps steps) {
    List<String> words = Verbs.words(name);
    String sql = SqlText.of(words, arguments);
    if (sql != null) {
      for (Capability capability : SqlStatements.capabilities(sql)) {
        steps.add(capability);
      }
      if (!steps.isEmpty()) {
        return;
      }
    }
    if (CommandText.isShell(words)) {
      String line = CommandText.of(arguments);
      if (line != null) {
        new CommandLine(places, steps).add(line);
        return;
      }
    }
    Capability verb = Verbs.of(words);
    Target target = ArgumentTargets.of(arguments, places);
    if (verb == null) {
      steps.add(new Step(Capability.EXECUTE, target.host(), target.secret(), true));
      return;
    }
    boolean remote = target.host() != null;
    Capability done =
        switch (verb) {
          case READ -> remote ? Capability.RECEIVE : verb;
          case SEARCH -> remote && words.contains("browse") ? Capability.RECEIVE : verb;
          case WRITE -> remote ? Capability.SEND : verb;
          default -> verb;
        };
    steps.add(done, target);
  }
}
