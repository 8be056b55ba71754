package dev.quintai.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Measures ours beside the rivals: {@code compare [AREA]... [--quick]}; without an area all of
 * them. JSON lines on standard output, a table on standard error; exit 1 when a claim does not
 * hold, 2 for an unknown area or what cannot be run.
 */
public final class Compare {
  private Compare() {}

  /** Runs the command. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    Map<String, Area> areas = new TreeMap<>();
    for (Area area : ServiceLoader.load(Area.class)) {
      areas.put(area.name(), area);
    }
    Effort effort = Effort.FULL;
    List<Area> chosen = new ArrayList<>();
    for (String arg : args) {
      if (arg.equals("--quick")) {
        effort = Effort.QUICK;
      } else if (areas.containsKey(arg)) {
        chosen.add(areas.get(arg));
      } else {
        System.err.println(
            "compare: no area " + arg + "; there are " + String.join(", ", areas.keySet()));
        return 2;
      }
    }
    Results results = new Results(System.out, System.err);
    for (Area area : chosen.isEmpty() ? areas.values() : chosen) {
      try {
        area.compare(effort, results);
      } catch (IOException | RuntimeException e) {
        System.err.println("compare: " + area.name() + " could not be run: " + e);
        return 2;
      }
    }
    results.printTable();
    return results.anyBroken() ? 1 : 0;
  }
}
