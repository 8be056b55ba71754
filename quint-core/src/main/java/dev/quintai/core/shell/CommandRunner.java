package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists a simple command, does what its builtin does to the scope, and goes into what it runs. */
final class CommandRunner {
  private static final Set<String> FIND_RUNS = Set.of("-exec", "-execdir", "-ok", "-okdir");
  private static final Set<String> XARGS_VALUED =
      Set.of(
          "a",
          "d",
          "E",
          "I",
          "L",
          "n",
          "P",
          "s",
          "arg-file",
          "delimiter",
          "max-lines",
          "max-args",
          "max-procs",
          "max-chars",
          "process-slot-var",
          "replace");

  private final ShellWalker walker;
  private final Expander expander;

  CommandRunner(ShellWalker walker, Expander expander) {
    this.walker = walker;
    this.expander = expander;
  }

  /** Files that the redirections of a compound command open, as a use without words. */
  void redirected(List<Redirection> redirections, Scope scope) {
    if (!redirections.isEmpty()) {
      Input input = new Input();
      List<CommandUse.FileUse> files = files(redirections, scope, input);
      if (!files.isEmpty()) {
        emit(List.of(), Map.of(), files, scope, input.text, false, false);
      }
    }
  }

  /** The text of a here-document or here-string, or what a pipe is known to bring. */
  private static final class Input {
    String text;
  }

  private List<CommandUse.FileUse> files(List<Redirection> redirections, Scope scope, Input input) {
    List<CommandUse.FileUse> files = new ArrayList<>(redirections.size());
    for (Redirection redirection : redirections) {
      ResolvedWord target = expander.single(redirection.target(), scope);
      switch (redirection.op()) {
        case READ -> files.add(new CommandUse.FileUse(target, true, false));
        case WRITE, APPEND, WRITE_BOTH, APPEND_BOTH ->
            files.add(new CommandUse.FileUse(target, false, true));
        case READ_WRITE -> files.add(new CommandUse.FileUse(target, true, true));
        case HERE_DOCUMENT -> input.text = target.text();
        case HERE_STRING -> input.text = target.text() + "\n";
        case DUPLICATE_INPUT, DUPLICATE_OUTPUT -> {}
      }
    }
    return files;
  }

  private void emit(
      List<ResolvedWord> words,
      Map<String, String> environment,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin,
      boolean wrapper,
      boolean opaque) {
    ShellWalker.Place place = walker.place();
    walker.add(
        new CommandUse(
            words,
            environment,
            files,
            scope.cwd,
            stdin != null && stdin.indexOf(ResolvedWord.UNKNOWN) < 0 ? stdin : null,
            place.via(),
            place.pipeline(),
            place.stage(),
            place.last(),
            place.conditional(),
            place.background(),
            wrapper,
            place.more(),
            opaque));
  }

  /**
   * A simple command.
   *
   * @param piped what the command before it in the pipe is known to print, or null
   * @param timed whether its duration is asked for: by a word of the shell, or a program where one
   *     starts the words of the line without a shell
   */
  void simple(Command.Simple simple, Scope scope, String piped, boolean timed) {
    Map<String, String> assigned = assignments(simple, scope);
    Input input = new Input();
    input.text = piped;
    List<CommandUse.FileUse> files = files(simple.redirections(), scope, input);
    List<ResolvedWord> words = expander.expand(simple.words(), scope);
    if (walker.spent()) {
      return;
    }
    if (words.isEmpty()) {
      if (!files.isEmpty()) {
        emit(List.of(), Map.of(), files, scope, input.text, false, false);
      }
      return;
    }
    if (timed) {
      List<ResolvedWord> program = new ArrayList<>(words);
      program.add(0, ResolvedWord.of("time"));
      emit(program, Map.of(), List.of(), scope, null, true, false);
    }
    command(words, assigned, files, scope, input.text);
  }

