package dev.quintai.divergence;

import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ResolvedWord;
import dev.quintai.divergence.FileEffect.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the arguments of common programs declare: which operands are read, written or deleted, which
 * options take a file or another value, where a host stands, and whether the program touches
 * nothing else. Options are those of the GNU and BSD manuals.
 *
 * <p>A program that is not in the table declares a read of each word that could be a path: named
 * files are declared whoever reads them.
 */
final class Utilities {

  /** What becomes of operands. */
  private enum Operands {
    READ,
    WRITE,
    DELETE,
    /** All but the last are read; the last is written, or holds what is written. */
    COPY,
    /** As copying, and the sources are deleted. */
    MOVE,
    /** The first is no file (a pattern, a script, a filter), the others are read. */
    READ_AFTER_FIRST,
    /** Folders, of which anything may be read. */
    READ_TREE,
    /** Hosts or URLs. */
    HOSTS,
    /** The first is a host. */
    FIRST_HOST,
    NONE
  }

  /**
   * A program.
   *
   * @param operands what becomes of them
   * @param valued options whose value is the next word and no file
   * @param reads options whose value is a file to read
   * @param writes options whose value is a file to write
   * @param wide options that make it unbounded
   * @param bounded whether it touches nothing but what it names
   */
  private record Program(
      Operands operands,
      Set<String> valued,
      Set<String> reads,
      Set<String> writes,
      Set<String> wide,
      boolean bounded) {

    Program valued(String... options) {
      return new Program(operands, Set.of(options), reads, writes, wide, bounded);
    }

    Program reads(String... options) {
      return new Program(operands, valued, Set.of(options), writes, wide, bounded);
    }

    Program writes(String... options) {
      return new Program(operands, valued, reads, Set.of(options), wide, bounded);
    }

    Program wide(String... options) {
      return new Program(operands, valued, reads, writes, Set.of(options), bounded);
    }

    Program unbounded() {
      return new Program(operands, valued, reads, writes, wide, false);
    }
  }

  private static final Map<String, Program> TABLE = new HashMap<>();

  private static Program program(Operands operands) {
    return new Program(operands, Set.of(), Set.of(), Set.of(), Set.of(), true);
  }

  private static void add(Program program, String... names) {
    for (String name : names) {
      TABLE.put(name, program);
    }
  }

