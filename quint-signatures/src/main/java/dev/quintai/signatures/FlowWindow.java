package dev.quintai.signatures;

import dev.quintai.core.Capability;

/**
 * The flow of the last {@code n} actions of a sequence: {@code n - 1} transitions at most. Memory
 * is {@code n} bytes and a {@link FlowMatrix}; an action costs a few nanoseconds and no allocation.
 * Not thread-safe.
 */
public final class FlowWindow {
  private final byte[] ring;
  private final FlowMatrix matrix = new FlowMatrix();
  private int next;
  private int held;

  /**
   * A window of the last {@code actions} actions.
   *
   * @param actions 2 to {@value FlowConditions#MAX_WINDOW}
   */
  public FlowWindow(int actions) {
    if (actions < 2 || actions > FlowConditions.MAX_WINDOW) {
      throw new IllegalArgumentException("a window holds 2 to 1024 actions: " + actions);
    }
    ring = new byte[actions];
  }

  /** Takes the next action; the oldest leaves when the window is full. */
  public void action(Capability capability) {
    int size = ring.length;
    if (held == size) {
      int second = next + 1 == size ? 0 : next + 1;
      matrix.removeCell(ring[next] * Capability.COUNT + ring[second]);
    }
    if (held > 0) {
      int last = next == 0 ? size - 1 : next - 1;
      matrix.addCell(ring[last] * Capability.COUNT + capability.index());
    }
    ring[next] = (byte) capability.index();
    next = next + 1 == size ? 0 : next + 1;
    held = Math.min(held + 1, size);
  }

  /** The transitions between the actions in the window; changes with the next action. */
  public FlowMatrix matrix() {
    return matrix;
  }
}
