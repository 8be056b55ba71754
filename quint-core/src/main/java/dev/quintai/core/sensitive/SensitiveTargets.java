package dev.quintai.core.sensitive;

import dev.quintai.core.sensitive.SensitiveTarget.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The table of sensitive targets: which paths, hosts and programs need a declaration of their own.
 *
 * <p>{@link #defaults()} knows the usual places on Linux and macOS; {@link #builder()} extends or
 * narrows it. Some neighbours of secrets are public on purpose: {@code ~/.ssh/config}, {@code
 * known_hosts} and {@code *.pub}, {@code ~/.aws/config}, templates such as {@code .env.example},
 * and the native messaging manifests that programs put into browser profiles. Git hooks and the
 * trust stores of the system are not in the defaults, since everyday tools write the former and
 * every TLS client reads the latter.
 *
 * <p>Paths must be canonical: absolute, links followed, without {@code .} and {@code ..}. The
 * places that macOS shows under {@code /private} match under both names. Below {@code /Users},
 * {@code /Library} and {@code /private}, and below a given home that lies there, case is ignored,
 * as the volumes of macOS do; {@link Builder#ignoreCase} makes it so everywhere.
 *
 * <p>Immutable and thread-safe. A path that matches nothing costs one walk over it and allocates
 * nothing; one that matches costs an {@link Optional}.
 */
public final class SensitiveTargets {

  /** What a pattern means inside and outside the working directory; a null target is public. */
  private record Entry(SensitiveTarget inside, SensitiveTarget outside) {
    static final Entry PUBLIC = new Entry(null, null);

    static Entry of(SensitiveTarget target) {
      return target.kind() == Kind.ENV_FILE
          ? new Entry(target, target.withKind(Kind.CREDENTIAL))
          : new Entry(target, target);
    }
  }

  private static final SensitiveTargets DEFAULTS = builder().build();

  private final PathTrie<Entry> absolute;
  private final PathTrie<Entry> homes;
  private final PathTrie<Entry> anywhere;
  private final PathTrie<SensitiveTarget> folders;
  private final PathTrie<SensitiveTarget> homeFolders;
  private final Map<String, SensitiveTarget> hosts;
  private final Map<String, SensitiveTarget> programs;
  private final boolean ignoreCase;
  private final List<SensitiveTarget> targets;

  private SensitiveTargets(Builder builder) {
    absolute = builder.absolute;
    homes = builder.homes;
    anywhere = builder.anywhere;
    folders = builder.folders;
    homeFolders = builder.homeFolders;
    hosts = Map.copyOf(builder.hosts);
    programs = Map.copyOf(builder.programs);
    ignoreCase = builder.ignoreCase;
    targets = List.copyOf(builder.targets);
  }

  /** The built-in table. */
  public static SensitiveTargets defaults() {
    return DEFAULTS;
  }

  /**
   * All entries in the order in which they were added, those among them that {@link
   * Builder#notSensitive} or a later one has narrowed. For sensors that must know beforehand what
   * to look out for; {@link #path} and {@link #host} decide.
   */
  public List<SensitiveTarget> targets() {
    return targets;
  }

  /** A table that starts as the built-in one. */
  public static Builder builder() {
    Builder builder = emptyBuilder();
    DefaultTargets.addTo(builder);
    return builder;
  }

  /** A table that starts empty. */
  public static Builder emptyBuilder() {
    return new Builder();
  }

  /**
   * What a path is, if it is sensitive. Whether it is so for reading too, the target says ({@link
   * SensitiveTarget#writeOnly}).
   *
   * @param path canonical absolute path
   * @param home the home directory of the agent's user, or null; the usual homes of Linux and macOS
   *     count in any case, so another user's secrets are found too
   * @param cwd the agent's working directory, or null; a {@code .env} file is an {@link
   *     Kind#ENV_FILE} inside it and a {@link Kind#CREDENTIAL} elsewhere
   */
  public Optional<SensitiveTarget> path(String path, String home, String cwd) {
    Entry entry = entry(path, home);
    if (entry == null || entry.inside == null) {
      return Optional.empty();
    }
    boolean inside = cwd != null && Paths.isBelow(path, cwd);
    return Optional.of(inside ? entry.inside : entry.outside);
  }

  private Entry entry(String path, String home) {
    boolean fold = folds(path);
    Entry entry = find(absolute, homes, path, home, fold);
    return entry != null ? entry : anywhere.find(path, path.lastIndexOf('/') + 1, fold);
  }

  private boolean folds(String path) {
    return ignoreCase
        || path.startsWith("/Users/")
        || path.startsWith("/Library/")
        || path.startsWith("/private/");
  }

  private static <T> T find(
      PathTrie<T> absolute, PathTrie<T> homes, String path, String home, boolean fold) {
    T found = absolute.find(path, Paths.afterPrivate(path), fold);
    int tried = -1;
    if (found == null && home != null && Paths.isBelow(path, home)) {
      tried = home.length();
      found = homes.find(path, tried, fold);
    }
    if (found == null) {
      int homeEnd = Paths.homeEnd(path);
      if (homeEnd >= 0 && homeEnd != tried) {
        found = homes.find(path, homeEnd, fold);
      }
    }
    return found;
  }

  /**
   * What a folder holds, if it is one that is named for the secrets in it: {@code tar cz ~/.ssh}
   * reads credentials, although opening the folder itself reads none, so {@link #path} is silent
   * about it. For declarations, not for file events.
   *
   * @param path canonical absolute path
   * @param home as in {@link #path}
   */
  public Optional<SensitiveTarget> folder(String path, String home) {
    return Optional.ofNullable(find(folders, homeFolders, path, home, folds(path)));
  }

  /**
   * What a host is, if it is sensitive.
   *
   * @param host a name, or an address in any text form that common resolvers take: dotted, decimal,
   *     hexadecimal or octal IPv4, IPv6 with or without brackets and zone
   */
  public Optional<SensitiveTarget> host(String host) {
    return host == null
        ? Optional.empty()
        : Optional.ofNullable(hosts.get(HostNames.canonical(host)));
  }

  /**
   * What a program is, if running it is sensitive.
   *
   * @param exe its path or base name
   */
  public Optional<SensitiveTarget> program(String exe) {
    return exe == null ? Optional.empty() : Optional.ofNullable(programs.get(Paths.baseName(exe)));
  }

  /** Extends or narrows a table. Not thread-safe. */
  public static final class Builder {
    private final PathTrie<Entry> absolute = new PathTrie<>();
    private final PathTrie<Entry> homes = new PathTrie<>();
    private final PathTrie<Entry> anywhere = new PathTrie<>();
    private final PathTrie<SensitiveTarget> folders = new PathTrie<>();
    private final PathTrie<SensitiveTarget> homeFolders = new PathTrie<>();
    private final Map<String, SensitiveTarget> hosts = new HashMap<>();
    private final Map<String, SensitiveTarget> programs = new HashMap<>();
    private final List<SensitiveTarget> targets = new ArrayList<>();
    private boolean ignoreCase;
    private boolean built;

    private Builder() {}

    /**
     * Adds a target by its kind: a {@link Kind#METADATA} pattern is a host, a {@link
     * Kind#PRIVILEGE} or {@link Kind#SCHEDULER} one a program's base name, any other one a path as
     * {@link #path} of this builder takes it.
     */
    public Builder add(SensitiveTarget target) {
      check();
      targets.add(target);
      switch (target.kind()) {
        case METADATA -> hosts.put(HostNames.canonical(target.pattern()), target);
        case PRIVILEGE, SCHEDULER -> programs.put(target.pattern(), target);
        default -> {
          put(target.pattern(), Entry.of(target));
          if (target.secret() && target.pattern().endsWith("/**")) {
            addFolder(target.pattern().substring(0, target.pattern().length() - 3), target);
          }
        }
      }
      return this;
    }

    /**
     * Adds a path. {@code ~/} means any home, a leading {@code /} the root, and a pattern without a
     * slash a file name anywhere. {@code *} stands for any one name, {@code prefix*suffix} (as the
     * last name) for names, {@code **} (last) for everything below. The most specific pattern wins,
     * and of equal ones the last that was added.
     *
     * @throws IllegalArgumentException when the pattern is of none of these forms
     */
    public Builder path(Kind kind, String name, String pattern, Set<String> owners, String source) {
      if (kind == Kind.METADATA || kind == Kind.PRIVILEGE || kind == Kind.SCHEDULER) {
        throw new IllegalArgumentException(kind + " is not the kind of a path: " + pattern);
      }
      return add(new SensitiveTarget(kind, name, pattern, owners, null, source));
    }

    /**
     * Adds a folder that {@link SensitiveTargets#folder} knows, although not all in it is secret.
     * Patterns of secrets that end in {@code /**} add theirs by themselves.
     *
     * @throws IllegalArgumentException when the pattern does not start with / or ~/
     */
    public Builder folder(String name, String pattern, String source) {
      check();
      addFolder(
          pattern, new SensitiveTarget(Kind.CREDENTIAL, name, pattern, Set.of(), null, source));
      return this;
    }

    /** Adds a host name or address that hands out credentials. */
    public Builder host(String name, String host, String source) {
      return add(new SensitiveTarget(Kind.METADATA, name, host, Set.of(), null, source));
    }

    /** Adds a program that changes the user, by its base name. */
    public Builder program(String name, String program, String source) {
      return add(new SensitiveTarget(Kind.PRIVILEGE, name, program, Set.of(), null, source));
    }

    /** Adds a program that hands work to a daemon, by its base name. */
    public Builder scheduler(String name, String program, String source) {
      return add(new SensitiveTarget(Kind.SCHEDULER, name, program, Set.of(), null, source));
    }

    /** Says that paths are not sensitive, although a less specific pattern may say so. */
    public Builder notSensitive(String pattern) {
      check();
      put(pattern, Entry.PUBLIC);
      return this;
    }

    /** Whether case is ignored on every path, not only where macOS keeps its files. */
    public Builder ignoreCase(boolean value) {
      check();
      ignoreCase = value;
      return this;
    }

    private void addFolder(String pattern, SensitiveTarget target) {
      if (pattern.startsWith("~/")) {
        homeFolders.add(pattern.substring(2), target);
      } else if (pattern.startsWith("/")) {
        folders.add(pattern, target);
      } else {
        throw new IllegalArgumentException("a folder starts with / or ~/: " + pattern);
      }
    }

    private void put(String pattern, Entry entry) {
      Objects.requireNonNull(pattern, "pattern");
      if (pattern.startsWith("~/")) {
        homes.add(pattern.substring(2), entry);
      } else if (pattern.startsWith("/")) {
        absolute.add(pattern, entry);
      } else if (!pattern.isEmpty() && pattern.indexOf('/') < 0) {
        anywhere.add(pattern, entry);
      } else {
        throw new IllegalArgumentException(
            "a path pattern starts with / or ~/ or has no slash: " + pattern);
      }
    }

    private void check() {
      if (built) {
        throw new IllegalStateException("the table is built already");
      }
    }

    /** The table. The builder is of no more use afterwards. */
    public SensitiveTargets build() {
      check();
      built = true;
      return new SensitiveTargets(this);
    }
  }
}
