package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ResolvedWord;
import java.util.List;
import java.util.Set;

/** Commands that reach other hosts: which way the data goes, where to, and what files it takes. */
final class NetworkCommand {

  /** Options of curl, wget, httpie that carry data out (curl(1), wget(1)). */
  private static final Set<String> SENDING =
      Set.of(
          "-d",
          "--data",
          "--data-raw",
          "--data-binary",
          "--data-ascii",
          "--data-urlencode",
          "--json",
          "-F",
          "--form",
          "--form-string",
          "-T",
          "--upload-file",
          "--post-data",
          "--post-file",
          "--body-data",
          "--body-file",
          "--mail-from");

  /** Methods that ask for a change at the other side. */
  private static final Set<String> SENDING_METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");

  /** Options of curl and wget that take the next word, which is then no URL. */
  private static final Set<String> VALUED =
      Set.of(
          "-o",
          "--output",
          "-H",
          "--header",
          "-A",
          "--user-agent",
          "-u",
          "--user",
          "-b",
          "--cookie",
          "-c",
          "--cookie-jar",
          "-e",
          "--referer",
          "-m",
          "--max-time",
          "-w",
          "--write-out",
          "-x",
          "--proxy",
          "-E",
          "--cert",
          "--key",
          "--cacert",
          "-K",
          "--config",
          "-r",
          "--range",
          "--connect-timeout",
          "--retry",
          "--retry-delay",
          "--resolve",
          "--output-document",
          "--output-dir",
          "-P",
          "--directory-prefix",
          "--limit-rate",
          "--timeout",
          "--tries",
          "-t",
          "-X",
          "--request",
          "--method",
          "--interface",
          "-Q");

  private final Places places;
  private final Steps steps;

  NetworkCommand(Places places, Steps steps) {
    this.places = places;
    this.steps = steps;
  }

  void add(CommandUse use, String program, Programs.Rule rule) {
    switch (rule.kind()) {
      case HTTP -> http(use, program);
      case REMOTE_COPY -> remoteCopy(use, 1);
      default -> connection(use, program, rule.capability());
    }
  }