  private Map<String, String> assignments(Command.Simple simple, Scope scope) {
    Map<String, String> assigned = new LinkedHashMap<>();
    boolean lasting = simple.words().isEmpty();
    for (Assignment assignment : simple.assignments()) {
      String value = null;
      if (assignment.elements() != null) {
        assignment.elements().forEach(word -> expander.visit(word, scope));
      } else {
        value = expander.single(assignment.value(), scope).exactText();
      }
      boolean plain = assignment.name().indexOf('[') < 0;
      if (assignment.append()) {
        String before = scope.value(assignment.name());
        value = before == null || value == null ? null : before + value;
      }
      String name = AssignedNames.plainName(assignment.name());
      String result = plain && assignment.elements() == null ? value : null;
      assigned.put(name, result);
      if (lasting) {
        scope.set(name, result);
      }
    }
    return assigned;
  }

  private void command(
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    String name = words.get(0).exactText();
    if (name == null) {
      emit(words, assigned, files, scope, stdin, false, words.get(0).opaque());
      return;
    }
    if (scope.function(name) != null) {
      if (!files.isEmpty()) {
        emit(List.of(), Map.of(), files, scope, stdin, false, false);
      }
      walker.call(name, words, scope);
      return;
    }
    String program = name.substring(name.lastIndexOf('/') + 1);
    if (Wrappers.shell(program)) {
      shell(program, words, assigned, files, scope, stdin);
      return;
    }
    Wrappers.Spec spec = Wrappers.of(program);
    if (spec != null) {
      wrapper(program, spec, words, assigned, files, scope, stdin);
      return;
    }
    switch (program) {
      case "eval" -> eval(words, assigned, files, scope, stdin);
      case "xargs" -> xargs(words, assigned, files, scope, stdin);
      case "find" -> find(words, assigned, files, scope, stdin);
      case "su", "runuser" -> switchUser(program, words, assigned, files, scope, stdin);
      case "watch", "script" -> shellText(program, words, assigned, files, scope, stdin);
      case "trap" -> trap(words, assigned, files, scope, stdin);
      default -> {
        emit(words, assigned, files, scope, stdin, false, false);
        Builtins.apply(program, words, scope);
      }
    }
  }

  private void shell(
      String program,
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    boolean takesText = false;
    int at = 1;
    for (; at < words.size(); at++) {
      String word = words.get(at).text();
      if (word.equals("--") || word.equals("-")) {
        at++;
        break;
      }
      if (word.length() < 2 || (word.charAt(0) != '-' && word.charAt(0) != '+')) {
        break;
      }
      if (word.startsWith("--")) {
        at += word.equals("--rcfile") || word.equals("--init-file") ? 1 : 0;
        continue;
      }
      takesText |= word.charAt(0) == '-' && word.indexOf('c') > 0;
      at += word.endsWith("o") || word.endsWith("O") ? 1 : 0;
    }
    ResolvedWord operand = at < words.size() ? words.get(at) : null;
    String text;
    if (takesText) {
      text = operand == null ? "" : operand.text();
    } else {
      // Without a script's name a shell reads its commands from its standard input.
      text = operand == null ? stdin : null;
    }
    boolean pipedIn = !takesText && operand == null && stdin == null && walker.place().stage() > 0;
    boolean fromFd = !takesText && operand != null && operand.opaque() && !operand.text().isEmpty();
    boolean hidden = pipedIn || fromFd || (text != null && text.indexOf(ResolvedWord.UNKNOWN) >= 0);
    emit(words, assigned, files, scope, stdin, text != null, hidden);
    if (text != null && !text.isEmpty()) {
      int parameters = takesText ? at + 2 : at;
      List<String> arguments =
          parameters >= words.size()
              ? List.of()
              : ShellWalker.exactTexts(words.subList(parameters, words.size()));
      walker.text(text, scope.child(assigned, arguments), program + (takesText ? " -c" : ""));
    }
  }

