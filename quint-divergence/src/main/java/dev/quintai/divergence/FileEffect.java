package dev.quintai.divergence;

import java.util.Objects;

/**
 * A file that a declaration names.
 *
 * @param access what is done to it
 * @param path canonical absolute path, see {@link PathIdentity}
 * @param tree whether it stands for everything below it as well
 * @param escapes whether the declaration wrote it as a relative path that leaves the working
 *     directory; such a one does not cover a sensitive file
 */
record FileEffect(Access access, String path, boolean tree, boolean escapes) {

  /** What is done to a file. */
  enum Access {
    READ(ActClass.FILE_READ),
    WRITE(ActClass.FILE_WRITE),
    DELETE(ActClass.FILE_DELETE);

    private final ActClass act;

    Access(ActClass act) {
      this.act = act;
    }
  }

  FileEffect {
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(path, "path");
  }

  ActClass actClass() {
    return access.act;
  }

  /** Whether it covers the canonical path. */
  boolean covers(String canonical) {
    return path.equals(canonical) || (tree && PathIdentity.below(canonical, path));
  }
}
