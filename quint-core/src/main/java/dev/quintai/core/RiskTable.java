package dev.quintai.core;

/**
 * How risky an action is by its kind alone, 0 to 1, before any gate has spoken: so that an agent's
 * baseline does not learn from our own alarms. The table, with the columns plain, first contact
 * with the destination, sensitive target, and both:
 *
 * <pre>
 * capability  plain  first  sensitive  both
 * read         0.05   0.05       0.40  0.45
 * write        0.15   0.15       0.50  0.55
 * delete       0.30   0.30       0.65  0.70
 * auth         0.45   0.55       0.60  0.70
 * execute      0.20   0.25       0.55  0.60
 * search       0.05   0.05       0.35  0.40
 * send         0.25   0.45       0.75  0.90
 * receive      0.10   0.20       0.40  0.50
 * configure    0.25   0.30       0.60  0.65
 * monitor      0.10   0.15       0.30  0.35
 * delegate     0.15   0.25       0.40  0.50
 * escalate     0.65   0.70       0.85  0.90
 * </pre>
 *
 * What leaves the machine for the first time, what touches secrets and what gains rights weighs
 * most; looking around weighs least. No column lowers the risk of another.
 */
public final class RiskTable {

  /** Hundredths, by capability; columns as above. */
  private static final int[][] HUNDREDTHS = {
    {5, 5, 40, 45}, // read
    {15, 15, 50, 55}, // write
    {30, 30, 65, 70}, // delete
    {45, 55, 60, 70}, // auth
    {20, 25, 55, 60}, // execute
    {5, 5, 35, 40}, // search
    {25, 45, 75, 90}, // send
    {10, 20, 40, 50}, // receive
    {25, 30, 60, 65}, // configure
    {10, 15, 30, 35}, // monitor
    {15, 25, 40, 50}, // delegate
    {65, 70, 85, 90}, // escalate
  };

  private RiskTable() {}

  /**
   * The risk of an action.
   *
   * @param capability what is done
   * @param sensitive whether its target is sensitive
   * @param firstContact whether its destination is one that the session has not reached before
   * @return 0 to 1
   */
  public static double risk(Capability capability, boolean sensitive, boolean firstContact) {
    int column = (sensitive ? 2 : 0) + (firstContact ? 1 : 0);
    return HUNDREDTHS[capability.index()][column] / 100.0;
  }

  /**
   * The level of a risk: {@code low} below 0.3, {@code medium} below 0.6, {@code high} below 0.85,
   * else {@code critical}.
   */
  public static String level(double risk) {
    if (risk < 0.3) {
      return "low";
    } else if (risk < 0.6) {
      return "medium";
    }
    return risk < 0.85 ? "high" : "critical";
  }
}
