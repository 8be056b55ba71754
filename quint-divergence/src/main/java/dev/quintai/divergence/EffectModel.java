package dev.quintai.divergence;

import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.divergence.FileEffect.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Tells what a tool call declares: which files are read, written and deleted, which hosts are
 * contacted, which command line runs, or that nothing can be known.
 *
 * <p>Tools are known by name, from the tables of the agents that have them, whatever the agent that
 * calls; a tool that no table knows is judged by the verb in its name together with its arguments.
 * MCP tools ({@code mcp__server__tool}) are unknown. {@link Builder#tool} adds or replaces entries.
 *
 * <p>Immutable and thread-safe.
 */
public final class EffectModel {
  private static final EffectModel DEFAULTS = builder().build();

  static final String[] PATHS = {
    "file_path", "filePath", "filepath", "path", "absolute_path", "absolutePath", "AbsolutePath",
    "target_file", "targetFile", "TargetFile", "file", "filename", "fileName", "notebook_path",
    "notebookPath", "relative_workspace_path", "uri", "file_name"
  };
  private static final String[] PATH_LISTS = {
    "paths", "files", "file_paths", "filePaths", "include", "target_files"
  };
  private static final String[] FOLDERS = {
    "path",
    "dir_path",
    "dirPath",
    "dirpath",
    "directory",
    "dir",
    "folder",
    "SearchPath",
    "SearchDirectory",
    "DirectoryPath",
    "target_directory",
    "absolute_path",
    "relative_workspace_path"
  };
  private static final String[] COMMANDS = {
    "command",
    "cmd",
    "commands",
    "CommandLine",
    "command_line",
    "commandLine",
    "script",
    "code",
    "input"
  };
  private static final String[] WORKDIRS = {
    "workdir",
    "cwd",
    "Cwd",
    "directory",
    "dir_path",
    "working_directory",
    "workingDirectory",
    "work_dir"
  };
  private static final String[] URLS = {"url", "Url", "uri", "URL"};
  private static final String[] PATCHES = {
    "input", "patch", "patchText", "patch_text", "diff", "content"
  };

  private final Map<String, ToolKind> tools;

  private EffectModel(Map<String, ToolKind> tools) {
    this.tools = Map.copyOf(tools);
  }

  /** The built-in tables. */
  public static EffectModel defaults() {
    return DEFAULTS;
  }

  /** A model that starts with the built-in tables. */
  public static Builder builder() {
    Builder builder = new Builder();
    KnownTools.addTo(builder);
    return builder;
  }

  /** Extends a model. Not thread-safe. */
  public static final class Builder {
    private final Map<String, ToolKind> tools = new HashMap<>();

    private Builder() {}

    /** Says what the tools of these names do; names are compared without regard to case. */
    public Builder tool(ToolKind kind, String... names) {
      Objects.requireNonNull(kind, "kind");
      for (String name : names) {
        tools.put(name.toLowerCase(Locale.ROOT), kind);
      }
      return this;
    }

    /** The model. */
    public EffectModel build() {
      return new EffectModel(tools);
    }
  }

  /** What the kind of a tool is, by its name alone; null when no table knows it. */
  ToolKind kind(String tool) {
    String name = tool.toLowerCase(Locale.ROOT);
    ToolKind known = tools.get(name);
    if (known == null) {
      int dot = name.lastIndexOf('.');
      int colon = name.lastIndexOf(':');
      int cut = Math.max(dot, colon);
      known = cut > 0 ? tools.get(name.substring(cut + 1)) : null;
    }
    return known;
  }

  /**
   * What the intent declares.
   *
   * @param cwd the agent's working directory, or null
   * @param home its home, or null
   */
  DeclaredEffects effects(IntentEvent intent, String cwd, String home) {
    String tool = intent.tool();
    Arguments arguments = intent.arguments();
    ToolKind kind = kind(tool);
    boolean guessed = kind == null;
    if (kind == null) {
      kind = isMcp(intent) ? ToolKind.UNKNOWN : ToolGuess.kind(tool, arguments);
    }
    if (kind == ToolKind.EDIT || kind == ToolKind.READ || kind == ToolKind.WRITE) {
      kind = textEditor(kind, arguments);
    }
    return switch (kind) {
      case NONE -> DeclaredEffects.NOTHING;
      case UNKNOWN -> DeclaredEffects.UNKNOWN;
      case READ -> files(arguments, cwd, home, Access.READ);
      case WRITE -> files(arguments, cwd, home, Access.WRITE);
      case EDIT -> files(arguments, cwd, home, Access.READ, Access.WRITE);
      case DELETE -> files(arguments, cwd, home, Access.DELETE);
      case SEARCH -> search(arguments, cwd, home);
      case SHELL -> shell(arguments, cwd, home, guessed);
      case PATCH -> patch(arguments, cwd, home);
      case FETCH ->
          // The Gemini API fetches by itself; the agent does only where it could not.
          fetch(arguments, tool.equals("web_fetch"));
    };
  }

  static boolean isMcp(IntentEvent intent) {
    String tool = intent.tool();
    return tool.startsWith("mcp__")
        || tool.startsWith("mcp_")
        || tool.contains("__")
        || intent.vantage() == IntentEvent.Vantage.MCP
        || intent.serverPid() > 0;
  }

  /** Editors with several commands in one tool (Anthropic's text editor and its relatives). */
  private static ToolKind textEditor(ToolKind kind, Arguments arguments) {
    String command = arguments.string("command");
    if (command == null) {
      return kind;
    }
    return switch (command) {
      case "view" -> ToolKind.READ;
      case "create", "write" -> ToolKind.WRITE;
      case "str_replace", "insert", "undo_edit" -> ToolKind.EDIT;
      default -> kind;
    };
  }

  private static DeclaredEffects files(
      Arguments arguments, String cwd, String home, Access... accesses) {
    List<FileEffect> effects = new ArrayList<>();
    String single = arguments.firstString(PATHS);
    if (single != null) {
      add(effects, single, cwd, home, accesses);
    } else {
      for (String name : PATH_LISTS) {
        for (Object item : arguments.list(name)) {
          String path = item instanceof String text ? text : nested(item);
          if (path != null) {
            add(effects, path, cwd, home, accesses);
          }
        }
      }
      Object edits = arguments.object().get("edits");
      if (effects.isEmpty() && edits instanceof List<?> list) {
        for (Object item : list) {
          String path = nested(item);
          if (path != null) {
            add(effects, path, cwd, home, accesses);
          }
        }
      }
    }
    return effects.isEmpty() ? DeclaredEffects.UNKNOWN : DeclaredEffects.files(effects);
  }

  private static String nested(Object item) {
    if (item instanceof Map<?, ?> map) {
      for (String name : PATHS) {
        if (map.get(name) instanceof String text) {
          return text;
        }
      }
    }
    return null;
  }

  private static void add(
      List<FileEffect> effects, String path, String cwd, String home, Access... accesses) {
    String written = path.startsWith("@") ? path.substring(1) : path;
    boolean pattern = written.indexOf('*') >= 0 || written.indexOf('?') >= 0;
    String target = pattern ? fixedFolder(written) : written;
    String canonical = PathIdentity.canonical(target, cwd, home);
    if (canonical == null || effects.size() >= 512) {
      return;
    }
    for (Access access : accesses) {
      boolean tree = pattern || written.endsWith("/");
      effects.add(new FileEffect(access, canonical, tree, PathIdentity.leaves(target)));
    }
  }

  /** The part of a pattern before its first wildcard, up to the folder. */
  private static String fixedFolder(String pattern) {
    int end = 0;
    while (end < pattern.length() && "*?[{".indexOf(pattern.charAt(end)) < 0) {
      end++;
    }
    int slash = pattern.lastIndexOf('/', end);
    return slash < 0 ? "." : slash == 0 ? "/" : pattern.substring(0, slash);
  }

  private static DeclaredEffects search(Arguments arguments, String cwd, String home) {
    String folder = arguments.firstString(FOLDERS);
    String canonical = PathIdentity.canonical(folder == null ? "." : folder, cwd, home);
    if (canonical == null) {
      return DeclaredEffects.UNKNOWN;
    }
    boolean leaves = folder != null && PathIdentity.leaves(folder);
    return DeclaredEffects.files(List.of(new FileEffect(Access.READ, canonical, true, leaves)))
        .asOptional();
  }

  private static DeclaredEffects shell(
      Arguments arguments, String cwd, String home, boolean guessed) {
    String line = commandLine(arguments);
    if (line == null || line.isBlank()) {
      return DeclaredEffects.UNKNOWN;
    }
    String folder = arguments.firstString(WORKDIRS);
    String base = cwd;
    if (folder != null && !folder.isBlank()) {
      String resolved = PathIdentity.canonical(folder, cwd, home);
      base = resolved == null ? cwd : folder.startsWith("/") ? folder : resolved;
    }
    DeclaredEffects effects = DeclaredEffects.line(CommandLine.of(line, base, home));
    return guessed ? effects.asOptional() : effects;
  }

  /** The line that a shell tool runs: a string, or the words of an argument vector. */
  static String commandLine(Arguments arguments) {
    if (arguments.value() instanceof String text) {
      return text;
    }
    Object action = arguments.object().get("action");
    if (action instanceof Map<?, ?> map) {
      for (String name : COMMANDS) {
        Object value = map.get(name);
        if (value instanceof String text) {
          return text;
        }
        if (value instanceof List<?> list) {
          return joined(list);
        }
      }
    }
    for (String name : COMMANDS) {
      Object value = arguments.object().get(name);
      if (value instanceof String text) {
        List<?> args = arguments.list("args");
        return args.isEmpty() ? text : text + " " + joined(args);
      }
      if (value instanceof List<?> list && !list.isEmpty()) {
        return joined(list);
      }
    }
    return null;
  }

  /** An argument vector as a line; what a shell in it runs is the line. */
  private static String joined(List<?> words) {
    List<String> texts = new ArrayList<>();
    for (Object word : words) {
      if (word instanceof String text) {
        texts.add(text);
      }
    }
    String inner = ShellInvocation.text(texts);
    return inner != null ? inner : ShellInvocation.quoted(texts);
  }

  private static DeclaredEffects patch(Arguments arguments, String cwd, String home) {
    String text = arguments.value() instanceof String raw ? raw : arguments.firstString(PATCHES);
    if (text == null) {
      Object command = arguments.object().get("command");
      if (command instanceof List<?> list && list.size() > 1 && list.get(1) instanceof String t) {
        text = t;
      }
    }
    if (text == null) {
      return files(arguments, cwd, home, Access.READ, Access.WRITE);
    }
    List<FileEffect> effects = Patches.files(text, cwd, home);
    return effects.isEmpty()
        ? files(arguments, cwd, home, Access.READ, Access.WRITE)
        : DeclaredEffects.files(effects);
  }

  private static DeclaredEffects fetch(Arguments arguments, boolean byProvider) {
    List<String> hosts = new ArrayList<>();
    String single = arguments.firstString(URLS);
    if (single != null) {
      addHost(hosts, single);
    }
    for (Object item : arguments.list("urls")) {
      if (item instanceof String text) {
        addHost(hosts, text);
      }
    }
    if (hosts.isEmpty()) {
      String prompt = arguments.string("prompt");
      if (prompt != null) {
        for (String word : prompt.split("[\\s\"'<>()]+")) {
          if (word.startsWith("http://") || word.startsWith("https://")) {
            addHost(hosts, word);
          }
        }
      }
    }
    if (hosts.isEmpty()) {
      return DeclaredEffects.UNKNOWN;
    }
    DeclaredEffects effects = DeclaredEffects.hosts(hosts);
    return byProvider ? effects.asOptional() : effects;
  }

  private static void addHost(List<String> hosts, String url) {
    String host = HostIdentity.of(url);
    if (host != null && hosts.size() < 64) {
      hosts.add(host);
    }
  }
}
