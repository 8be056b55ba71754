package dev.quintai.benchmarks.divergence;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What many agents do at once: two events a second each, in the order of time. A turn is a file
 * read (35%) or edited (15%), a command line (35%: a shell, a program below it, a dozen files), an
 * answer of the model (10%), a page fetched (4.8%), or, one turn in 500, something undeclared. Most
 * events are therefore files that declared commands open. Every event has texts of its own, as if
 * it had come from a sensor.
 */
final class Mix {
  /** How far apart the events of one session are. */
  static final long STEP_NANOS = 500_000_000L;

  private static final long START_NANOS = 1_790_000_000_000_000_000L;
  private static final Origin OS = Origin.of("trace");
  private static final Origin PROXY = Origin.of("proxy");
  private static final String[][] AGENTS = {
    {
      "claude-code",
      "/.local/share/claude/versions/2.1.4/claude",
      "Read",
      "Edit",
      "Bash",
      "/.claude/projects/p/"
    },
    {
      "codex",
      "/.npm-global/lib/node_modules/codex/bin/codex",
      "read_file",
      "edit",
      "shell",
      "/.codex/sessions/"
    },
    {
      "gemini-cli",
      "/.nvm/bin/gemini",
      "read_file",
      "replace",
      "run_shell_command",
      "/.gemini/tmp/p/"
    },
    {"opencode", "/.opencode/bin/opencode", "read", "edit", "bash", "/.local/share/opencode/log/"},
  };
  private static final String[][] LINES = {
    {"npm test", "/usr/bin/npm", "npm", "test"},
    {"git status --short", "/usr/bin/git", "git", "status", "--short"},
    {"grep -rn TODO src", "/usr/bin/grep", "grep", "-rn", "TODO", "src"},
    {"make -j4 all", "/usr/bin/make", "make", "-j4", "all"},
    {"python3 -m pytest -q tests", "/usr/bin/python3", "python3", "-m", "pytest", "-q", "tests"},
    {"cargo build --release", "/usr/bin/cargo", "cargo", "build", "--release"},
  };

  private enum Turn {
    READ,
    EDIT,
    SHELL,
    ANSWER,
    FETCH,
    STRAY
  }

  /** One agent's place in its work. */
  private final class Agent {
    final Random random;
    final ProcessId root;
    final String[] kind;
    final String home;
    final String cwd;
    Turn turn = Turn.ANSWER;
    int step;
    int calls;
    String call;
    String path;
    String[] line;
    ProcessId shell;
    ProcessId child;

    Agent(int number) {
      random = new Random(number);
      root = new ProcessId(1000 + number, START_NANOS / 1_000_000L);
      kind = AGENTS[number % AGENTS.length];
      home = "/home/user" + number;
      cwd = home + "/work/project" + number % 7;
    }

    Event start() {
      return new AgentProcess(
          START_NANOS + 1_000_000L, root, OS, 1, kind[0], home + kind[1], cwd, home);
    }

    Event next(long time) {
      Event event = event(time);
      if (event == null) {
        choose();
        event = event(time);
      }
      step++;
      return event;
    }

    private void choose() {
      int dice = random.nextInt(1000);
      step = 0;
      turn =
          dice < 350
              ? Turn.READ
              : dice < 500
                  ? Turn.EDIT
                  : dice < 850
                      ? Turn.SHELL
                      : dice < 950 ? Turn.ANSWER : dice < 998 ? Turn.FETCH : Turn.STRAY;
      calls++;
      call = "toolu_" + root.pid() + "_" + calls;
      path = cwd + "/src/module" + random.nextInt(40) + "/File" + random.nextInt(200) + ".ts";
      line = LINES[random.nextInt(LINES.length)];
    }

    private Event event(long time) {
      return switch (turn) {
        case READ ->
            switch (step) {
              case 0 -> intent(time, kind[2], Map.of("file_path", path));
              case 1 -> open(time, root, path, FileEvent.Access.READ);
              case 2 -> result(time);
              case 3 -> state(time);
              default -> null;
            };
        case EDIT ->
            switch (step) {
              case 0 -> intent(time, kind[3], Map.of("file_path", path, "new_string", "x"));
              case 1 -> open(time, root, path, FileEvent.Access.READ);
              case 2 -> open(time, root, path, FileEvent.Access.WRITE);
              case 3 -> result(time);
              default -> null;
            };
        case SHELL -> shell(time);
        case ANSWER ->
            switch (step) {
              case 0 ->
                  new NetworkConnect(
                      time, copy(root), PROXY, "203.0.113.80", 443, "api.anthropic.com");
              case 1 -> open(time, root, cwd + "/package.json", FileEvent.Access.READ);
              default -> null;
            };
        case FETCH ->
            switch (step) {
              case 0 ->
                  intent(time, "WebFetch", Map.of("url", "https://docs" + calls % 9 + ".example/"));
              case 1 ->
                  new NetworkConnect(
                      time,
                      copy(root),
                      OS,
                      "203.0.113." + calls % 9,
                      443,
                      "docs" + calls % 9 + ".example");
              case 2 -> result(time);
              default -> null;
            };
        case STRAY ->
            step == 0 ? open(time, root, "/srv/other/file" + calls, FileEvent.Access.READ) : null;
      };
    }

