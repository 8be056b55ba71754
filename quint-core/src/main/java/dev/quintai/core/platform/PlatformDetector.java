package dev.quintai.core.platform;

import dev.quintai.core.PlatformRule;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.platform.Platform.Category;
import dev.quintai.core.platform.Platform.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which agent platform a program is, by three layers in this order: the code signature, the
 * program's name, and paths, the path of a script behind {@code node}, {@code bun}, {@code deno} or
 * {@code python} among them. That a process belongs to an agent because its parent does is the
 * business of {@link dev.quintai.core.SessionTracker}.
 *
 * <p>A name is no proof: anything may be called {@code claude}. Detection opens a session of its
 * own, where what the program does is judged by itself, so a false name gains nothing.
 *
 * <p>Programs that an application starts as parts of itself (Electron's {@code --type=} processes)
 * are not recognised, so that they stay in their application's session. Immutable and thread-safe;
 * a look-up is a few hash look-ups and one walk over the path.
 */
public final class PlatformDetector implements PlatformRule {
  private static final String MODULES = "/node_modules/";
  private static final String MODULES_BIN = "/node_modules/.bin/";

  /** Folders into which package managers link the commands that they install. */
  private static final List<String> COMMAND_FOLDERS =
      List.of(
          "/usr/bin/",
          "/usr/local/bin/",
          "/opt/homebrew/bin/",
          "/.local/bin/",
          "/.npm-global/bin/",
          "/.bun/bin/",
          "/.volta/bin/",
          "/.yarn/bin/",
          "/share/pnpm/",
          "/Library/pnpm/");

  /**
   * Tools that an agent's program holds and is when it is called by their names: Claude Code's
   * searches, for example. None of them is an agent of its own.
   */
  private static final Set<String> EMBEDDED = Set.of("rg", "bfs", "ugrep", "find", "grep");

  private static final PlatformDetector DEFAULTS = new PlatformDetector(DefaultSignatures.all());

  private final List<PlatformSignature> signatures;
  private final Map<String, PlatformSignature> signed = new HashMap<>();
  private final Map<String, PlatformSignature> programs = new HashMap<>();
  private final Map<String, PlatformSignature> commands = new HashMap<>();
  private final Map<String, PlatformSignature> commonCommands = new HashMap<>();
  private final Map<String, PlatformSignature> packages = new HashMap<>();
  private final Map<String, PlatformSignature> modules = new HashMap<>();
  private final Map<String, PlatformSignature> titles = new HashMap<>();
  private final PathParts parts;

  /** A detector of these signatures; where two claim the same thing, the first one has it. */
  public PlatformDetector(List<PlatformSignature> signatures) {
    this.signatures = List.copyOf(signatures);
    for (PlatformSignature each : this.signatures) {
      each.signingIds().forEach(id -> signed.putIfAbsent(each.teamId() + ' ' + id, each));
      each.programs().forEach(name -> programs.putIfAbsent(lower(name), each));
      each.commands().forEach(name -> commands.putIfAbsent(name, each));
      each.commonCommands().forEach(name -> commonCommands.putIfAbsent(name, each));
      each.npmPackages().forEach(name -> packages.putIfAbsent(name, each));
      each.pythonModules().forEach(name -> modules.putIfAbsent(name, each));
      each.titles().forEach(title -> titles.putIfAbsent(title, each));
    }
    parts = new PathParts(this.signatures);
  }

  /** The detector of the built-in signatures. */
  public static PlatformDetector defaults() {
    return DEFAULTS;
  }

  /** The built-in signatures, to extend: put your own before them. */
  public static List<PlatformSignature> defaultSignatures() {
    return DEFAULTS.signatures;
  }

  @Override
  public String platformOf(ProcessExec exec) {
    return detect(exec.exe(), exec.argv(), exec.teamId(), exec.signingId())
        .map(Platform::id)
        .orElse(null);
  }

  @Override
  public String categoryOf(String platform) {
    for (PlatformSignature each : signatures) {
      if (each.id().equals(platform)) {
        return each.category().id();
      }
    }
    return null;
  }

  /**
   * The platform of a program.
   *
   * @param exe its path, or null where only the arguments are known
   * @param argv its argument vector; may be empty
   * @param teamId the team of its code signature, or null
   * @param signingId the identifier of its code signature, or null
   */
  public Optional<Platform> detect(String exe, List<String> argv, String teamId, String signingId) {
    if (!argv.isEmpty() && EMBEDDED.contains(argv.get(0))) {
      return Optional.empty();
    }
    if (teamId != null && signingId != null) {
      PlatformSignature match = signed.get(teamId + ' ' + signingId);
      if (match != null) {
        return found(match, Layer.CODE_SIGNING, argv);
      }
    }
    String program = exe != null ? exe : argv.isEmpty() ? "" : argv.get(0);
    String name = Launch.baseName(program);
    if (Launch.isInterpreter(name)) {
      return found(interpreted(program, Launch.of(name, argv)), Layer.PATH, argv);
    }
    if (!program.contains(".app/Contents/")) {
      PlatformSignature match = programs.get(lower(name));
      if (match != null) {
        return found(match, Layer.PROCESS_NAME, argv);
      }
    }
    return found(byPath(program, program, false), Layer.PATH, argv);
  }

  private static Optional<Platform> found(PlatformSignature match, Layer layer, List<String> argv) {
    if (match == null || (match.category() != Category.CLI && isPartOfApplication(argv))) {
      return Optional.empty();
    }
    return Optional.of(new Platform(match.id(), match.category(), layer));
  }

  private static boolean isPartOfApplication(List<String> argv) {
    for (int i = 1; i < argv.size(); i++) {
      if (argv.get(i).startsWith("--type=")) {
        return true;
      }
    }
    return false;
  }

  private PlatformSignature interpreted(String interpreter, Launch launch) {
    if (launch.title() != null) {
      return titles.get(launch.title());
    }
    if (launch.module() != null) {
      int dot = launch.module().indexOf('.');
      return modules.get(dot < 0 ? launch.module() : launch.module().substring(0, dot));
    }
    return launch.script() == null ? null : byPath(launch.script(), interpreter, true);
  }

  /** By the path of a program, or of a script and the interpreter that runs it. */
  private PlatformSignature byPath(String path, String interpreter, boolean script) {
    int inModules = path.lastIndexOf(MODULES);
    if (inModules >= 0) {
      PlatformSignature match = byPackage(path, inModules + MODULES.length(), script);
      if (match != null) {
        return match;
      }
    }
    String name = Launch.baseName(path);
    String folder = path.substring(0, path.length() - name.length());
    PlatformSignature match = commands.get(name);
    if (match != null && (folder.endsWith("/bin/") || folder.endsWith("/.bin/"))) {
      return match;
    }
    match = commonCommands.get(name);
    if (match != null && isCommandFolder(folder, interpreter, script)) {
      return match;
    }
    return parts.find(path, script);
  }

  private PlatformSignature byPackage(String path, int start, boolean script) {
    int slash = path.indexOf('/', start);
    if (slash > 0 && path.charAt(start) == '@') {
      slash = path.indexOf('/', slash + 1);
    }
    if (slash < 0) {
      return null;
    }
    PlatformSignature match = packages.get(withoutPlatform(path.substring(start, slash)));
    if (match == null || script) {
      return match;
    }
    // Packages bring other programs along, a ripgrep for example.
    String name = Launch.baseName(path);
    String plain = name.endsWith(".exe") ? name.substring(0, name.length() - 4) : name;
    boolean own =
        match.programs().contains(plain)
            || match.commands().contains(plain)
            || match.commonCommands().contains(plain);
    return own ? match : null;
  }

  /** {@code @openai/codex-linux-x64} holds the program of {@code @openai/codex}. */
  private static String withoutPlatform(String name) {
    for (String system : new String[] {"-linux-", "-darwin-", "-linuxmusl-"}) {
      int at = name.indexOf(system);
      if (at > 0) {
        return name.substring(0, at);
      }
    }
    return name;
  }

  private static boolean isCommandFolder(String folder, String interpreter, boolean script) {
    if (folder.endsWith(MODULES_BIN)) {
      return true;
    }
    if (!script) {
      return false;
    }
    // npm links global commands beside its own node.
    if (interpreter.startsWith(folder) && interpreter.indexOf('/', folder.length()) < 0) {
      return folder.length() > 1;
    }
    for (String known : COMMAND_FOLDERS) {
      if (folder.endsWith(known)) {
        return true;
      }
    }
    return false;
  }

  /** The platform ids that the detector knows. */
  public Set<String> platforms() {
    return Set.copyOf(signatures.stream().map(PlatformSignature::id).toList());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
