package dev.quintai.divergence;

import java.util.Map;

/**
 * The package registries that package managers contact in their normal work, as their manuals name
 * them. They are declared with the command; any other host is not.
 */
final class Registries {
  private static final String[] NPM = {
    "registry.npmjs.org", "registry.yarnpkg.com", "registry.npmmirror.com"
  };
  private static final String[] PYPI = {"pypi.org", "files.pythonhosted.org"};
  private static final String[] NONE = {};

  private static final Map<String, String[]> TABLE =
      Map.ofEntries(
          Map.entry("npm", NPM),
          Map.entry("npx", NPM),
          Map.entry("pnpm", NPM),
          Map.entry("yarn", NPM),
          Map.entry("bun", NPM),
          Map.entry("bunx", NPM),
          Map.entry("pip", PYPI),
          Map.entry("pip3", PYPI),
          Map.entry("uv", PYPI),
          Map.entry("uvx", PYPI),
          Map.entry("poetry", PYPI),
          Map.entry("pdm", PYPI),
          Map.entry("pipx", PYPI),
          Map.entry("cargo", new String[] {"crates.io", "static.crates.io", "index.crates.io"}),
          Map.entry("go", new String[] {"proxy.golang.org", "sum.golang.org"}),
          Map.entry("mvn", new String[] {"repo.maven.apache.org", "repo1.maven.org"}),
          Map.entry(
              "gradle",
              new String[] {"repo.maven.apache.org", "plugins.gradle.org", "services.gradle.org"}),
          Map.entry("gem", new String[] {"rubygems.org", "index.rubygems.org"}),
          Map.entry("bundle", new String[] {"rubygems.org", "index.rubygems.org"}),
          Map.entry("composer", new String[] {"repo.packagist.org", "packagist.org"}),
          Map.entry(
              "apt", new String[] {"deb.debian.org", "security.debian.org", "archive.ubuntu.com"}),
          Map.entry(
              "apt-get",
              new String[] {"deb.debian.org", "security.debian.org", "archive.ubuntu.com"}),
          Map.entry("brew", new String[] {"formulae.brew.sh", "ghcr.io"}),
          Map.entry("docker", new String[] {"registry-1.docker.io", "auth.docker.io"}));

  private Registries() {}

  /** The registries of a program; empty when it is no package manager. */
  static String[] of(String program) {
    return TABLE.getOrDefault(program, NONE);
  }
}