  private void wrapper(
      String program,
      Wrappers.Spec spec,
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    int start = Wrappers.commandStart(spec, words);
    List<ResolvedWord> command = new ArrayList<>(words.subList(start, words.size()));
    Map<String, String> environment = new LinkedHashMap<>(assigned);
    String directory = null;
    for (int i = 1; i < start; i++) {
      String word = words.get(i).text();
      int equals = spec.assignments() ? Wrappers.assignment(word) : -1;
      if (equals > 0) {
        String value = word.substring(equals + 1);
        environment.put(
            word.substring(0, equals), value.indexOf(ResolvedWord.UNKNOWN) < 0 ? value : null);
      } else if ((word.equals("-C") || word.equals("--chdir")) && program.equals("env")) {
        directory = i + 1 < words.size() ? words.get(i + 1).text() : null;
      } else if (program.equals("env") && (word.equals("-S") || word.equals("--split-string"))) {
        // env -S 'cmd args': the rest is split at blanks.
        List<ResolvedWord> split = new ArrayList<>();
        for (String part : String.join(" ", texts(command)).trim().split("\\s+")) {
          split.add(ResolvedWord.of(part));
        }
        command = split;
      }
    }
    String first = words.size() > 1 ? words.get(1).text() : "";
    boolean lookup = program.equals("command") && (first.equals("-v") || first.equals("-V"));
    boolean edits = program.equals("sudo") && (first.equals("-e") || first.equals("--edit"));
    boolean flockText =
        program.equals("flock") && !command.isEmpty() && command.get(0).text().equals("-c");
    boolean runs = !command.isEmpty() && !lookup && !edits;
    emit(words, assigned, files, scope, stdin, runs, false);
    if (!runs) {
      return;
    }
    Scope inner = spec.builtin() ? scope : scope.child(environment, List.of());
    if (directory != null) {
      inner.changeDirectory(directory.indexOf(ResolvedWord.UNKNOWN) < 0 ? directory : null);
    }
    if (flockText) {
      if (command.size() > 1) {
        walker.text(command.get(1).text(), inner, program);
      }
      return;
    }
    List<ResolvedWord> next = command;
    walker.at(
        walker.place().through(program), () -> command(next, environment, List.of(), inner, stdin));
  }

  private static List<String> texts(List<ResolvedWord> words) {
    List<String> texts = new ArrayList<>(words.size());
    words.forEach(word -> texts.add(word.text()));
    return texts;
  }

  private void eval(
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    String text = String.join(" ", texts(words.subList(1, words.size())));
    boolean opaque = text.indexOf(ResolvedWord.UNKNOWN) >= 0;
    emit(words, assigned, files, scope, stdin, true, opaque);
    walker.text(text, scope, "eval");
  }

  private void trap(
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    emit(words, assigned, files, scope, stdin, words.size() > 2, false);
    String action = words.size() > 2 ? words.get(1).text() : "";
    if (!action.isEmpty() && !action.startsWith("-")) {
      walker.at(walker.place().maybe(), () -> walker.text(action, scope.copy(), "trap"));
    }
  }

  private void xargs(
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    int at = 1;
    String replaced = null;
    for (; at < words.size(); at++) {
      String word = words.get(at).text();
      if (word.length() < 2 || word.charAt(0) != '-') {
        break;
      }
      if (word.equals("--")) {
        at++;
        break;
      }
      if (word.startsWith("-I")) {
        replaced =
            word.length() > 2
                ? word.substring(2)
                : at + 1 < words.size() ? words.get(at + 1).text() : null;
      } else if (word.equals("-i") || word.equals("--replace")) {
        replaced = "{}";
      }
      boolean takesNext =
          word.startsWith("--")
              ? word.indexOf('=') < 0
                  && !word.equals("--replace")
                  && XARGS_VALUED.contains(word.substring(2))
              : Wrappers.takesNext(XARGS_VALUED, word);
      at += takesNext ? 1 : 0;
    }
    List<ResolvedWord> command =
        filled(words.subList(Math.min(at, words.size()), words.size()), replaced);
    emit(words, assigned, files, scope, stdin, !command.isEmpty(), false);
    if (!command.isEmpty()) {
      ShellWalker.Place place = walker.place().through("xargs");
      walker.at(
          replaced == null ? place.withMore() : place,
          () -> command(command, Map.of(), List.of(), scope.child(assigned, List.of()), null));
    }
  }

  /** The words with the placeholder replaced by what cannot be known. */
  private static List<ResolvedWord> filled(List<ResolvedWord> words, String placeholder) {
    if (placeholder == null || placeholder.isEmpty()) {
      return words;
    }
    List<ResolvedWord> out = new ArrayList<>(words.size());
    for (ResolvedWord word : words) {
      out.add(
          word.text().contains(placeholder)
              ? new ResolvedWord(
                  word.text().replace(placeholder, String.valueOf(ResolvedWord.UNKNOWN)),
                  false,
                  word.glob())
              : word);
    }
    return out;
  }

