package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quintai.core.Capability;
import dev.quintai.core.JensenShannon;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FlowMatrixTest {

  /** The transitions of a sequence, counted the plain way. */
  private static int[][] model(List<Integer> actions) {
    int[][] counts = new int[12][12];
    for (int i = 1; i < actions.size(); i++) {
      counts[actions.get(i - 1)][actions.get(i)]++;
    }
    return counts;
  }

  @Property
  void countsTransitions(@ForAll @Size(max = 200) List<@IntRange(max = 11) Integer> actions) {
    FlowMatrix flow = new FlowMatrix();
    actions.forEach(action -> flow.action(Capability.at(action)));
    assertThat(flow.counts()).isDeepEqualTo(model(actions));
    assertThat(flow.total()).isEqualTo(Math.max(0, actions.size() - 1));
    double sum = 0;
    for (double[] row : flow.flow()) {
      for (double cell : row) {
        sum += cell;
      }
    }
    assertThat(sum).isCloseTo(flow.total() == 0 ? 0 : 1, within(1e-12));
  }

  @Property
  void windowHoldsTheLastActions(
      @ForAll @Size(max = 120) List<@IntRange(max = 11) Integer> actions,
      @ForAll @IntRange(min = 2, max = 40) int length) {
    FlowWindow window = new FlowWindow(length);
    for (int i = 0; i < actions.size(); i++) {
      window.action(Capability.at(actions.get(i)));
      List<Integer> last = actions.subList(Math.max(0, i + 1 - length), i + 1);
      assertThat(window.matrix().counts()).isDeepEqualTo(model(last));
      assertThat(window.matrix().total()).isEqualTo(last.size() - 1);
    }
  }

  @Property
  void usedCellsAreThoseAboveZero(
      @ForAll @Size(max = 120) List<@IntRange(max = 11) Integer> actions) {
    FlowWindow window = new FlowWindow(7);
    actions.forEach(action -> window.action(Capability.at(action)));
    FlowMatrix flow = window.matrix();
    boolean[] used = new boolean[FlowMatrix.CELLS];
    for (int i = 0; i < flow.usedCells(); i++) {
      assertThat(used[flow.usedCell(i)]).isFalse();
      used[flow.usedCell(i)] = true;
    }
    for (int cell = 0; cell < FlowMatrix.CELLS; cell++) {
      assertThat(used[cell]).isEqualTo(flow.countAt(cell) > 0);
    }
  }

  @Property
  void addsAnother(
      @ForAll @Size(max = 60) List<@IntRange(max = 11) Integer> a,
      @ForAll @Size(max = 60) List<@IntRange(max = 11) Integer> b) {
    FlowMatrix one = new FlowMatrix();
    a.forEach(action -> one.action(Capability.at(action)));
    FlowMatrix other = new FlowMatrix();
    b.forEach(action -> other.action(Capability.at(action)));
    one.addAll(other);
    int[][] expected = model(a);
    int[][] more = model(b);
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        expected[i][j] += more[i][j];
      }
    }
    assertThat(one.counts()).isDeepEqualTo(expected);
  }

  @Property(tries = 300)
  void divergenceIsTheTextbooks(
      @ForAll @Size(min = 2, max = 80) List<@IntRange(max = 11) Integer> actions,
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 143) Integer> cells) {
    FlowMatrix flow = new FlowMatrix();
    actions.forEach(action -> flow.action(Capability.at(action)));
    double[] weights = new double[FlowMatrix.CELLS];
    for (int i = 0; i < cells.size(); i++) {
      weights[cells.get(i)] += 1 + i;
    }
    ThreatSignature signature = Flows.signature("QT-SIG-1", FlowMatrix.rows(weights)).build();
    double[] p = FlowMatrix.flat(flow.flow());
    double[] q = FlowMatrix.flat(signature.flowShape());
    double expected = textbook(p, q);
    assertThat(SignatureMatcher.divergence(flow, signature))
        .isCloseTo(expected, within(1e-12))
        .isCloseTo(JensenShannon.divergence(p, q), within(1e-12));
  }

  /** The definition: the mean divergence of Kullback and Leibler from the mean of both. */
  private static double textbook(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double mean = (p[i] + q[i]) / 2;
      sum += p[i] > 0 ? p[i] * Math.log(p[i] / mean) / 2 : 0;
      sum += q[i] > 0 ? q[i] * Math.log(q[i] / mean) / 2 : 0;
    }
    return sum / Math.log(2);
  }

  @Test
  void divergenceOfKnownPairs() {
    FlowMatrix flow = new FlowMatrix();
    flow.add(Capability.READ, Capability.SEND);
    assertThat(divergence(flow, 0, 6, 1)).isZero();
    assertThat(divergence(flow, 6, 0, 1)).isEqualTo(1);
    // p = (1, 0), q = (1/2, 1/2): 3/2 - 3/4 log2 3 bits over 2.
    assertThat(divergence(flow, 0, 6, 1, 6, 0, 1))
        .isCloseTo(1.5 - 0.75 * Math.log(3) / Math.log(2), within(1e-12));
  }

  private static double divergence(FlowMatrix flow, double... triples) {
    return SignatureMatcher.divergence(
        flow, Flows.signature("QT-SIG-1", Flows.shape(triples)).build());
  }

  @Test
  void normalisesWithoutOverflowOrUnderflow() {
    double[] huge = FlowMatrix.normalise(new double[] {1e308, 1e308, 1e308, 0});
    assertThat(huge[0]).isCloseTo(1.0 / 3, within(1e-12));
    double[] tiny = FlowMatrix.normalise(new double[] {Double.MIN_VALUE, 0, 0, Double.MIN_VALUE});
    assertThat(tiny[3]).isEqualTo(0.5);
    assertThat(FlowMatrix.normalise(new double[4])).isNull();
    assertThat(FlowMatrix.normalise(new double[] {1, -1e-9})).isNull();
    assertThat(FlowMatrix.normalise(new double[] {1, Double.NaN})).isNull();
    assertThat(FlowMatrix.normalise(new double[] {1, Double.POSITIVE_INFINITY})).isNull();
  }

  @Test
  void refusesWindowsThatHoldNoTransition() {
    assertThatThrownBy(() -> new FlowWindow(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FlowWindow(1025)).isInstanceOf(IllegalArgumentException.class);
  }
}