  private void http(CommandUse use, String program) {
    boolean sends = false;
    String host = null;
    String loose = null; // what may be a host without a scheme
    SensitiveTarget sensitive = null;
    List<ResolvedWord> words = use.words();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i).text();
      String next = i + 1 < words.size() ? words.get(i + 1).text() : "";
      String name = word.startsWith("--") && word.contains("=") ? optionName(word) : word;
      String value = name.length() < word.length() ? CommandLine.valueOf(word) : next;
      if (SENDING.contains(name) || isAttached(word)) {
        sends = true;
        sensitive = graver(sensitive, file(isAttached(word) ? word.substring(2) : value, use));
        i += name.equals(word) && !isAttached(word) ? 1 : 0;
      } else if (name.equals("-X") || name.equals("--request") || name.equals("--method")) {
        sends |= SENDING_METHODS.contains(value);
        i += name.equals(word) ? 1 : 0;
      } else if (word.startsWith("-X") && SENDING_METHODS.contains(word.substring(2))) {
        sends = true;
      } else if (VALUED.contains(name) || (name.equals("-O") && program.startsWith("wget"))) {
        sensitive = graver(sensitive, file(value, use));
        i += name.equals(word) ? 1 : 0;
      } else if (CommandLine.isOperand(word)) {
        sends |= SENDING_METHODS.contains(word) || carriesData(word);
        if (word.contains("@") && !word.contains("://") && !word.contains("/")) {
          sensitive = graver(sensitive, file(word.substring(word.indexOf('@')), use)); // httpie
        }
        host = host == null ? HostParser.ofUrl(word) : host;
        loose = loose == null ? HostParser.ofLooseUrl(word) : loose;
        sensitive = graver(sensitive, word.startsWith("file://") ? file(word, use) : null);
      }
    }
    host = host == null ? loose : host;
    SensitiveTarget metadata = host == null ? null : places.host(host);
    Target target = new Target(host, graver(metadata, sensitive));
    steps.add(sends ? Capability.SEND : Capability.RECEIVE, target);
  }

  /** {@code -d@file}, {@code -Ffield=@file}, {@code -T.}: the value is part of the word. */
  private static boolean isAttached(String word) {
    return word.length() > 2
        && word.charAt(0) == '-'
        && (word.charAt(1) == 'd' || word.charAt(1) == 'F' || word.charAt(1) == 'T')
        && word.charAt(1) != '-';
  }

  private static String optionName(String word) {
    return word.substring(0, word.indexOf('='));
  }

  /** A URL whose query or user part is computed carries data out. */
  private static boolean carriesData(String url) {
    int query = url.indexOf('?');
    int unknown = url.lastIndexOf(ResolvedWord.UNKNOWN);
    return query > 0 && unknown > query;
  }

  /** What a file behind {@code @} or by itself is; data that is no file is nothing special. */
  private SensitiveTarget file(String value, CommandUse use) {
    int at = value.indexOf('@');
    return places.file(at >= 0 ? value.substring(at + 1) : value, use.cwd());
  }

  private static SensitiveTarget graver(SensitiveTarget first, SensitiveTarget second) {
    return first != null && (first.secret() || second == null || !second.secret()) ? first : second;
  }

  /** {@code scp}, {@code rsync}, {@code aws s3 cp}: out when the last operand is remote. */
  void remoteCopy(CommandUse use, int from) {
    String host = null;
    String last = null;
    boolean anyRemote = false;
    SensitiveTarget sensitive = null;
    for (int i = from; i < use.words().size(); i++) {
      String word = use.words().get(i).text();
      if (!CommandLine.isOperand(word)) {
        continue;
      }
      String remote = HostParser.ofRemotePath(word);
      anyRemote |= remote != null;
      host = host == null ? remote : host;
      if (remote == null) {
        sensitive = graver(sensitive, places.file(word, use.cwd()));
      }
      last = word;
    }
    boolean out = last != null && HostParser.ofRemotePath(last) != null;
    boolean listing = from == 3 && use.words().size() > 2 && use.words().get(2).text().equals("ls");
    Capability capability =
        listing
            ? Capability.SEARCH
            : out ? Capability.SEND : anyRemote ? Capability.RECEIVE : Capability.WRITE;
    boolean bucket = from == 3;
    steps.add(capability, new Target(bucket ? "s3.amazonaws.com" : host, sensitive));
  }

  private void connection(CommandUse use, String program, Capability capability) {
    boolean listens = CommandLine.hasShort(use.words(), 'l') && capability == Capability.SEND;
    String host = null;
    SensitiveTarget sensitive = null;
    boolean identity = false;
    for (int i = 1; i < use.words().size(); i++) {
      String word = use.words().get(i).text();
      if (word.equals("-i") && capability == Capability.EXECUTE) {
        identity = true; // the key that ssh itself reads
      } else if (identity) {
        identity = false;
      } else if (word.length() == 2
          && "poFJLRDbcmWQS".indexOf(word.charAt(1)) >= 0
          && word.charAt(0) == '-'
          && capability == Capability.EXECUTE) {
        i++;
      } else if (CommandLine.isOperand(word)) {
        sensitive = graver(sensitive, places.file(word, use.cwd()));
        if (host == null) {
          host = program.equals("socat") ? socatHost(word) : HostParser.ofLogin(word);
        }
      }
    }
    Capability done =
        listens
            ? Capability.RECEIVE
            : capability == Capability.EXECUTE && use.piped() ? Capability.SEND : capability;
    SensitiveTarget metadata = host == null ? null : places.host(host);
    steps.add(done, new Target(listens ? null : host, graver(metadata, sensitive)));
  }

  /** {@code TCP:host:port}. */
  private static String socatHost(String word) {
    String[] parts = word.split(":", 3);
    return parts.length >= 3 ? parts[1] : null;
  }
}
