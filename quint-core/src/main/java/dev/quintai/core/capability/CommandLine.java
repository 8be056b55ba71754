package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ResolvedWord;
import dev.quintai.core.shell.ShellContext;
import dev.quintai.core.shell.ShellWalker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The steps of a shell command line: each simple command is one, in the order in which the shell
 * comes to them; filters between pipes, {@code echo}, {@code cd} and their kind are none;
 * redirections read and write.
 */
final class CommandLine {
  private static final Set<String> DEVICES =
      Set.of(
          "/dev/null",
          "/dev/stdout",
          "/dev/stderr",
          "/dev/stdin",
          "/dev/tty",
          "/dev/zero",
          "/dev/full",
          "/dev/fd/1",
          "/dev/fd/2");

  private static final Set<String> ASKING =
      Set.of(
          "status",
          "list",
          "show",
          "search",
          "info",
          "is-active",
          "is-enabled",
          "list-units",
          "ls",
          "list-unit-files",
          "plan",
          "view",
          "-l",
          "--list",
          "-L",
          "policy",
          "print",
          "--version");

  private final Places places;
  private final Steps steps;

  CommandLine(Places places, Steps steps) {
    this.places = places;
    this.steps = steps;
  }

  void add(String line) {
    ShellContext context = ShellContext.of(places.cwd(), places.home());
    boolean before = steps.isEmpty();
    for (CommandUse use : ShellWalker.walk(line, context).commands()) {
      add(use);
    }
    if (before && steps.isEmpty()) {
      steps.add(Capability.EXECUTE); // a shell was run, whatever for
    }
  }

  private void add(CommandUse use) {
    redirections(use, false);
    String program = use.program();
    if (program != null) {
      program(use, program);
    } else if (!use.words().isEmpty() || use.opaque()) {
      steps.add(Capability.EXECUTE, operands(use, 1));
    }
    redirections(use, true);
  }

  private void redirections(CommandUse use, boolean writes) {
    for (CommandUse.FileUse file : use.files()) {
      String path = file.path().text();
      boolean matches = writes ? file.write() : file.read() && !file.write();
      if (!matches || DEVICES.contains(path)) {
        continue;
      }
      String host = socketHost(path);
      if (host != null) {
        steps.add(
            writes ? Capability.SEND : Capability.RECEIVE, new Target(host, places.host(host)));
      } else {
        steps.add(
            writes ? Capability.WRITE : Capability.READ,
            Target.NONE.and(places.file(path, use.cwd())));
      }
    }
  }

  /** The host of bash's {@code /dev/tcp/HOST/PORT}, or null. */
  private static String socketHost(String path) {
    if (!path.startsWith("/dev/tcp/") && !path.startsWith("/dev/udp/")) {
      return null;
    }
    int end = path.indexOf('/', 9);
    return end < 0 ? path.substring(9) : path.substring(9, end);
  }

  private void program(CommandUse use, String program) {
    SensitiveTarget sensitive = places.program(program);
    if (sensitive != null && sensitive.kind() == SensitiveTarget.Kind.PRIVILEGE) {
      steps.add(Step.of(Capability.ESCALATE, null, true));
      return;
    }
    Programs.Rule rule = Programs.of(program);
    if (use.wrapper()) {
      if (rule != null && rule.kind() == Programs.Kind.FILES && program.equals("find")) {
        files(use, rule.capability(), 1);
      }
      return; // what it runs follows
    }
    if (rule == null) {
      steps.add(Capability.EXECUTE, operands(use, 1));
      return;
    }
    switch (rule.kind()) {
      case NOTHING -> {}
      case FILES -> plain(use, program, rule.capability());
      case FILTER -> filter(use, rule.capability(), 1);
      case SCRIPTED_FILTER -> scripted(use, program, rule.capability());
      case SUBCOMMANDS -> subcommand(use, program);
      case SQL -> sql(use);
      default -> new NetworkCommand(places, steps).add(use, program, rule);
    }
  }

  private void plain(CommandUse use, String program, Capability capability) {
    Capability done = capability;
    List<ResolvedWord> words = use.words();
    switch (program) {
      case "find" -> done = has(words, "-delete") ? Capability.DELETE : capability;
      case "crontab" -> done = has(words, "-l") ? Capability.READ : capability;
      case "chmod" -> done = setsUserId(words) ? Capability.ESCALATE : capability;
      case "usermod", "gpasswd" -> done = joinsAdmins(words) ? Capability.ESCALATE : capability;
      case "source", "." -> done = Capability.EXECUTE;
      case "env", "printenv" -> done = Capability.READ;
      default ->
          done = capability == Capability.CONFIGURE && onlyAsks(words) ? Capability.READ : done;
    }
    files(use, done, 1);
  }

  /**
   * {@code systemctl status x}, {@code apt list}, {@code mount}: configuration that is looked at.
   */
  private static boolean onlyAsks(List<ResolvedWord> words) {
    for (int i = 1; i < Math.min(words.size(), 4); i++) {
      if (ASKING.contains(words.get(i).text())) {
        return true;
      }
    }
    return words.size() == 1;
  }

  private void files(CommandUse use, Capability capability, int from) {
    steps.add(capability, operands(use, from));
  }

