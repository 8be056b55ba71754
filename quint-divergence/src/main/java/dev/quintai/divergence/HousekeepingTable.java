package dev.quintai.divergence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rules of {@code housekeeping.txt}: what the agent's own process may read, write and contact
 * without a word. Narrow, named, never learnt at run time.
 *
 * <p>Immutable and thread-safe. Looking a path up costs one walk over the rules that could match by
 * their first name.
 */
final class HousekeepingTable {
  private static final HousekeepingTable DEFAULTS = load();

  private record PathRule(
      boolean read, boolean write, Set<String> platforms, PathPattern pattern, String name) {}

  private record HostRule(Set<String> platforms, String pattern, String name) {}

  private final List<PathRule> paths;
  private final List<HostRule> hosts;
  private final Map<String, Shared> shared = new ConcurrentHashMap<>();
  private final List<Housekeeping.Observed> observed;

  private HousekeepingTable(
      List<PathRule> paths, List<HostRule> hosts, List<Housekeeping.Observed> observed) {
    this.paths = List.copyOf(paths);
    this.hosts = List.copyOf(hosts);
    this.observed = List.copyOf(observed);
  }

  List<Housekeeping.Observed> observed() {
    return observed;
  }

  static HousekeepingTable defaults() {
    return DEFAULTS;
  }

