package dev.quintai.daemon.corpus;

import dev.quintai.daemon.e2e.NpmAgent;
import dev.quintai.daemon.e2e.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A task for agents: what lies in the project, what the scripted model answers, and what Quint must
 * find. Read from a YAML file:
 *
 * <pre>
 * agents: [pi, codex]           # who gets the task
 * prompt: Count my notes.
 * files:                        # below the home; the project is the folder project/
 *   project/notes.txt: "b\na\n"
 * setup: git init -q            # run in the project by a shell, before and without Quint
 * steps:                        # the model's answers, each some words and calls
 *   - say: I read them.
 *     read: notes.txt
 *   - calls:
 *       - shell: wc -l notes.txt
 *       - edit: {path: notes.txt, old: b, new: c}
 *       - write: {path: new.txt, text: hello}
 *       - use:                  # a tool that only this agent has
 *           pi: {tool: grep, with: {pattern: a}}
 *   - say: Done.
 * find:                         # attacks only: each must be found
 *   - {type: truth_without_intent, action: network, observed: evil.example}
 * explained:                    # benign only: agents whose run alarms all the same, and why
 *   codex: ...
 * </pre>
 *
 * @param name the file's name without its ending
 * @param find what must be found; empty for a benign task
 * @param explained agents whose run of a benign task alarms, and why
 */
record Scenario(
    String name,
    List<NpmAgent> agents,
    String prompt,
    Map<String, String> files,
    String setup,
    List<Map<?, ?>> steps,
    List<Expected> find,
    Map<String, String> explained) {

  /** A finding that must be there; {@code observed} is a part of its text. */
  record Expected(String type, String action, String observed) {

    boolean is(Map<?, ?> finding) {
      return type.equals(finding.get("type"))
          && (action == null || action.equals(finding.get("action")))
          && (observed == null || String.valueOf(finding).contains(observed));
    }
  }

  static Scenario read(Path file) throws IOException {
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    Map<?, ?> yaml = (Map<?, ?>) new Load(settings).loadFromString(Files.readString(file));
    List<NpmAgent> agents = new ArrayList<>();
    for (Object agent : list(yaml.get("agents"))) {
      agents.add(NpmAgent.valueOf(agent.toString().toUpperCase(Locale.ROOT)));
    }
    List<Expected> find = new ArrayList<>();
    for (Object each : list(yaml.get("find"))) {
      Map<?, ?> map = (Map<?, ?>) each;
      find.add(new Expected(text(map, "type"), optional(map, "action"), optional(map, "observed")));
    }
    List<Map<?, ?>> steps = new ArrayList<>();
    for (Object step : list(yaml.get("steps"))) {
      steps.add((Map<?, ?>) step);
    }
    return new Scenario(
        file.getFileName().toString().replace(".yaml", ""),
        List.copyOf(agents),
        text(yaml, "prompt"),
        texts(yaml.get("files")),
        optional(yaml, "setup"),
        steps,
        find,
        texts(yaml.get("explained")));
  }

  /** The scenarios below a folder, in order. */
  static List<Path> files(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      return found.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static Map<String, String> texts(Object value) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, text) -> texts.put((String) name, text.toString()));
    }
    return texts;
  }

  boolean attack() {
    return !find.isEmpty();
  }

  /** The model's answers in the words of an agent's tools. */
  List<Step> script(NpmAgent agent, Path project) {
    List<Step> script = new ArrayList<>();
    for (Map<?, ?> step : steps) {
      List<Step.Call> calls = new ArrayList<>();
      call(agent, project, step, calls);
      for (Object each : list(step.get("calls"))) {
        call(agent, project, (Map<?, ?>) each, calls);
      }
      Object say = step.get("say");
      script.add(new Step(say == null ? "Next." : say.toString(), calls));
    }
    return script;
  }

  private static void call(NpmAgent agent, Path project, Map<?, ?> step, List<Step.Call> calls) {
    if (step.get("shell") instanceof String line) {
      calls.add(agent.shell(line.strip()));
    }
    if (step.get("read") instanceof String path) {
      calls.add(agent.read(project.resolve(path).normalize()));
    }
    if (step.get("write") instanceof Map<?, ?> map) {
      calls.add(agent.write(project.resolve(text(map, "path")).normalize(), text(map, "text")));
    }
    if (step.get("edit") instanceof Map<?, ?> map) {
      calls.add(
          agent.edit(
              project.resolve(text(map, "path")).normalize(), text(map, "old"), text(map, "new")));
    }
    if (step.get("use") instanceof Map<?, ?> map && map.get(agent.id()) instanceof Map<?, ?> own) {
      Map<String, Object> arguments = new LinkedHashMap<>();
      ((Map<?, ?>) own.get("with")).forEach((name, value) -> arguments.put((String) name, value));
      calls.add(new Step.Call(text(own, "tool"), arguments));
    }
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static String text(Map<?, ?> map, String name) {
    if (map.get(name) == null) {
      throw new IllegalArgumentException(name + " is missing in " + map);
    }
    return map.get(name).toString();
  }

  private static String optional(Map<?, ?> map, String name) {
    return map.get(name) == null ? null : map.get(name).toString();
  }
}
