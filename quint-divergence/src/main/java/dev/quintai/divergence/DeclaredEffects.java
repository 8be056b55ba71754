package dev.quintai.divergence;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an intent declares that will happen.
 *
 * @param kind whether its effects are known
 * @param files files that the agent's own process will touch
 * @param hosts hosts that the agent's own process will contact, in canonical form
 * @param line the command line that will run, or null
 * @param optional whether it is no divergence when nothing of it is seen, since the agent may
 *     answer from memory
 */
record DeclaredEffects(
    Kind kind, List<FileEffect> files, List<String> hosts, CommandLine line, boolean optional) {

  /** Whether effects are known. */
  enum Kind {
    /** These effects and no others. */
    KNOWN,
    /** No effect on this machine; never unmatched. */
    NONE,
    /** Something that cannot be known; never unmatched, explains nothing local. */
    UNKNOWN
  }

  static final DeclaredEffects NOTHING =
      new DeclaredEffects(Kind.NONE, List.of(), List.of(), null, true);
  static final DeclaredEffects UNKNOWN =
      new DeclaredEffects(Kind.UNKNOWN, List.of(), List.of(), null, true);

  DeclaredEffects {
    Objects.requireNonNull(kind, "kind");
    files = List.copyOf(files);
    hosts = List.copyOf(hosts);
  }

  /** Known effects on files. */
  static DeclaredEffects files(List<FileEffect> files) {
    return new DeclaredEffects(Kind.KNOWN, files, List.of(), null, false);
  }

  /** Known effects on hosts. */
  static DeclaredEffects hosts(List<String> hosts) {
    return new DeclaredEffects(Kind.KNOWN, List.of(), hosts, null, false);
  }

  /** A command line. */
  static DeclaredEffects line(CommandLine line) {
    return new DeclaredEffects(Kind.KNOWN, line.patchedFiles(), List.of(), line, false);
  }

  DeclaredEffects asOptional() {
    return new DeclaredEffects(kind, files, hosts, line, true);
  }

  /**
   * Whether the other declaration of the same call names other targets. Only what both know counts:
   * another spelling of the arguments is no contradiction.
   */
  boolean contradicts(DeclaredEffects other) {
    if (kind != Kind.KNOWN || other.kind != Kind.KNOWN) {
      return false;
    }
    if (line != null && other.line != null) {
      return !line.text().strip().equals(other.line.text().strip());
    }
    return (line == null) != (other.line == null)
        || !paths(files).equals(paths(other.files))
        || !Set.copyOf(hosts).equals(Set.copyOf(other.hosts));
  }

  private static Set<String> paths(List<FileEffect> files) {
    return files.stream().map(FileEffect::path).collect(Collectors.toSet());
  }

  /** What is left when there is no room for its line: it explains by lineage only. */
  DeclaredEffects withoutLine() {
    return line == null ? this : new DeclaredEffects(kind, List.of(), List.of(), null, true);
  }

  /** Whether it can be unmatched. */
  boolean expected() {
    return kind == Kind.KNOWN
        && !optional
        && (line != null || !files.isEmpty() || !hosts.isEmpty());
  }

  /** Whether acts of the class are among its effects. */
  boolean declares(ActClass act) {
    if (act == ActClass.NETWORK && !hosts.isEmpty()) {
      return true;
    }
    for (FileEffect file : files) {
      if (file.actClass() == act) {
        return true;
      }
    }
    return line != null && line.declares(act);
  }
}