  /** Nothing where it has no files of its own and only passes on what it gets. */
  private void filter(CommandUse use, Capability capability, int from) {
    boolean files = use.more();
    for (int i = from; i < use.words().size() && !files; i++) {
      String word = use.words().get(i).text();
      files = isOperand(word) && (!use.piped() || looksLikeFile(word));
    }
    if (files) {
      files(use, capability, from);
    }
  }

  private void scripted(CommandUse use, String program, Capability capability) {
    List<ResolvedWord> words = use.words();
    boolean inPlace = program.equals("sed") && (hasShort(words, 'i') || has(words, "--in-place"));
    if (inPlace) {
      files(use, Capability.WRITE, 1);
      return;
    }
    boolean scriptInOption = hasShort(words, 'e') || hasShort(words, 'f');
    int from = 1;
    if (!scriptInOption) {
      while (from < words.size() && !isOperand(words.get(from).text())) {
        from++;
      }
      from++; // the pattern or script itself
    }
    boolean recursive =
        capability == Capability.SEARCH
            && !use.piped()
            && (hasShort(words, 'r') || hasShort(words, 'R') || !program.endsWith("grep"));
    if (recursive) {
      files(use, capability, Math.min(from, words.size()));
    } else {
      filter(use, capability, Math.min(from, words.size()));
    }
  }

  private void subcommand(CommandUse use, String program) {
    List<String> named = new ArrayList<>(2);
    for (int i = 1; i < use.words().size() && named.size() < 2; i++) {
      String word = use.words().get(i).text();
      if (word.equals("-C") || word.equals("-c") || word.equals("--git-dir")) {
        i++;
      } else if (isOperand(word)) {
        named.add(word);
      }
    }
    String first = named.isEmpty() ? "" : named.get(0);
    String second = named.size() < 2 ? null : named.get(1);
    Capability capability = Programs.subcommand(program, first, second);
    if (program.equals("kubectl") && second != null && second.startsWith("secret")) {
      capability = Capability.AUTH;
    } else if (program.equals("aws") && first.equals("s3")) {
      new NetworkCommand(places, steps).remoteCopy(use, 3);
      return;
    }
    Target target = operands(use, 1);
    for (int i = 1; i < use.words().size(); i++) {
      target = target.at(HostParser.ofUrl(use.words().get(i).text()));
    }
    steps.add(capability, target);
  }

  private void sql(CommandUse use) {
    List<Capability> found = new ArrayList<>();
    for (ResolvedWord word : use.arguments()) {
      if (SqlStatements.looksLikeSql(word.text())) {
        found.addAll(SqlStatements.capabilities(word.text()));
      }
    }
    if (found.isEmpty() && use.stdin() != null) {
      found.addAll(SqlStatements.capabilities(use.stdin()));
    }
    if (found.isEmpty()) {
      found.add(Capability.EXECUTE);
    }
    found.forEach(capability -> steps.add(capability, Target.NONE));
  }

  /** The gravest target among the words from an index on. */
  private Target operands(CommandUse use, int from) {
    Target target = Target.NONE;
    for (int i = from; i < use.words().size(); i++) {
      String word = use.words().get(i).text();
      if (isOperand(word)) {
        target = target.and(places.file(word, use.cwd()));
        int equals = word.indexOf('=');
        if (equals > 0) {
          target = target.and(places.file(word.substring(equals + 1), use.cwd())); // dd if=FILE
        }
      } else {
        target = target.and(places.file(valueOf(word), use.cwd()));
      }
    }
    return target;
  }

  /** The value of {@code --option=value}, or null. */
  static String valueOf(String option) {
    int equals = option.indexOf('=');
    return equals < 0 ? null : option.substring(equals + 1);
  }

  static boolean isOperand(String word) {
    return !word.startsWith("-") || word.length() == 1;
  }

  private static boolean looksLikeFile(String word) {
    return word.indexOf('/') >= 0 || (word.indexOf('.') > 0 && !word.contains(" "));
  }

  static boolean has(List<ResolvedWord> words, String option) {
    for (ResolvedWord word : words) {
      if (word.text().equals(option)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a cluster of short options holds the letter. */
  static boolean hasShort(List<ResolvedWord> words, char letter) {
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i).text();
      if (word.length() > 1
          && word.charAt(0) == '-'
          && word.charAt(1) != '-'
          && word.indexOf(letter) > 0) {
        return true;
      }
    }
    return false;
  }

  /** {@code chmod u+s}, {@code +s}, {@code 4755}. */
  private static boolean setsUserId(List<ResolvedWord> words) {
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i).text();
      boolean octal = word.length() == 4 && word.chars().allMatch(c -> c >= '0' && c <= '7');
      int plus = word.indexOf('+');
      boolean symbolic = plus >= 0 && plus <= 3 && word.indexOf('s', plus) > 0 && word.length() < 9;
      if ((octal && (word.charAt(0) == '4' || word.charAt(0) == '6')) || symbolic) {
        return true;
      }
    }
    return false;
  }

  private static boolean joinsAdmins(List<ResolvedWord> words) {
    return has(words, "sudo") || has(words, "wheel") || has(words, "admin") || has(words, "docker");
  }
}