  private void find(
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    boolean runs = words.stream().anyMatch(word -> FIND_RUNS.contains(word.text()));
    emit(words, assigned, files, scope, stdin, runs, false);
    for (int i = 1; i < words.size(); i++) {
      if (!FIND_RUNS.contains(words.get(i).text())) {
        continue;
      }
      int end = i + 1;
      while (end < words.size()
          && !words.get(end).text().equals(";")
          && !(words.get(end).text().equals("+") && words.get(end - 1).text().equals("{}"))) {
        end++;
      }
      List<ResolvedWord> command = filled(words.subList(i + 1, end), "{}");
      boolean collects = end < words.size() && words.get(end).text().equals("+");
      if (!command.isEmpty()) {
        ShellWalker.Place place = walker.place().through("find -exec");
        walker.at(
            collects ? place.withMore() : place,
            () -> command(command, Map.of(), List.of(), scope.child(assigned, List.of()), null));
      }
      i = end;
    }
  }

  private void switchUser(
      String program,
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    ResolvedWord text = null;
    int command = words.size();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i).text();
      if ((word.equals("-c") || word.equals("--command")) && i + 1 < words.size()) {
        text = words.get(i + 1);
      } else if (word.startsWith("--command=")) {
        text = ResolvedWord.of(word.substring("--command=".length()));
      } else if (word.equals("--")) {
        command = Math.min(command, i + 1);
      }
    }
    boolean direct = program.equals("runuser") && text == null && command < words.size();
    emit(words, assigned, files, scope, stdin, text != null || direct, false);
    if (text != null) {
      walker.text(text.text(), scope.child(Map.of(), List.of()), program);
    } else if (direct) {
      List<ResolvedWord> rest = words.subList(command, words.size());
      walker.at(
          walker.place().through(program),
          () -> command(rest, Map.of(), List.of(), scope.child(Map.of(), List.of()), stdin));
    }
  }

  /** {@code watch CMD} hands its words to {@code sh -c}, {@code script -c CMD} one of them. */
  private void shellText(
      String program,
      List<ResolvedWord> words,
      Map<String, String> assigned,
      List<CommandUse.FileUse> files,
      Scope scope,
      String stdin) {
    String text = null;
    if (program.equals("watch")) {
      Wrappers.Spec spec = new Wrappers.Spec(Set.of("n", "interval"), 0, false, false, false);
      int start = Wrappers.commandStart(spec, words);
      text = String.join(" ", texts(words.subList(start, words.size())));
    } else {
      for (int i = 1; i < words.size(); i++) {
        String word = words.get(i).text();
        boolean shortForm =
            word.length() > 1
                && word.charAt(0) == '-'
                && word.charAt(1) != '-'
                && word.endsWith("c");
        if ((shortForm || word.equals("--command")) && i + 1 < words.size()) {
          text = words.get(i + 1).text();
        }
      }
    }
    boolean runs = text != null && !text.isEmpty();
    emit(words, assigned, files, scope, stdin, runs, false);
    if (runs) {
      walker.text(text, scope.child(assigned, List.of()), program);
    }
  }

  /** What {@code echo}, {@code printf} or {@code cat <<EOF} is known to print, or null. */
  String literalOutput(Command command, Scope scope) {
    if (!(command instanceof Command.Simple simple) || simple.words().isEmpty()) {
      return null;
    }
    String name = simple.words().get(0).literal();
    if (name == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Word word : simple.words().subList(1, simple.words().size())) {
      String text = word.literal();
      if (text == null) {
        return null;
      }
      texts.add(text);
    }
    switch (name) {
      case "echo" -> {
        while (!texts.isEmpty() && texts.get(0).matches("-[neE]+")) {
          texts.remove(0);
        }
        return String.join(" ", texts) + "\n";
      }
      case "printf" -> {
        return texts.size() == 1 && texts.get(0).indexOf('%') < 0
            ? texts.get(0).replace("\\n", "\n")
            : null;
      }
      case "cat" -> {
        for (Redirection redirection : simple.redirections()) {
          if (redirection.op() == Redirection.Op.HERE_DOCUMENT && texts.isEmpty()) {
            return redirection.target().literal();
          }
        }
        return null;
      }
      default -> {
        return null;
      }
    }
  }
}
