package dev.quintai.daemon.cli;

import dev.quintai.daemon.events.JsonTree;
import dev.quintai.divergence.Housekeeping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent that is installed here, and the version whose own doings are known.
 *
 * @param known what was observed
 * @param program where it is installed, links followed
 * @param version its version, or null where its files do not tell it: it is not started to be asked
 */
record InstalledAgent(Housekeeping.Observed known, Path program, String version) {

  private static final Pattern VERSION = Pattern.compile("[0-9]+(\\.[0-9]+)+");

  /** How many folders above the program its package may lie. */
  private static final int MAX_UP = 5;

  /** The agents that the path of a shell leads to. */
  static List<InstalledAgent> onPath(String path) {
    List<InstalledAgent> found = new ArrayList<>();
    for (Housekeeping.Observed known : Housekeeping.observed()) {
      Path program = find(known.command(), path);
      if (program != null) {
        found.add(new InstalledAgent(known, program, version(program)));
      }
    }
    return found;
  }

  private static Path find(String command, String path) {
    for (String folder : path.split(":", -1)) {
      try {
        Path program = Path.of(folder.isEmpty() ? "." : folder, command);
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
          return program.toRealPath();
        }
      } catch (IOException | InvalidPathException e) {
        // not there after all: the next folder
      }
    }
    return null;
  }

  /** The version of the npm package that the program belongs to, or the one in its file's name. */
  private static String version(Path program) {
    Path folder = program.getParent();
    for (int up = 0; up < MAX_UP && folder != null; up++, folder = folder.getParent()) {
      Path manifest = folder.resolve("package.json");
      if (Files.isRegularFile(manifest)) {
        try {
          if (JsonTree.read(Files.readString(manifest)) instanceof Map<?, ?> map
              && map.get("version") instanceof String version) {
            return version;
          }
        } catch (IOException e) {
          return null;
        }
      }
    }
    Matcher name = VERSION.matcher(program.getFileName().toString());
    return name.matches() ? name.group() : null;
  }

  /** Whether it may do what the list does not know: an older version as well as a newer one. */
  boolean unknown() {
    return version == null || compare(version, known.version()) != 0;
  }

  /** What a person should know, and can do. */
  String says() {
    String observed =
        ": what it does by itself was observed of " + known.version() + " (housekeeping list)";
    if (version == null) {
      return known.platform()
          + " of a version that its files do not tell ("
          + program
          + ")"
          + observed;
    }
    int order = compare(version, known.version());
    String installed = known.platform() + " " + version;
    if (order == 0) {
      return installed + " is the version whose own doings the housekeeping list knows";
    }
    return order > 0
        ? installed
            + " is newer than the housekeeping list"
            + observed
            + "; what it has begun to do since is reported as undeclared until Quint is updated"
        : installed
            + " is older than the housekeeping list"
            + observed
            + "; what only older versions do is reported as undeclared until the agent is updated";
  }

  /** Compares versions by their numbers; what follows a hyphen or plus does not count. */
  static int compare(String one, String other) {
    String[] a = one.split("[-+]", 2)[0].split("\\.");
    String[] b = other.split("[-+]", 2)[0].split("\\.");
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int order = Long.compare(number(a, i), number(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static long number(String[] parts, int at) {
    return at < parts.length && parts[at].matches("[0-9]{1,18}") ? Long.parseLong(parts[at]) : 0;
  }
}
