package dev.quintai.core.platform;

import dev.quintai.core.platform.Platform.Category;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * By what an agent platform is recognised. Several signatures may name one platform. Immutable.
 *
 * <p>Names that other programs bear too ({@code pi}, {@code goose}) belong to {@link
 * Builder#commonCommand}: they count only where a package manager puts its commands.
 */
public final class PlatformSignature {
  private final String id;
  private final Category category;
  private final String source;
  private final String teamId;
  private final Set<String> signingIds;
  private final Set<String> programs;
  private final Set<String> commands;
  private final Set<String> commonCommands;
  private final Set<String> npmPackages;
  private final Set<String> pythonModules;
  private final Set<String> paths;
  private final Set<String> scriptPaths;
  private final Set<String> titles;

  private PlatformSignature(Builder builder) {
    id = builder.id;
    category = builder.category;
    source = builder.source;
    teamId = builder.teamId;
    signingIds = Set.copyOf(builder.signingIds);
    programs = Set.copyOf(builder.programs);
    commands = Set.copyOf(builder.commands);
    commonCommands = Set.copyOf(builder.commonCommands);
    npmPackages = Set.copyOf(builder.npmPackages);
    pythonModules = Set.copyOf(builder.pythonModules);
    paths = Set.copyOf(builder.paths);
    scriptPaths = Set.copyOf(builder.scriptPaths);
    titles = Set.copyOf(builder.titles);
  }

  /**
   * Starts a signature.
   *
   * @param id the platform id
   * @param category how the agent comes
   * @param source where its facts are documented
   */
  public static Builder builder(String id, Category category, String source) {
    return new Builder(id, category, source);
  }

  /** The platform id. */
  public String id() {
    return id;
  }

  /** How the agent comes. */
  public Category category() {
    return category;
  }

  /** Where its facts are documented. */
  public String source() {
    return source;
  }

  String teamId() {
    return teamId;
  }

  Set<String> signingIds() {
    return signingIds;
  }

  Set<String> programs() {
    return programs;
  }

  Set<String> commands() {
    return commands;
  }

  Set<String> commonCommands() {
    return commonCommands;
  }

  Set<String> npmPackages() {
    return npmPackages;
  }

  Set<String> pythonModules() {
    return pythonModules;
  }

  Set<String> paths() {
    return paths;
  }

  Set<String> scriptPaths() {
    return scriptPaths;
  }

  Set<String> titles() {
    return titles;
  }

  @Override
  public String toString() {
    return id + " (" + source + ")";
  }

  /** Collects a signature. Not thread-safe. */
  public static final class Builder {
    private final String id;
    private final Category category;
    private final String source;
    private String teamId;
    private final Set<String> signingIds = new LinkedHashSet<>();
    private final Set<String> programs = new LinkedHashSet<>();
    private final Set<String> commands = new LinkedHashSet<>();
    private final Set<String> commonCommands = new LinkedHashSet<>();
    private final Set<String> npmPackages = new LinkedHashSet<>();
    private final Set<String> pythonModules = new LinkedHashSet<>();
    private final Set<String> paths = new LinkedHashSet<>();
    private final Set<String> scriptPaths = new LinkedHashSet<>();
    private final Set<String> titles = new LinkedHashSet<>();

    private Builder(String id, Category category, String source) {
      this.id = Objects.requireNonNull(id, "id");
      this.category = Objects.requireNonNull(category, "category");
      this.source = Objects.requireNonNull(source, "source");
    }

    /** The team of its code signature and an identifier under it; both must match. */
    public Builder signed(String team, String signingId) {
      if (teamId != null && !teamId.equals(team)) {
        throw new IllegalArgumentException("one team a signature: " + teamId + ", " + team);
      }
      teamId = team;
      signingIds.add(signingId);
      return this;
    }

    /** The base name of a native program that nothing else bears; case does not matter. */
    public Builder program(String name) {
      programs.add(name);
      return this;
    }

    /** The name of a command that an interpreter runs and nothing else bears. */
    public Builder command(String name) {
      commands.add(name);
      return this;
    }

    /** The name of a command that other programs may bear too. */
    public Builder commonCommand(String name) {
      commonCommands.add(name);
      return this;
    }

    /** An npm package whose scripts, and whose programs named like its commands, are the agent. */
    public Builder npmPackage(String name) {
      npmPackages.add(name);
      return this;
    }

    /** A Python module that {@code python -m} runs. */
    public Builder pythonModule(String name) {
      pythonModules.add(name);
      return this;
    }

    /**
     * A part of the path of its program or script, starting with a slash. Where it ends in one, the
     * file must lie directly in that folder; {@code **} at the end stands for anything.
     *
     * @throws IllegalArgumentException when it does not start with a slash
     */
    public Builder path(String part) {
      paths.add(checked(part));
      return this;
    }

    /** As {@link #path}, for scripts only: other programs lie there that are not the agent. */
    public Builder scriptPath(String part) {
      scriptPaths.add(checked(part));
      return this;
    }

    private static String checked(String part) {
      if (!part.startsWith("/")) {
        throw new IllegalArgumentException("a path starts with a slash: " + part);
      }
      return part;
    }

    /** The title that the agent gives its interpreter's process in place of its arguments. */
    public Builder title(String title) {
      titles.add(title);
      return this;
    }

    /** The signature. */
    public PlatformSignature build() {
      return new PlatformSignature(this);
    }
  }
}