  static {
    Program read = program(Operands.READ);
    add(
        read,
        "cat",
        "tac",
        "nl",
        "rev",
        "wc",
        "more",
        "less",
        "zcat",
        "bzcat",
        "xzcat",
        "strings",
        "file",
        "cksum",
        "md5",
        "md5sum",
        "sha1sum",
        "sha256sum",
        "sha512sum",
        "b2sum",
        "shasum",
        "base64",
        "base32",
        "od",
        "hexdump",
        "xxd",
        "expand",
        "unexpand",
        "column",
        "tsort",
        "stat",
        "readlink",
        "realpath",
        "cmp",
        "comm",
        "paste",
        "bat",
        "batcat",
        "source",
        ".");
    add(read.valued("n", "c", "s", "lines", "bytes", "pid"), "head", "tail");
    add(read.valued("k", "t", "S", "T", "key", "field-separator").writes("o", "output"), "sort");
    add(read.valued("f", "s", "w", "skip-fields", "skip-chars"), "uniq");
    add(read.valued("d", "f", "c", "b", "delimiter", "fields", "characters"), "cut");
    add(read.valued("w", "width"), "fold", "fmt", "pr");
    add(read.valued("t", "1", "2", "j", "o", "a", "v", "e"), "join");
    add(read.valued("U", "C", "x", "exclude", "label").wide("r", "recursive"), "diff", "sdiff");
    Program pattern = program(Operands.READ_AFTER_FIRST);
    add(
        pattern
            .valued(
                "e",
                "A",
                "B",
                "C",
                "m",
                "d",
                "D",
                "regexp",
                "max-count",
                "include",
                "exclude",
                "exclude-dir",
                "color",
                "context")
            .reads("f", "file")
            .wide("r", "R", "recursive", "dereference-recursive"),
        "grep",
        "egrep",
        "fgrep",
        "zgrep");
    add(pattern.valued("e", "expression", "l").reads("f", "file"), "sed", "gsed");
    add(pattern.valued("v", "F", "assign").reads("f", "file"), "awk", "gawk", "mawk", "nawk");
    add(pattern.valued("arg", "indent", "tab").reads("from-file", "slurpfile"), "jq", "yq");
    add(pattern.unbounded(), "rg", "ag", "ack", "ripgrep");
    add(program(Operands.READ_TREE).unbounded(), "ls", "tree", "du", "find", "fd", "fdfind", "eza");
    add(
        program(Operands.COPY)
            .valued("S", "suffix")
            .writes("t", "target-directory")
            .wide("r", "R", "a", "recursive", "archive"),
        "cp",
        "gcp");
    add(program(Operands.MOVE).valued("S", "suffix").writes("t", "target-directory"), "mv", "gmv");
    add(program(Operands.COPY).valued("m", "o", "g", "mode").writes("t"), "install");
    add(program(Operands.COPY).valued("S").writes("t"), "ln");
    add(program(Operands.DELETE).wide("r", "R", "recursive"), "rm", "unlink", "rmdir", "shred");
    add(program(Operands.WRITE).valued("m", "mode", "d", "t", "date", "s", "size"), "mkdir");
    add(program(Operands.WRITE).valued("d", "t", "date", "s", "size").reads("r"), "touch");
    add(program(Operands.WRITE).valued("s", "size").reads("r", "reference"), "truncate");
    add(program(Operands.WRITE), "tee", "mktemp", "mkfifo");
    add(program(Operands.READ).unbounded(), "tar", "zip", "unzip", "gzip", "gunzip", "xz", "7z");
    add(
        program(Operands.HOSTS)
            .valued(
                "X",
                "H",
                "d",
                "F",
                "A",
                "e",
                "u",
                "b",
                "m",
                "x",
                "w",
                "r",
                "C",
                "y",
                "Y",
                "z",
                "Q",
                "P",
                "request",
                "header",
                "data",
                "data-raw",
                "data-binary",
                "data-urlencode",
                "form",
                "user-agent",
                "referer",
                "user",
                "cookie",
                "max-time",
                "connect-timeout",
                "proxy",
                "write-out",
                "range",
                "retry",
                "retry-delay",
                "resolve",
                "json",
                "limit-rate")
            .reads(
                "T",
                "K",
                "E",
                "c-jar",
                "upload-file",
                "config",
                "cert",
                "key",
                "cacert",
                "netrc-file")
            .writes("o", "D", "c", "output", "dump-header", "cookie-jar", "trace", "stderr")
            .wide("L", "location"),
        "curl");
    add(
        program(Operands.HOSTS)
            .valued(
                "t",
                "T",
                "w",
                "Q",
                "U",
                "e",
                "l",
                "A",
                "R",
                "D",
                "tries",
                "timeout",
                "wait",
                "user-agent",
                "header",
                "post-data",
                "user",
                "password",
                "method",
                "body-data")
            .reads("i", "input-file", "post-file", "body-file", "load-cookies")
            .writes("O", "o", "a", "P", "output-document", "output-file", "directory-prefix")
            .wide("r", "m", "p", "recursive", "mirror", "page-requisites"),
        "wget");
    add(program(Operands.HOSTS).unbounded(), "http", "https", "xh", "aria2c", "lynx", "links");
    Program remote =
        program(Operands.FIRST_HOST)
            .valued("p", "l", "o", "L", "R", "D", "W", "J", "b", "c", "m", "e", "Q", "S", "B", "O")
            .reads("i", "F");
    add(remote.unbounded(), "ssh", "sftp", "mosh", "autossh");
    add(
        program(Operands.FIRST_HOST).valued("p", "s", "w", "i", "x", "X", "q", "c", "e", "g", "G"),
        "nc",
        "ncat",
        "netcat",
        "telnet",
        "socat",
        "ping",
        "ping6",
        "traceroute",
        "dig",
        "host",
        "nslookup",
        "whois",
        "ftp");
    add(program(Operands.NONE), "echo", "printf", "true", "false", "pwd", "date", "sleep", "test");
    add(program(Operands.NONE).unbounded(), "make", "ninja", "cd", "export", "set", "kill", "wait");
  }

  private Utilities() {}

