package dev.quintai.signatures;

import dev.quintai.core.Capability;

/**
 * The flow of the last {@code n} actions of a sequence: {@code n - 1} transitions at most. Memory
 * is {@code n} bytes and a {@link FlowMatrix}; an action costs a few nanoseconds and no allocation.
 * Not thread-safe.
 */
public final class FlowWindow {
  private static final int NONE = -1;

  /** The cells of the transitions in the window. */
  private final byte[] ring;

  private final FlowMatrix matrix = new FlowMatrix();
  private int next;
  private int last = NONE;

  /** How many actions of the session it has taken or skipped, as its owner counts them. */
  long seen;

  /**
   * A window of the last {@code actions} actions.
   *
   * @param actions 2 to {@value FlowConditions#MAX_WINDOW}
   */
  public FlowWindow(int actions) {
    if (actions < 2 || actions > FlowConditions.MAX_WINDOW) {
      throw new IllegalArgumentException("a window holds 2 to 1024 actions: " + actions);
    }
    ring = new byte[actions - 1];
  }

  /** Takes the next action; the oldest leaves when the window is full. */
  public void action(Capability capability) {
    int to = capability.index();
    if (last != NONE) {
      if (matrix.total() == ring.length) {
        matrix.removeCell(ring[next] & 0xff);
      }
      int cell = last * Capability.COUNT + to;
      matrix.addCell(cell);
      ring[next] = (byte) cell;
      next = next + 1 == ring.length ? 0 : next + 1;
    }
    last = to;
  }

  /** How many actions it holds when it is full. */
  int length() {
    return ring.length + 1;
  }

  /** The transitions between the actions in the window; changes with the next action. */
  public FlowMatrix matrix() {
    return matrix;
  }
}
