package dev.quintai.core.capability;

import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.sensitive.SensitiveTargets;
import dev.quintai.core.shell.ResolvedWord;
import java.util.ArrayList;
import java.util.List;

/** Paths and hosts of a call's arguments, against the table of sensitive targets. */
final class Places {

  /** Stands for a home that is not known; any home of the usual shape does for classification. */
  private static final String SOME_HOME = "/home/user";

  private final SensitiveTargets table;
  private final String cwd;
  private final String home;

  Places(SensitiveTargets table, String cwd, String home) {
    this.table = table;
    this.cwd = cwd;
    this.home = home != null ? home : homeOf(cwd);
  }

  /** The home directory that the working directory lies in, else a stand-in. */
  private static String homeOf(String cwd) {
    if (cwd == null) {
      return SOME_HOME;
    }
    if (cwd.equals("/root") || cwd.startsWith("/root/")) {
      return "/root";
    }
    for (String parent : new String[] {"/home/", "/Users/"}) {
      if (cwd.startsWith(parent) && cwd.length() > parent.length()) {
        int slash = cwd.indexOf('/', parent.length());
        return slash < 0 ? cwd : cwd.substring(0, slash);
      }
    }
    return SOME_HOME;
  }

  String cwd() {
    return cwd;
  }

  String home() {
    return home;
  }

  /** What the path is, or null when it is nothing special; relative to the working directory. */
  SensitiveTarget file(String path) {
    return file(path, cwd);
  }

  SensitiveTarget file(String path, String from) {
    if (path == null || path.isEmpty() || path.length() > 4_096) {
      return null;
    }
    String absolute = absolute(path, from);
    return table
        .path(absolute, home, cwd)
        .or(() -> table.folder(absolute, home))
        .orElseGet(() -> AgentSettings.of(absolute));
  }

  SensitiveTarget host(String host) {
    return table.host(host).orElse(null);
  }

  SensitiveTarget program(String name) {
    return table.program(name).orElse(null);
  }

  /** The path without {@code ~}, {@code .} and {@code ..}; links are not followed. */
  private String absolute(String path, String from) {
    String text = path.startsWith("file://") ? path.substring(7) : path;
    if (text.equals("~") || text.startsWith("~/")) {
      text = home + text.substring(1);
    } else if (text.charAt(0) == ResolvedWord.UNKNOWN && text.startsWith("/", 1)) {
      text = home + text.substring(1); // $HOME or the like
    } else if (!text.startsWith("/")) {
      text = (from == null ? "" : from) + "/" + text;
    }
    if (!text.contains("/.") && !text.contains("//")) {
      return text;
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/")) {
      if (name.equals("..")) {
        if (!names.isEmpty()) {
          names.remove(names.size() - 1);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return "/" + String.join("/", names);
  }
}
