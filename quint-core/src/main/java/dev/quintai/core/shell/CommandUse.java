package dev.quintai.core.shell;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A simple command that may run when a command line does, or a redirection on its own.
 *
 * <p>{@code sudo env A=1 rm x} gives three: {@code sudo ...} and {@code env ...} with {@link
 * #wrapper}, then {@code rm x}.
 *
 * @param words the name and the arguments; empty where only something is redirected
 * @param environment variables assigned in front of it; null values cannot be known
 * @param files what its redirections open, here-documents and descriptors left out
 * @param cwd the working directory it runs in, or null when that cannot be known
 * @param stdin the text of its here-document or here-string where known, else null
 * @param via what it was reached through, outermost first: {@code sudo}, {@code sh -c}, {@code
 *     xargs}, {@code find -exec}, {@code eval}, {@code $()}, {@code <()}, {@code function}, {@code
 *     trap}, ...
 * @param pipeline a number that the stages of one pipeline share
 * @param stage its place in the pipeline, from 0
 * @param last whether it is the pipeline's last stage
 * @param conditional whether it runs only depending on something ({@code &&}, {@code if}, a loop)
 * @param background whether the shell does not wait for it
 * @param wrapper whether it runs another command that follows in the list
 * @param more whether further arguments are added that cannot be known ({@code xargs}, {@code find
 *     -exec})
 * @param opaque whether it is a shell or {@code eval} that runs text which cannot be known
 */
public record CommandUse(
    List<ResolvedWord> words,
    Map<String, String> environment,
    List<FileUse> files,
    String cwd,
    String stdin,
    List<String> via,
    int pipeline,
    int stage,
    boolean last,
    boolean conditional,
    boolean background,
    boolean wrapper,
    boolean more,
    boolean opaque) {

  /**
   * A file that a redirection opens.
   *
   * @param path the path as written, expansions done, relative to {@link CommandUse#cwd}
   * @param read whether it is read
   * @param write whether it is written
   */
  public record FileUse(ResolvedWord path, boolean read, boolean write) {}

  public CommandUse {
    words = List.copyOf(words);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    files = List.copyOf(files);
    via = List.copyOf(via);
  }

  /** The name as written, or null when there is none or it cannot be known. */
  public String name() {
    return words.isEmpty() ? null : words.get(0).exactText();
  }

  /** The name without its folders, or null when there is none or it cannot be known. */
  public String program() {
    String name = name();
    return name == null ? null : name.substring(name.lastIndexOf('/') + 1);
  }

  /** The words after the name. */
  public List<ResolvedWord> arguments() {
    return words.isEmpty() ? words : words.subList(1, words.size());
  }

  /** Whether it reads from a pipe. */
  public boolean piped() {
    return stage > 0;
  }

  /** Whether it runs with another user's rights, through {@code sudo} or the like. */
  public boolean privileged() {
    for (String step : via) {
      if (Wrappers.privileged(step)) {
        return true;
      }
    }
    return false;
  }
}
