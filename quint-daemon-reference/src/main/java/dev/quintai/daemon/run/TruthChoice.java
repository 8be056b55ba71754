package dev.quintai.daemon.run;

import dev.quintai.core.spi.TruthSource.Availability;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.esjni.EndpointSecurity;
import dev.quintai.esjni.LinuxTier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the daemon watches what runs already, and why not better.
 *
 * @param source {@code es}, the name of a {@link LinuxTier}, or {@code none}
 * @param causes what was tried before it, with the cause why it does not work here
 */
public record TruthChoice(String source, List<String> causes) {

  /** No source at all. */
  static final String NONE = "none";

  /**
   * Chooses.
   *
   * @param wanted a source, {@code auto} for the best that works here, or {@code none}
   * @param runtime a folder of ours, mode 0700
   * @throws Failure when the wanted one does not work here, with the cause
   */
  public static TruthChoice of(String wanted, Path runtime) {
    if (wanted.equals(NONE)) {
      return new TruthChoice(NONE, List.of("the configuration says truth: none"));
    }
    List<String> causes = new ArrayList<>();
    for (Map.Entry<String, LinuxTier> candidate : candidates().entrySet()) {
      String name = candidate.getKey();
      if (wanted.equals("auto") || wanted.equals(name)) {
        Availability is = availability(candidate.getValue(), runtime);
        if (is.available()) {
          return new TruthChoice(name, causes);
        }
        causes.add(name + ": " + is.cause());
      }
    }
    if (!wanted.equals("auto")) {
      throw new Failure("truth: " + String.join("; ", causes));
    }
    return new TruthChoice(NONE, causes);
  }

  /** Best first; EndpointSecurity is no Linux tier. */
  private static Map<String, LinuxTier> candidates() {
    Map<String, LinuxTier> candidates = new LinkedHashMap<>();
    candidates.put(EndpointSecurity.NAME, null);
    LinuxTier.forRunning().forEach(tier -> candidates.put(tier.option(), tier));
    return candidates;
  }

  private static Availability availability(LinuxTier tier, Path runtime) {
    return tier == null ? EndpointSecurity.availability(runtime) : tier.availability(runtime);
  }

  /** The tier, or null when it is none of Linux. */
  LinuxTier tier() {
    return candidates().get(source);
  }

  /** What it sees, and why not more, in a line. */
  public String says() {
    String what =
        source.equals(NONE)
            ? "nothing is watched but what an extension tells"
            : source.equals(EndpointSecurity.NAME)
                ? "es: execs, forks, exits and files of agents, by EndpointSecurity"
                : source + ": " + tier().sees().toString().toLowerCase(java.util.Locale.ROOT);
    return causes.isEmpty() ? what : what + "; not " + String.join("; not ", causes);
  }
}
