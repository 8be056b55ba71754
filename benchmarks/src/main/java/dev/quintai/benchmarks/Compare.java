package dev.quintai.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Measures ours beside the rivals: {@code compare [AREA]... [--case PREFIX]... [--out FILE]
 * [--quick]}; without an area all of them. JSON lines on standard output, a table on standard
 * error; exit 1 when a claim does not hold, 2 for an unknown area or case, or what cannot be run.
 *
 * <p>{@code --out} appends to a file what is printed, behind a line that names the machine, the JVM
 * and the revision, so that a long comparison may be run case by case.
 */
public final class Compare {
  private final Map<String, Area> areas = new TreeMap<>();
  private final List<Area> chosen = new ArrayList<>();
  private final List<String> cases = new ArrayList<>();
  private Effort effort = Effort.FULL;
  private Path out;

  private Compare() {
    for (Area area : ServiceLoader.load(Area.class)) {
      areas.put(area.name(), area);
    }
  }

  /** Runs the command. */
  public static void main(String[] args) {
    System.exit(new Compare().run(args));
  }

  private int run(String[] args) {
    String mistake = read(args);
    if (mistake != null) {
      System.err.println("compare: " + mistake);
      return 2;
    }
    if (chosen.isEmpty()) {
      chosen.addAll(areas.values());
    }
    effort = effort.only(cases);
    try (PrintStream lines = lines()) {
      return compare(new Results(lines, System.err, effort::wants));
    } catch (IOException e) {
      System.err.println("compare: cannot write " + out + ": " + e.getMessage());
      return 2;
    }
  }

  /** Reads the arguments; gives what is wrong with them, or null. */
  private String read(String[] args) {
    for (int i = 0; i < args.length; i++) {
      String arg = args[i];
      boolean valued = arg.equals("--case") || arg.equals("--out");
      if (valued && i + 1 == args.length) {
        return arg + " needs a value";
      } else if (arg.equals("--case")) {
        cases.add(args[++i]);
      } else if (arg.equals("--out")) {
        out = Path.of(args[++i]);
      } else if (arg.equals("--quick")) {
        effort = Effort.QUICK;
      } else if (areas.containsKey(arg)) {
        chosen.add(areas.get(arg));
      } else {
        return "no area " + arg + "; there are " + String.join(", ", areas.keySet());
      }
    }
    return null;
  }

  private int compare(Results results) {
    for (Area area : chosen) {
      try {
        area.compare(effort, results);
      } catch (IOException | RuntimeException e) {
        System.err.println("compare: " + area.name() + " could not be run: " + e);
        return 2;
      }
    }
    if (results.isEmpty()) {
      System.err.println("compare: no case begins with " + String.join(" or ", cases));
      return 2;
    }
    results.printTable();
    return results.anyBroken() ? 1 : 0;
  }

  private PrintStream lines() throws IOException {
    if (out == null) {
      return new PrintStream(System.out, true, StandardCharsets.UTF_8);
    }
    OutputStream file =
        Files.newOutputStream(out, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    PrintStream lines = new PrintStream(new Tee(System.out, file), true, StandardCharsets.UTF_8);
    lines.println(Header.toJson(chosen.stream().map(Area::name).toList(), effort));
    return lines;
  }

  /** Writes to two streams. */
  private static final class Tee extends OutputStream {
    private final OutputStream first;
    private final OutputStream second;

    Tee(OutputStream first, OutputStream second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public void write(int b) throws IOException {
      first.write(b);
      second.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      first.write(bytes, offset, length);
      second.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      first.flush();
      second.flush();
    }

    @Override
    public void close() throws IOException {
      first.flush();
      second.close();
    }
  }
}
