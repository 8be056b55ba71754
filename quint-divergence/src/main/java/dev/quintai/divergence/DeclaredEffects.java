package dev.quintai.divergence;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What an intent declares that will happen. Immutable. */
final class DeclaredEffects {
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

  private final Kind kind;
  private final List<FileEffect> files;
  private final List<String> hosts;
  private final CommandLine line;
  private final boolean optional;

  /** A bit for each class of acts that it declares: most acts are of none of them. */
  private final int classes;

  private final int boundedReads;

  /**
   * Effects.
   *
   * @param kind whether its effects are known
   * @param files files that the agent's own process will touch
   * @param hosts hosts that the agent's own process will contact, in canonical form
   * @param line the command line that will run, or null
   * @param optional whether it is no divergence when nothing of it is seen, since the agent may
   *     answer from memory
   */
  DeclaredEffects(
      Kind kind, List<FileEffect> files, List<String> hosts, CommandLine line, boolean optional) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.files = List.copyOf(files);
    this.hosts = List.copyOf(hosts);
    this.line = line;
    this.optional = optional;
    int bits = hosts.isEmpty() ? 0 : ActClass.NETWORK.bit();
    int reads = 0;
    boolean trees = false;
    for (FileEffect file : this.files) {
      bits |= file.actClass().bit();
      reads += file.access() == FileEffect.Access.READ ? 1 : 0;
      trees |= file.tree();
    }
    this.classes = line == null ? bits : bits | line.classes();
    this.boundedReads = trees || line != null ? 0 : reads;
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

  Kind kind() {
    return kind;
  }

  List<FileEffect> files() {
    return files;
  }

  List<String> hosts() {
    return hosts;
  }

  CommandLine line() {
    return line;
  }

  boolean optional() {
    return optional;
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
    return kind == Kind.KNOWN && !optional && (line != null || classes != 0);
  }

  /** Whether acts of the class are among its effects. */
  boolean declares(ActClass act) {
    return (classes & act.bit()) != 0;
  }

  /** Whether acts of one of the classes are. */
  boolean declaresAny(int bits) {
    return (classes & bits) != 0;
  }

  /** How many files a tool names that reads those and no others; 0 when that is not bounded. */
  int boundedReads() {
    return boundedReads;
  }
}
