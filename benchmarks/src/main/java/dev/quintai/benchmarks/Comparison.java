package dev.quintai.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One claim: ours beside a rival's.
 *
 * @param area the area
 * @param name the case
 * @param ours what was measured of ours
 * @param rival who the rival is
 * @param theirs what was measured of the rival; null when it could not be run
 * @param ratio lower is better; NaN without a rival
 * @param limit what the ratio may be; NaN for an aim that is only reported
 * @param note why there is no rival, or what must be known to read the figures; null for nothing
 */
public record Comparison(
    String area,
    String name,
    Measure ours,
    String rival,
    Measure theirs,
    double ratio,
    double limit,
    String note) {

  /** Times: the ratio is ours / theirs. */
  public static Comparison ofTimes(
      String area, String name, Measure ours, String rival, Measure theirs, double limit) {
    return new Comparison(
        area, name, ours, rival, theirs, ours.value() / theirs.value(), limit, null);
  }

  /**
   * Times of rounds in which both were measured one after the other: the ratio is the median of the
   * ratios of the rounds, so that what the machine does meanwhile falls on both.
   */
  public static Comparison ofRounds(
      String area,
      String name,
      Measure ours,
      List<Double> ourRounds,
      String rival,
      Measure theirs,
      List<Double> theirRounds,
      double limit) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ourRounds.size(), theirRounds.size()); i++) {
      ratios.add(ourRounds.get(i) / theirRounds.get(i));
    }
    String note = "ratio: median of " + ratios.size() + " paired rounds";
    return new Comparison(area, name, ours, rival, theirs, JmhRounds.median(ratios), limit, note);
  }

  /** Throughputs: the ratio is theirs / ours. */
  public static Comparison ofThroughputs(
      String area, String name, Measure ours, String rival, Measure theirs, double limit) {
    return new Comparison(
        area, name, ours, rival, theirs, theirs.value() / ours.value(), limit, null);
  }

  /** A rival that could not be run. */
  public static Comparison withoutRival(
      String area, String name, Measure ours, String rival, double limit, String reason) {
    return new Comparison(area, name, ours, rival, null, Double.NaN, limit, reason);
  }

  /** The same with a remark, behind the one that is there. */
  public Comparison noted(String text) {
    String both = note == null ? text : note + "; " + text;
    return new Comparison(area, name, ours, rival, theirs, ratio, limit, both);
  }

  /** Whether the claim holds; null when there was no rival to hold it against. */
  public Boolean holds() {
    if (Double.isNaN(limit)) {
      return theirs == null ? null : Boolean.TRUE;
    }
    return theirs == null ? null : ratio <= limit;
  }

  /** As one line of JSON. */
  public String toJson() {
    StringBuilder json = new StringBuilder(256);
    json.append("{\"area\":").append(quote(area));
    json.append(",\"case\":").append(quote(name));
    json.append(",\"ours\":").append(measure(ours));
    json.append(",\"rival\":").append(quote(rival));
    json.append(",\"theirs\":").append(measure(theirs));
    json.append(",\"ratio\":").append(number(ratio, 3));
    json.append(",\"limit\":").append(number(limit, 3));
    json.append(",\"holds\":").append(holds());
    if (note != null) {
      json.append(theirs == null ? ",\"reason\":" : ",\"note\":").append(quote(note));
    }
    return json.append('}').toString();
  }

  private static String measure(Measure m) {
    if (m == null) {
      return "null";
    }
    String bytes =
        Double.isNaN(m.bytesPerOp()) ? "" : ",\"bytesPerOp\":" + number(m.bytesPerOp(), 1);
    return "{\"value\":" + number(m.value(), 2) + ",\"unit\":" + quote(m.unit()) + bytes + "}";
  }

  /** Rounded, without needless zeros; null for what is no number. */
  private static String number(double x, int digits) {
    if (!Double.isFinite(x)) {
      return "null";
    }
    String text = String.format(Locale.ROOT, "%." + digits + "f", x);
    return text.replaceAll("(\\.\\d*?)0+$", "$1").replaceAll("\\.$", "");
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
