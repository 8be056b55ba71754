package dev.quintai.core.sensitive;

import java.util.Objects;
import java.util.Set;

/**
 * One entry of the table of sensitive targets. Immutable.
 *
 * @param kind what it is
 * @param name what a person would call it, for example {@code AWS credentials}
 * @param pattern the path pattern, host, or program that the entry matches
 * @param owners base names of the programs whose job it is to use it; for {@link Kind#PERSISTENCE}
 *     those whose job it is to write there
 * @param ownerPlatform id of the agent platform whose own login it holds, or null
 * @param source where the fact is documented
 */
public record SensitiveTarget(
    Kind kind,
    String name,
    String pattern,
    Set<String> owners,
    String ownerPlatform,
    String source) {

  /** What a sensitive target is; the techniques are those of MITRE ATT&CK. */
  public enum Kind {
    /** A file that holds a secret: a token, a key, a password. */
    CREDENTIAL("T1552.001", true),
    /** A secret store of the operating system or desktop. */
    KEYCHAIN("T1555.001", true),
    /** A browser's profile: cookies, saved passwords, history. */
    BROWSER("T1555.003", true),
    /** A project's {@code .env} file inside the working directory. */
    ENV_FILE("T1552.001", true),
    /** A cloud's metadata service, which hands credentials to whoever asks. */
    METADATA("T1552.005", true),
    /** A place from which programs are started later; sensitive to writing only. */
    PERSISTENCE("T1547", false),
    /** A program that changes the user. */
    PRIVILEGE("T1548.003", false),
    /** A program that hands work to a daemon, which does it later, outside every session. */
    SCHEDULER("T1053", false);

    private final String mitre;
    private final boolean secret;

    Kind(String mitre, boolean secret) {
      this.mitre = mitre;
      this.secret = secret;
    }

    /** The ATT&CK technique of its abuse. */
    public String mitre() {
      return mitre;
    }

    /** Whether reading it gains a secret. */
    public boolean secret() {
      return secret;
    }
  }

  public SensitiveTarget {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(pattern, "pattern");
    owners = Set.copyOf(owners);
    Objects.requireNonNull(source, "source");
  }

  /** Whether reading it gains a secret. */
  public boolean secret() {
    return kind.secret();
  }

  /** Whether only writing or deleting it is sensitive: shells read their profiles all the time. */
  public boolean writeOnly() {
    return kind == Kind.PERSISTENCE;
  }

  /**
   * Whether a program is an owner, by the base name of its image.
   *
   * <p>A base name is easily borrowed, so an image in a folder for temporary files, or inside the
   * working directory (unless that is a home directory itself), is never an owner.
   *
   * @param image absolute path of the program; of the script where an interpreter runs one
   * @param cwd the agent's working directory, or null
   */
  public boolean ownedBy(String image, String cwd) {
    if (image == null || owners.isEmpty() || Paths.isTemporary(image)) {
      return false;
    }
    if (cwd != null && Paths.isBelow(image, cwd) && !Paths.isHomeOrRoot(cwd)) {
      return false;
    }
    return owners.contains(Paths.baseName(image));
  }

  /** Whether it holds the own login of an agent of this platform. */
  public boolean ownedByAgent(String platform) {
    return ownerPlatform != null && ownerPlatform.equals(platform);
  }

  SensitiveTarget withKind(Kind other) {
    return new SensitiveTarget(other, name, pattern, owners, ownerPlatform, source);
  }
}
