package dev.quintai.divergence;

/** The classes of acts that a declaration and a truth have in common. */
enum ActClass {
  EXEC("exec"),
  FILE_READ("file_read"),
  FILE_WRITE("file_write"),
  FILE_DELETE("file_delete"),
  NETWORK("network");

  /** The bits of all. */
  static final int ALL = (1 << values().length) - 1;

  private final String id;

  ActClass(String id) {
    this.id = id;
  }

  /** Its name in findings. */
  String id() {
    return id;
  }

  /** Its bit in a set of classes. */
  int bit() {
    return 1 << ordinal();
  }
}