  /** What the command declares; {@code home} for a tilde inside a word. */
  static UtilityEffects effects(CommandUse use, String home) {
    EffectCollector out = new EffectCollector(use.cwd(), home);
    for (CommandUse.FileUse file : use.files()) {
      if (file.read()) {
        out.file(file.path(), Access.READ);
      }
      if (file.write()) {
        out.file(file.path(), Access.WRITE);
      }
    }
    String name = use.program();
    if (name == null || use.opaque()) {
      return out.unbounded();
    }
    Program program = TABLE.get(name);
    if (program != null) {
      return arguments(use, name, program, out);
    }
    switch (name) {
      case "scp", "rsync" -> remoteCopy(use, out);
      case "git" -> git(use, out);
      case "dd" -> dd(use, out);
      default -> anything(use, out);
    }
    String[] registry = Registries.of(name);
    for (String host : registry) {
      out.addHost(host);
    }
    return out.unbounded();
  }

  private static UtilityEffects arguments(
      CommandUse use, String name, Program program, EffectCollector out) {
    List<ResolvedWord> operands = new ArrayList<>();
    List<ResolvedWord> words = use.arguments();
    boolean bounded = program.bounded() && !use.more();
    boolean options = true;
    boolean patternGiven = false;
    boolean inPlace = false;
    for (int i = 0; i < words.size(); i++) {
      ResolvedWord word = words.get(i);
      String text = word.text();
      if (!options || text.length() < 2 || text.charAt(0) != '-') {
        operands.add(word);
        continue;
      }
      if (text.equals("--")) {
        options = false;
        continue;
      }
      String option;
      ResolvedWord value = null;
      if (text.startsWith("--")) {
        int equals = text.indexOf('=');
        option = equals < 0 ? text.substring(2) : text.substring(2, equals);
        if (equals >= 0) {
          value = new ResolvedWord(text.substring(equals + 1), word.many(), word.glob());
        }
        bounded &= !program.wide().contains(option);
        inPlace |= option.equals("in-place");
      } else {
        option = cluster(program, text);
        for (int c = 1; c < text.length(); c++) {
          bounded &= !program.wide().contains(String.valueOf(text.charAt(c)));
          if (option != null && option.charAt(0) == text.charAt(c)) {
            break;
          }
        }
        inPlace |= text.startsWith("-i") && (name.equals("sed") || name.equals("gsed"));
        if (option == null) {
          continue;
        }
        int at = text.indexOf(option.charAt(0), 1);
        if (at + 1 < text.length()) {
          value = new ResolvedWord(text.substring(at + 1), word.many(), word.glob());
        }
      }
      boolean takes =
          program.valued().contains(option)
              || program.reads().contains(option)
              || program.writes().contains(option);
      if (value == null && takes && i + 1 < words.size()) {
        value = words.get(++i);
      }
      patternGiven |= List.of("e", "f", "regexp", "expression", "file").contains(option);
      if (value != null) {
        value(name, program, option, value, out);
      }
    }
    operands(name, program, operands, patternGiven, inPlace, out);
    for (ResolvedWord word : operands) {
      bounded &= word.exact() && !word.glob();
    }
    return bounded ? out.bounded() : out.unbounded();
  }

  /** The first letter of a cluster that takes a value, or null. */
  private static String cluster(Program program, String text) {
    for (int i = 1; i < text.length(); i++) {
      String letter = String.valueOf(text.charAt(i));
      if (program.valued().contains(letter)
          || program.reads().contains(letter)
          || program.writes().contains(letter)) {
        return letter;
      }
    }
    return null;
  }

  private static void value(
      String name, Program program, String option, ResolvedWord value, EffectCollector out) {
    if (program.reads().contains(option)) {
      out.file(value, Access.READ);
    } else if (program.writes().contains(option)) {
      out.file(value, Access.WRITE);
      if (option.equals("t") || option.equals("P") || option.startsWith("target")) {
        out.tree(value, Access.WRITE);
      }
    } else if (name.equals("curl")) {
      // -d @file, -F name=@file;type=...
      String text = value.text();
      int at = text.startsWith("@") ? 0 : text.indexOf("=@");
      if (at >= 0 && !option.equals("H") && !option.equals("header")) {
        String file = text.substring(text.startsWith("@") ? 1 : at + 2);
        int end = file.indexOf(';');
        out.file(ResolvedWord.of(end < 0 ? file : file.substring(0, end)), Access.READ);
      }
    }
  }

