package dev.quintai.signatures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the signatures that a flow matches without looking at each closely. Immutable.
 *
 * <p>The squared Hellinger distance {@code 1 - sum(sqrt(p q))} is a lower bound of the
 * Jensen-Shannon divergence in bits (Lin 1991; Topsoe 2000), so a signature can only match when
 * {@code sum(sqrt(p q)) >= 1 - max_jsd}. That sum is gathered in single precision over an inverted
 * index from cells to the signatures that have them; whoever reaches its bound, less a margin for
 * the rounding, gets the exact check. Hence the matches are those of the plain loop, always.
 *
 * <p>Signatures are in blocks, so that the sums of a block stay in the first-level cache and a
 * session needs scratch memory for one block only.
 */
final class SignatureIndex {

  /** Signatures of a block. */
  static final int BLOCK = 1024;

  /**
   * More than the rounding of a sum of 144 products of single precision can be: each carries at
   * most 4 roundings of 2^-24, each addition another, so 148 * 2^-24 = 8.8e-6 of a sum that is at
   * most 1.
   */
  private static final double MARGIN = 1e-4;

  /** Square roots of the counts that windows and most sessions have. */
  private static final float[] ROOTS = new float[FlowConditions.MAX_WINDOW];

  static {
    for (int i = 0; i < ROOTS.length; i++) {
      ROOTS[i] = (float) Math.sqrt(i);
    }
  }

  private final List<Block> blocks;

  /** By cell: whether any signature has it. */
  private final boolean[] has = new boolean[FlowMatrix.CELLS];

  /** Up to {@link #BLOCK} signatures, and by cell where each has how much. */
  private static final class Block {
    final LoadedSignature[] signatures;
    final float[] bounds;
    final int[] starts = new int[FlowMatrix.CELLS + 1];
    final short[] who;
    final float[] roots;

    /** The cells that any signature has; few signatures have few. */
    final int[] cells;

    Block(List<LoadedSignature> members) {
      signatures = members.toArray(new LoadedSignature[0]);
      bounds = new float[signatures.length];
      int entries = 0;
      for (int s = 0; s < signatures.length; s++) {
        ThreatSignature signature = signatures[s].signature();
        bounds[s] = (float) (1 - signature.maxJsd() - MARGIN);
        SparseShape shape = signature.shape();
        for (int i = 0; i < shape.size(); i++) {
          starts[shape.cell(i) + 1]++;
        }
        entries += shape.size();
      }
      for (int cell = 0; cell < FlowMatrix.CELLS; cell++) {
        starts[cell + 1] += starts[cell];
      }
      cells = IntStream.range(0, FlowMatrix.CELLS).filter(c -> starts[c + 1] > starts[c]).toArray();
      who = new short[entries];
      roots = new float[entries];
      int[] next = starts.clone();
      for (int s = 0; s < signatures.length; s++) {
        SparseShape shape = signatures[s].signature().shape();
        for (int i = 0; i < shape.size(); i++) {
          int at = next[shape.cell(i)]++;
          who[at] = (short) s;
          roots[at] = (float) Math.sqrt(shape.probability(i));
        }
      }
    }
  }

  /** Scratch memory of one thread or session. */
  static final class Scratch {
    private float[] sums = new float[0];

    private float[] sums(int size) {
      if (sums.length < size) {
        sums = new float[size];
      }
      return sums;
    }
  }

  SignatureIndex(List<LoadedSignature> signatures) {
    List<Block> all = new ArrayList<>();
    for (int start = 0; start < signatures.size(); start += BLOCK) {
      all.add(new Block(signatures.subList(start, Math.min(signatures.size(), start + BLOCK))));
    }
    blocks = List.copyOf(all);
    for (Block block : blocks) {
      for (int cell : block.cells) {
        has[cell] = true;
      }
    }
  }

  /** Whether any signature's shape has the cell. */
  boolean has(int cell) {
    return has[cell];
  }

  /**
   * Tells every signature whose shape is within its bound of the flow. Allocates nothing once the
   * scratch has its size.
   *
   * @return whether there was one
   */
  boolean match(FlowMatrix flow, Scratch scratch, SignatureMatcher.Found hit) {
    if (flow.total() == 0) {
      return false;
    }
    // The roots of counts, not of shares, are summed up; so the bounds are scaled instead.
    float size = (float) Math.sqrt(flow.total());
    boolean any = false;
    for (int b = 0; b < blocks.size(); b++) {
      any |= match(blocks.get(b), flow, size, scratch, hit);
    }
    return any;
  }

  private static boolean match(
      Block block, FlowMatrix flow, float size, Scratch scratch, SignatureMatcher.Found hit) {
    int signatures = block.signatures.length;
    float[] sums = scratch.sums(signatures);
    for (int s = 0; s < signatures; s++) {
      sums[s] = 0;
    }
    int[] cells = block.cells;
    if (cells.length < flow.usedCells()) {
      for (int cell : cells) {
        int count = flow.countAt(cell);
        if (count > 0) {
          add(block, cell, root(count), sums);
        }
      }
    } else {
      for (int i = 0; i < flow.usedCells(); i++) {
        int cell = flow.usedCell(i);
        if (block.starts[cell] < block.starts[cell + 1]) {
          add(block, cell, root(flow.countAt(cell)), sums);
        }
      }
    }
    float[] bounds = block.bounds;
    boolean any = false;
    for (int s = 0; s < signatures; s++) {
      if (sums[s] >= bounds[s] * size) {
        ThreatSignature signature = block.signatures[s].signature();
        double jsd = FlowDivergence.bits(flow, signature.shape());
        if (jsd <= signature.maxJsd()) {
          hit.found(block.signatures[s], jsd);
          any = true;
        }
      }
    }
    return any;
  }

  private static float root(int count) {
    return count < ROOTS.length ? ROOTS[count] : (float) Math.sqrt(count);
  }

  private static void add(Block block, int cell, float root, float[] sums) {
    short[] who = block.who;
    float[] roots = block.roots;
    int end = block.starts[cell + 1];
    for (int at = block.starts[cell]; at < end; at++) {
      sums[who[at]] += root * roots[at];
    }
  }
}
