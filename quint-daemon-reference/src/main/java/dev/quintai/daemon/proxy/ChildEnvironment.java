package dev.quintai.daemon.proxy;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment that sends an agent, and every program it starts, through the proxy and lets them
 * trust its certificates. Agents differ in which variables they read, so all of them are set, over
 * inherited ones.
 *
 * <p>{@code NODE_USE_ENV_PROXY} is left as it is: it makes several versions of Node print a warning
 * to the agent's standard error, and agents that are known to use a proxy read the other variables
 * themselves.
 */
public final class ChildEnvironment {
  private static final List<String> PROXY =
      List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy");

  private static final List<String> BUNDLE =
      List.of(
          "SSL_CERT_FILE",
          "NODE_EXTRA_CA_CERTS",
          "CODEX_CA_CERTIFICATE",
          "CURL_CA_BUNDLE",
          "GIT_SSL_CAINFO",
          "REQUESTS_CA_BUNDLE",
          "AWS_CA_BUNDLE",
          "DENO_CERT",
          "NIX_SSL_CERT_FILE",
          "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH");

  /**
   * Loopback only. An inherited exception would be a way around the observation; the proxy itself
   * follows it when it dials.
   */
  private static final String NO_PROXY = "localhost,127.0.0.1,::1";

  private ChildEnvironment() {}

  /**
   * Returns the inherited environment with the variables set.
   *
   * @param inherited the environment that the agent would have had
   * @param proxy the proxy's URL
   * @param bundle the PEM bundle
   * @param directory the directory for {@code SSL_CERT_DIR}
   * @return a new, modifiable map
   */
  public static Map<String, String> of(
      Map<String, String> inherited, URI proxy, Path bundle, Path directory) {
    Map<String, String> environment = new LinkedHashMap<>(inherited);
    PROXY.forEach(name -> environment.put(name, proxy.toString()));
    environment.put("NO_PROXY", NO_PROXY);
    environment.put("no_proxy", NO_PROXY);
    BUNDLE.forEach(name -> environment.put(name, bundle.toAbsolutePath().toString()));
    environment.put("SSL_CERT_DIR", directory.toAbsolutePath().toString());
    return environment;
  }

  /**
   * Returns the files and directories of roots that the inherited environment names, for the bundle
   * to include.
   */
  public static List<Path> presetBundles(Map<String, String> inherited) {
    Set<Path> found = new LinkedHashSet<>();
    for (String name : BUNDLE) {
      String value = inherited.get(name);
      if (value != null && !value.isBlank()) {
        found.add(Path.of(value));
      }
    }
    String directories = inherited.get("SSL_CERT_DIR");
    if (directories != null) {
      for (String directory : directories.split(":")) {
        if (!directory.isBlank()) {
          found.add(Path.of(directory));
        }
      }
    }
    return new ArrayList<>(found);
  }
}
