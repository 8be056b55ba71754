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

  /** The rules of one session. */
  Rules of(String platform, String home, String cwd) {
    List<PathRule> mine = new ArrayList<>();
    for (PathRule rule : paths) {
      if (applies(rule.platforms, platform)) {
        PathPattern placed = rule.pattern.in(home, cwd);
        if (placed != null) {
          mine.add(new PathRule(rule.read, rule.write, rule.platforms, placed, rule.name));
        }
      }
    }
    List<HostRule> contacts = new ArrayList<>();
    for (HostRule rule : hosts) {
      if (applies(rule.platforms, platform)) {
        contacts.add(rule);
      }
    }
    return new Rules(mine, contacts);
  }

  /** The rules that apply to one session. */
  static final class Rules {
    /** Rules by the first name of the paths that they can match. */
    private final Map<String, List<PathRule>> byFirstName = new HashMap<>();

    /** Rules that can match anywhere. */
    private final List<PathRule> anywhere = new ArrayList<>();

    private final List<HostRule> hosts;

    private Rules(List<PathRule> paths, List<HostRule> hosts) {
      this.hosts = hosts;
      for (PathRule rule : paths) {
        String first = rule.pattern.firstName();
        if (first == null) {
          anywhere.add(rule);
        } else {
          byFirstName.computeIfAbsent(first, name -> new ArrayList<>()).add(rule);
        }
      }
    }

    /** The rule that lets the agent's own process read or write the path, or null. */
    String path(String canonical, boolean write) {
      int end = canonical.indexOf('/', 1);
      String first =
          canonical.substring(Math.min(1, canonical.length()), end < 0 ? canonical.length() : end);
      String name = first(byFirstName.getOrDefault(first, List.of()), canonical, write);
      return name != null ? name : first(anywhere, canonical, write);
    }

    private static String first(List<PathRule> rules, String path, boolean write) {
      for (PathRule rule : rules) {
        if ((write ? rule.write : rule.read) && rule.pattern.matches(path)) {
          return rule.name;
        }
      }
      return null;
    }

    /** The rule that lets the agent's own process contact the host, or null. */
    String host(String host) {
      for (HostRule rule : hosts) {
        if (PathPattern.name(rule.pattern, host)) {
          return rule.name;
        }
      }
      return null;
    }
  }
}