    private Event shell(long time) {
      switch (step) {
        case 0 -> {
          return intent(time, kind[4], Map.of("command", line[0]));
        }
        case 1 -> {
          shell = new ProcessId(nextPid++, time / 1_000_000L);
          return new ProcessFork(time, copy(root), OS, shell);
        }
        case 2 -> {
          return exec(time, shell, root.pid(), "/usr/bin/bash", List.of("bash", "-c", line[0]));
        }
        case 3 -> {
          child = new ProcessId(nextPid++, time / 1_000_000L);
          return new ProcessFork(time, copy(shell), OS, child);
        }
        case 4 -> {
          return exec(time, child, shell.pid(), line[1], List.of(line).subList(2, line.length));
        }
        case 17 -> {
          return open(time, child, cwd + "/build/out" + calls + ".o", FileEvent.Access.WRITE);
        }
        case 18 -> {
          return new ProcessExit(time, copy(child), OS, 0);
        }
        case 19 -> {
          return new ProcessExit(time, copy(shell), OS, 0);
        }
        case 20 -> {
          return result(time);
        }
        case 21 -> {
          return state(time);
        }
        default -> {
          if (step > 21) {
            return null;
          }
          boolean library = step % 3 == 0;
          String file =
              library
                  ? "/usr/lib/x86_64-linux-gnu/lib" + (calls + step) % 60 + ".so.6"
                  : cwd + "/src/module" + step + "/File" + (calls + step) % 300 + ".ts";
          return open(time, child, file, FileEvent.Access.READ);
        }
      }
    }

    private Event exec(long time, ProcessId who, int ppid, String exe, List<String> argv) {
      return new ProcessExec(
          time, copy(who), OS, ppid, fresh(exe), List.copyOf(argv), fresh(cwd), 1000, null, null);
    }

    private Event intent(long time, String tool, Map<String, Object> arguments) {
      return IntentEvent.builder(time, copy(root), tool)
          .origin(PROXY)
          .toolUseId(call)
          .arguments(Arguments.of(arguments))
          .model("model-1")
          .provider("anthropic")
          .turnId("turn" + calls)
          .build();
    }

    private Event result(long time) {
      return new IntentResult(time, PROXY, fresh(call), false);
    }

    private Event open(long time, ProcessId who, String file, FileEvent.Access access) {
      return new FileEvent(
          time, copy(who), OS, FileEvent.Op.OPEN, fresh(file), null, access, null, 1);
    }

    /** What agents write about themselves. */
    private Event state(long time) {
      return open(time, root, home + kind[5] + calls % 3 + ".jsonl", FileEvent.Access.WRITE);
    }
  }

  private static ProcessId copy(ProcessId id) {
    return new ProcessId(id.pid(), id.startMs());
  }

  @SuppressWarnings("StringOperationCanBeSimplified") // a text of its own is the point
  private static String fresh(String text) {
    return new String(text);
  }

  private final Agent[] agents;
  private long steps;
  private int nextPid = 10_000_000;

  Mix(int sessions) {
    agents = new Agent[sessions];
    for (int i = 0; i < sessions; i++) {
      agents[i] = new Agent(i);
    }
  }

  /** The start of every session. */
  Event[] starts() {
    Event[] events = new Event[agents.length];
    for (int i = 0; i < agents.length; i++) {
      events[i] = agents[i].start();
    }
    return events;
  }

  /** The next events of all sessions, so many of each. */
  Event[] next(int ofEach) {
    Event[] events = new Event[agents.length * ofEach];
    long apart = STEP_NANOS / (agents.length + 1);
    for (int i = 0; i < ofEach; i++) {
      long base = START_NANOS + ++steps * STEP_NANOS;
      for (int s = 0; s < agents.length; s++) {
        events[i * agents.length + s] = agents[s].next(base + s * apart);
      }
    }
    return events;
  }
}
