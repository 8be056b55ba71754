package dev.quintai.divergence;

import dev.quintai.core.shell.ResolvedWord;
import dev.quintai.divergence.FileEffect.Access;
import java.util.ArrayList;
import java.util.List;

/** Gathers effects; words that are not known throughout declare nothing. */
final class EffectCollector {
  private final String cwd;
  private final String home;
  private final List<FileEffect> files = new ArrayList<>();
  private final List<String> hosts = new ArrayList<>();
  private int reads;

  EffectCollector(String cwd, String home) {
    this.cwd = cwd;
    this.home = home;
  }

  void file(ResolvedWord word, Access access) {
    add(word, access, false);
    if (access == Access.READ) {
      reads++;
    }
  }

  void tree(ResolvedWord word, Access access) {
    add(word, access, true);
  }

  private void add(ResolvedWord word, Access access, boolean tree) {
    String text = word.exactText();
    if (text == null || text.isEmpty() || text.equals("-") || files.size() >= 512) {
      return;
    }
    String canonical = PathIdentity.canonical(text, cwd, home);
    if (canonical != null) {
      files.add(new FileEffect(access, canonical, tree, PathIdentity.leaves(text)));
    }
  }

  void addHost(String host) {
    hosts.add(host);
  }

  void host(ResolvedWord word) {
    String text = word.exactText();
    String host = text == null ? null : HostIdentity.of(text);
    if (host != null && hosts.size() < 64) {
      hosts.add(host);
    }
  }

  /** The file that a download is saved to when no option says where. */
  void download(ResolvedWord word) {
    String text = word.exactText();
    if (text == null) {
      return;
    }
    int end = text.length();
    for (char c : new char[] {'?', '#'}) {
      int at = text.indexOf(c);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    int scheme = text.indexOf("://");
    int from = text.indexOf('/', scheme < 0 ? 0 : scheme + 3);
    if (from < 0 || from >= end) {
      return;
    }
    String path = text.substring(from, end);
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (!name.isEmpty()) {
      add(ResolvedWord.of(name), Access.WRITE, false);
    }
  }

  /** A word of which nothing is known but that it may name a file or a URL. */
  void word(ResolvedWord word) {
    String text = word.exactText();
    if (text == null || text.isEmpty()) {
      return;
    }
    if (text.startsWith("-")) {
      int equals = text.indexOf('=');
      if (equals > 0) {
        word(ResolvedWord.of(text.substring(equals + 1)));
      }
      return;
    }
    if (text.startsWith("http://") || text.startsWith("https://")) {
      host(word);
      return;
    }
    if (text.length() <= 4096 && text.indexOf('\n') < 0) {
      add(word, Access.READ, false);
    }
  }

  UtilityEffects bounded() {
    return new UtilityEffects(
        files, hosts, Math.max(1, reads), hosts.isEmpty() ? -1 : distinct(hosts));
  }

  private static int distinct(List<String> hosts) {
    return (int) hosts.stream().distinct().count();
  }

  UtilityEffects unbounded() {
    return new UtilityEffects(files, hosts, -1, -1);
  }
}
