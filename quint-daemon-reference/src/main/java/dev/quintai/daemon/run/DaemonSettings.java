package dev.quintai.daemon.run;

import dev.quintai.core.Mode;
import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The daemon's configuration: {@code config.yaml} of the data folder, or another file. All of it is
 * optional:
 *
 * <pre>
 * mode: shadow             # or alert, or block (tool calls that come by the proxy)
 * truth: auto              # or es, bpf, connector, proc, none
 * scanner_seconds: 5       # how often to look for agents that run already; 0: never
 * extension:
 *   enabled: true
 *   socket: FILE           # es.sock in the data folder
 *   secret: FILE           # es-auth-secret in the data folder; made where it is missing
 * proxy_port: 8443         # where agents' traffic is read; no proxy without it, 0: any free port
 * record: FILE             # every event (JSON Lines), anew at each start
 * </pre>
 *
 * @param mode what becomes of verdicts
 * @param truth how to watch, or {@code auto}
 * @param scan how often to look for agents, or null
 * @param extension whether a system extension may feed us
 * @param socket where it connects
 * @param secret what it must know
 * @param proxyPort the proxy's port, 0 for any, or -1 for no proxy
 * @param record where to record events, or null
 */
public record DaemonSettings(
    Mode mode,
    String truth,
    Duration scan,
    boolean extension,
    Path socket,
    Path secret,
    int proxyPort,
    Path record) {

  /** The file in the data folder that is read unless another one is named. */
  public static final String FILE = "config.yaml";

  private static final int MAX_BYTES = 1 << 20;
  private static final Set<String> KEYS =
      Set.of("mode", "truth", "scanner_seconds", "extension", "proxy_port", "record");
  private static final Set<String> EXTENSION_KEYS = Set.of("enabled", "socket", "secret");

  /**
   * Reads the settings.
   *
   * @param file the file, or null for that of the data folder, which need not be there
   * @throws Failure when it cannot be read, with file, key and what was expected
   */
  public static DaemonSettings read(Path file, Path data) throws IOException {
    Path from = file != null ? file : data.resolve(FILE);
    if (file == null && !Files.exists(from)) {
      return of(from, Map.of(), data);
    }
    if (Files.size(from) > MAX_BYTES) {
      throw new Failure(from + ": at most " + MAX_BYTES + " bytes were expected");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(from.toString())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(16)
            .build();
    Object document;
    try {
      document = new Load(settings).loadFromString(Files.readString(from));
    } catch (YamlEngineException e) {
      throw new Failure(from + ": no YAML: " + e.getMessage(), e);
    }
    return of(from, map(from, "the file", document, KEYS), data);
  }

  private static DaemonSettings of(Path from, Map<?, ?> root, Path data) {
    Map<?, ?> extension = map(from, "extension", root.get("extension"), EXTENSION_KEYS);
    long scan = whole(from, root, "scanner_seconds", 5, 0, 86_400);
    return new DaemonSettings(
        Mode.valueOf(
            choice(from, root, "mode", "shadow", "alert", "block").toUpperCase(Locale.ROOT)),
        choice(from, root, "truth", "auto", "es", "bpf", "connector", "proc", "none"),
        scan == 0 ? null : Duration.ofSeconds(scan),
        flag(from, extension, "enabled"),
        path(from, extension, "socket", data.resolve("es.sock")),
        path(from, extension, "secret", data.resolve("es-auth-secret")),
        root.containsKey("proxy_port") ? (int) whole(from, root, "proxy_port", 0, 0, 65_535) : -1,
        path(from, root, "record", null));
  }

  private static Map<?, ?> map(Path from, String name, Object value, Set<String> keys) {
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new Failure(from + ": " + name + ": a YAML mapping was expected");
    }
    for (Object key : map.keySet()) {
      if (!keys.contains(String.valueOf(key))) {
        throw new Failure(
            from
                + ": "
                + name
                + " has an unknown key '"
                + key
                + "'; known: "
                + new TreeSet<>(keys));
      }
    }
    return map;
  }

  /** The first choice is the default. */
  private static String choice(Path from, Map<?, ?> map, String key, String... choices) {
    Object value = map.get(key);
    if (value == null) {
      return choices[0];
    }
    for (String choice : choices) {
      if (choice.equals(value)) {
        return choice;
      }
    }
    throw new Failure(
        from
            + ": "
            + key
            + ": "
            + String.join(", ", choices)
            + " was expected, not '"
            + value
            + "'");
  }

  private static long whole(
      Path from, Map<?, ?> map, String key, long otherwise, long least, long most) {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number
        && !(value instanceof Double)
        && number.longValue() >= least
        && number.longValue() <= most) {
      return number.longValue();
    }
    throw new Failure(
        from
            + ": "
            + key
            + ": a number of "
            + least
            + " to "
            + most
            + " was expected, not "
            + value);
  }

  private static boolean flag(Path from, Map<?, ?> map, String key) {
    Object value = map.get(key);
    if (value == null || value instanceof Boolean) {
      return value == null || (Boolean) value;
    }
    throw new Failure(from + ": extension." + key + ": true or false was expected");
  }

  private static Path path(Path from, Map<?, ?> map, String key, Path otherwise) {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text && text.startsWith("/")) {
      return Path.of(text);
    }
    throw new Failure(from + ": " + key + ": an absolute path was expected, not " + value);
  }
}
