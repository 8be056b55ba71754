package dev.quintai.core;

import java.util.List;
import java.util.Locale;

/**
 * The twelve things an agent's action can be. The order is fixed for good: {@link #index()} is an
 * axis of every flow matrix and a cell of every fingerprint.
 */
public enum Capability {
  READ,
  WRITE,
  DELETE,
  AUTH,
  EXECUTE,
  SEARCH,
  SEND,
  RECEIVE,
  CONFIGURE,
  MONITOR,
  DELEGATE,
  ESCALATE;

  /** How many there are. */
  public static final int COUNT = 12;

  private static final List<Capability> ALL = List.of(values());

  private final String id = name().toLowerCase(Locale.ROOT);

  /** Its place on the axes, 0 to 11. */
  public int index() {
    return ordinal();
  }

  /** Its name in files: lower case. */
  public String id() {
    return id;
  }

  /**
   * The capability at a place of the axes.
   *
   * @throws IndexOutOfBoundsException when {@code index} is not 0 to 11
   */
  public static Capability at(int index) {
    return ALL.get(index);
  }
}
