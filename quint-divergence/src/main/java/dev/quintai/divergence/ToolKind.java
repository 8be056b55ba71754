package dev.quintai.divergence;

/** What a tool of an agent does, as far as its declaration goes. */
public enum ToolKind {
  /** Reads the files that its arguments name. */
  READ,
  /** Writes the file that its arguments name. */
  WRITE,
  /** Reads and writes the file that its arguments name. */
  EDIT,
  /** Deletes the file that its arguments name. */
  DELETE,
  /** Looks into a folder or searches it; may be answered from memory. */
  SEARCH,
  /** Runs a command line. */
  SHELL,
  /** Applies a patch that names its files. */
  PATCH,
  /** Fetches URLs itself. */
  FETCH,
  /** Does nothing on this machine: plans, questions, searches that the provider runs. */
  NONE,
  /** Does what cannot be known from its declaration. */
  UNKNOWN
}
