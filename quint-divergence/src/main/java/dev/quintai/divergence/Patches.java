package dev.quintai.divergence;

import java.util.ArrayList;
import java.util.List;

/**
 * The files that a patch names: the {@code *** Add File:} form of {@code apply_patch} and unified
 * diffs ({@code ---}, {@code +++}, and the headers of git).
 */
final class Patches {
  private static final int MAX_FILES = 1024;

  private Patches() {}

  /** One effect for each file header, in order; relative paths start at the working directory. */
  static List<FileEffect> files(String patch, String cwd, String home) {
    List<FileEffect> out = new ArrayList<>();
    String former = null;
    for (String line : patch.split("\n", -1)) {
      if (out.size() >= MAX_FILES) {
        break;
      }
      String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (text.startsWith("*** Add File: ")) {
        add(out, text, "*** Add File: ", cwd, home, FileEffect.Access.WRITE);
      } else if (text.startsWith("*** Update File: ")) {
        add(out, text, "*** Update File: ", cwd, home, FileEffect.Access.READ);
        add(out, text, "*** Update File: ", cwd, home, FileEffect.Access.WRITE);
      } else if (text.startsWith("*** Delete File: ")) {
        add(out, text, "*** Delete File: ", cwd, home, FileEffect.Access.DELETE);
        add(out, text, "*** Delete File: ", cwd, home, FileEffect.Access.READ);
      } else if (text.startsWith("*** Move to: ")) {
        add(out, text, "*** Move to: ", cwd, home, FileEffect.Access.WRITE);
        if (!out.isEmpty()) {
          FileEffect moved = out.get(Math.max(0, out.size() - 2));
          out.add(new FileEffect(FileEffect.Access.DELETE, moved.path(), false, moved.escapes()));
        }
      } else if (text.startsWith("--- ")) {
        former = header(text.substring(4));
      } else if (text.startsWith("+++ ") && former != null) {
        diff(out, former, header(text.substring(4)), cwd, home);
        former = null;
      }
    }
    return out;
  }

  private static void diff(
      List<FileEffect> out, String former, String now, String cwd, String home) {
    if (!former.equals("/dev/null")) {
      addPath(out, former, cwd, home, FileEffect.Access.READ);
    }
    if (now.equals("/dev/null")) {
      addPath(out, former, cwd, home, FileEffect.Access.DELETE);
    } else {
      addPath(out, now, cwd, home, FileEffect.Access.WRITE);
    }
  }

  /** The name in a diff's header: without its time stamp and git's {@code a/} or {@code b/}. */
  private static String header(String text) {
    int tab = text.indexOf('\t');
    String name = (tab < 0 ? text : text.substring(0, tab)).trim();
    return name.startsWith("a/") || name.startsWith("b/") ? name.substring(2) : name;
  }

  private static void add(
      List<FileEffect> out,
      String line,
      String prefix,
      String cwd,
      String home,
      FileEffect.Access access) {
    addPath(out, line.substring(prefix.length()).trim(), cwd, home, access);
  }

  private static void addPath(
      List<FileEffect> out, String path, String cwd, String home, FileEffect.Access access) {
    String canonical = PathIdentity.canonical(path, cwd, home);
    if (canonical != null) {
      out.add(new FileEffect(access, canonical, false, PathIdentity.leaves(path)));
    }
  }
}