  private static void operands(
      String name,
      Program program,
      List<ResolvedWord> operands,
      boolean patternGiven,
      boolean inPlace,
      EffectCollector out) {
    int count = operands.size();
    switch (program.operands()) {
      case READ -> operands.forEach(word -> out.file(word, Access.READ));
      case WRITE -> operands.forEach(word -> out.file(word, Access.WRITE));
      case DELETE ->
          operands.forEach(
              word -> {
                out.file(word, Access.DELETE);
                out.tree(word, Access.DELETE);
              });
      case READ_TREE -> operands.forEach(word -> out.tree(word, Access.READ));
      case READ_AFTER_FIRST -> {
        for (int i = patternGiven ? 0 : 1; i < count; i++) {
          out.file(operands.get(i), Access.READ);
          if (inPlace) {
            out.file(operands.get(i), Access.WRITE);
          }
        }
      }
      case COPY, MOVE -> {
        for (int i = 0; i < count; i++) {
          boolean last = i == count - 1 && count > 1;
          if (!last) {
            out.file(operands.get(i), Access.READ);
            if (program.operands() == Operands.MOVE) {
              out.file(operands.get(i), Access.DELETE);
              out.tree(operands.get(i), Access.DELETE);
            }
          } else {
            out.file(operands.get(i), Access.WRITE);
            out.tree(operands.get(i), Access.WRITE);
          }
        }
      }
      case HOSTS -> {
        for (ResolvedWord word : operands) {
          out.host(word);
          if (name.equals("wget") || name.equals("curl")) {
            out.download(word);
          }
        }
      }
      case FIRST_HOST -> {
        boolean resolver = name.equals("dig") || name.equals("host") || name.equals("nslookup");
        for (ResolvedWord word : operands) {
          if (word.text().startsWith("@") && resolver) {
            out.host(ResolvedWord.of(word.text().substring(1)));
          } else {
            out.host(word);
            if (!resolver) {
              break;
            }
          }
        }
      }
      case NONE -> {}
    }
  }

  private static void remoteCopy(CommandUse use, EffectCollector out) {
    List<ResolvedWord> operands = new ArrayList<>();
    List<ResolvedWord> words = use.arguments();
    for (int i = 0; i < words.size(); i++) {
      String text = words.get(i).text();
      if (text.length() > 1 && text.charAt(0) == '-') {
        if (text.length() == 2 && "PiFoSJclDeX".indexOf(text.charAt(1)) >= 0) {
          if (text.equals("-i") || text.equals("-F")) {
            out.file(i + 1 < words.size() ? words.get(i + 1) : words.get(i), Access.READ);
          }
          i++;
        }
        continue;
      }
      operands.add(words.get(i));
    }
    for (int i = 0; i < operands.size(); i++) {
      ResolvedWord word = operands.get(i);
      int colon = word.text().indexOf(':');
      int slash = word.text().indexOf('/');
      if (colon > 0 && (slash < 0 || colon < slash)) {
        out.host(ResolvedWord.of(word.text().substring(0, colon)));
      } else if (word.text().contains("://")) {
        out.host(word);
      } else {
        Access access = i == operands.size() - 1 ? Access.WRITE : Access.READ;
        out.file(word, access);
        out.tree(word, access);
      }
    }
  }

  private static void git(CommandUse use, EffectCollector out) {
    boolean subcommand = true;
    for (ResolvedWord word : use.arguments()) {
      String text = word.text();
      if (subcommand && !text.startsWith("-")) {
        subcommand = false;
        continue;
      }
      if (text.contains("://") || text.matches("[\\w.-]+@[\\w.-]+:.*")) {
        out.host(
            text.contains("://") ? word : ResolvedWord.of(text.substring(0, text.indexOf(':'))));
      } else {
        out.word(word);
      }
    }
  }

  private static void dd(CommandUse use, EffectCollector out) {
    for (ResolvedWord word : use.arguments()) {
      if (word.text().startsWith("if=")) {
        out.file(ResolvedWord.of(word.text().substring(3)), Access.READ);
      } else if (word.text().startsWith("of=")) {
        out.file(ResolvedWord.of(word.text().substring(3)), Access.WRITE);
      }
    }
  }

  private static void anything(CommandUse use, EffectCollector out) {
    for (ResolvedWord word : use.arguments()) {
      out.word(word);
    }
  }
}