  private static HousekeepingTable load() {
    try (InputStream in = HousekeepingTable.class.getResourceAsStream("housekeeping.txt")) {
      if (in == null) {
        throw new IllegalStateException("housekeeping.txt is missing from the module");
      }
      return parse(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HousekeepingTable parse(BufferedReader reader) throws IOException {
    List<PathRule> paths = new ArrayList<>();
    List<HostRule> hosts = new ArrayList<>();
    List<Housekeeping.Observed> observed = new ArrayList<>();
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\|", -1);
      if (parts.length != 5) {
        throw new IllegalArgumentException(
            "line " + number + ": expected access | platforms | pattern | rule | why");
      }
      Set<String> platforms = Set.of(parts[1].trim().split("\\s*,\\s*"));
      String pattern = parts[2].trim();
      String name = parts[3].trim();
      switch (parts[0].trim()) {
        case "agent" -> observed.add(new Housekeeping.Observed(parts[1].trim(), pattern, name));
        case "host" -> hosts.add(new HostRule(platforms, pattern, name));
        case "r" -> paths.add(new PathRule(true, false, platforms, PathPattern.of(pattern), name));
        case "w" -> paths.add(new PathRule(false, true, platforms, PathPattern.of(pattern), name));
        case "rw" -> paths.add(new PathRule(true, true, platforms, PathPattern.of(pattern), name));
        default ->
            throw new IllegalArgumentException(
                "line " + number + ": access must be r, w, rw, host or agent");
      }
    }
    return new HousekeepingTable(paths, hosts, observed);
  }

  private static boolean applies(Set<String> platforms, String platform) {
    return platforms.contains("*") || platforms.contains(platform);
  }

  /** The rules of one platform, which its sessions share. */
  private static final class Shared {
    final Index absolute;
    final List<PathRule> anywhere = new ArrayList<>();
    final Index home;
    final Index foldedHome;
    final Index cwd;
    final Index foldedCwd;
    final List<HostRule> hosts = new ArrayList<>();

    Shared(HousekeepingTable table, String platform) {
      List<PathRule> fixed = new ArrayList<>();
      List<PathRule> ofHome = new ArrayList<>();
      List<PathRule> ofCwd = new ArrayList<>();
      for (PathRule rule : table.paths) {
        if (applies(rule.platforms, platform)) {
          boolean anyRoot = rule.pattern.placed(false).firstName() == null;
          (rule.pattern.ofHome()
                  ? ofHome
                  : rule.pattern.ofCwd() ? ofCwd : anyRoot ? anywhere : fixed)
              .add(rule);
        }
      }
      absolute = new Index(fixed, false);
      home = new Index(ofHome, false);
      foldedHome = new Index(ofHome, true);
      cwd = new Index(ofCwd, false);
      foldedCwd = new Index(ofCwd, true);
      for (HostRule rule : table.hosts) {
        if (applies(rule.platforms, platform)) {
          hosts.add(rule);
        }
      }
    }
  }

  /** Rules by the first name of the paths that they can match. */
  private static final class Index {
    private final Map<String, List<PathRule>> byFirstName = new HashMap<>();
    private final List<PathRule> others = new ArrayList<>();

    Index(List<PathRule> rules, boolean fold) {
      for (PathRule rule : rules) {
        PathPattern placed = rule.pattern.placed(fold);
        String first = placed.firstName();
        (first == null ? others : byFirstName.computeIfAbsent(first, n -> new ArrayList<>()))
            .add(new PathRule(rule.read, rule.write, rule.platforms, placed, rule.name));
      }
    }

    String path(String path, boolean write) {
      if (!byFirstName.isEmpty() && path.length() > 1) {
        int end = path.indexOf('/', 1);
        List<PathRule> some = byFirstName.get(path.substring(1, end < 0 ? path.length() : end));
        String name = some == null ? null : first(some, path, write);
        if (name != null) {
          return name;
        }
      }
      return first(others, path, write);
    }
  }

  private static String first(List<PathRule> rules, String path, boolean write) {
    for (int i = 0; i < rules.size(); i++) {
      PathRule rule = rules.get(i);
      if ((write ? rule.write : rule.read) && rule.pattern.matches(path)) {
        return rule.name;
      }
    }
    return null;
  }

  /** The rules of one session. */
  Rules of(String platform, String home, String cwd) {
    Shared mine = shared.get(platform);
    if (mine == null) {
      // The platforms that rules name are few; all others have the same rules.
      boolean named = false;
      for (PathRule rule : paths) {
        named |= rule.platforms.contains(platform);
      }
      for (HostRule rule : hosts) {
        named |= rule.platforms.contains(platform);
      }
      String key = named ? platform : "*";
      mine = shared.computeIfAbsent(key, name -> new Shared(this, name));
    }
    return new Rules(mine, home, cwd);
  }

  /** The rules that apply to one session. */
  static final class Rules {
    private final Shared shared;
    private final String home;
    private final boolean homeFolds;
    private final String cwd;
    private final boolean cwdFolds;

    private Rules(Shared shared, String home, String cwd) {
      this.shared = shared;
      this.home = home == null ? null : PathIdentity.canonical(home);
      this.homeFolds = home != null && PathIdentity.folds(this.home + "/");
      this.cwd = cwd == null ? null : PathIdentity.canonical(cwd);
      this.cwdFolds = cwd != null && PathIdentity.folds(this.cwd + "/");
    }

    /** The rule that lets the agent's own process read or write the path, or null. */
    String path(String canonical, boolean write) {
      String name = shared.absolute.path(canonical, write);
      if (name == null && home != null && PathIdentity.within(canonical, home)) {
        Index index = homeFolds ? shared.foldedHome : shared.home;
        name = index.path(below(canonical, home), write);
      }
      if (name == null && cwd != null && PathIdentity.within(canonical, cwd)) {
        Index index = cwdFolds ? shared.foldedCwd : shared.cwd;
        name = index.path(below(canonical, cwd), write);
      }
      return name != null ? name : first(shared.anywhere, canonical, write);
    }

    private static String below(String path, String folder) {
      return folder.equals("/") ? path : path.substring(folder.length());
    }

    /** The rule that lets the agent's own process contact the host, or null. */
    String host(String host) {
      for (HostRule rule : shared.hosts) {
        if (PathPattern.name(rule.pattern, host)) {
          return rule.name;
        }
      }
      return null;
    }
  }
}
