package dev.quintai.fingerprint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines through points, as an SVG picture. */
final class Plot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int LEFT = 60;
  private static final int BOTTOM = 50;
  private static final int TOP = 40;
  private static final int RIGHT = 20;
  private static final String[] COLOURS = {"#1b6ca8", "#d1495b", "#2e8b57", "#8d6a9f"};

  private final String title;
  private final String xName;
  private final String yName;
  private final boolean logX;
  private final Map<String, List<double[]>> lines = new LinkedHashMap<>();

  Plot(String title, String xName, String yName, boolean logX) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
    this.logX = logX;
  }

  void point(String line, double x, double y) {
    lines.computeIfAbsent(line, l -> new ArrayList<>()).add(new double[] {x, y});
  }

  String svg() {
    double maxX = max(0);
    double minX = min();
    double maxY = max(1) * 1.05;
    StringBuilder svg = new StringBuilder(4_096);
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH,
        HEIGHT);
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    text(svg, WIDTH / 2, 22, "middle", title);
    text(svg, WIDTH / 2, HEIGHT - 10, "middle", xName);
    text(svg, LEFT - 8, TOP - 8, "end", yName);
    for (int i = 0; i <= 4; i++) {
      double value = maxY * i / 4;
      int y = (int) Math.round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * i / 4.0);
      add(
          svg,
          "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#ddd\"/>",
          LEFT,
          y,
          WIDTH - RIGHT,
          y);
      text(svg, LEFT - 8, y + 4, "end", String.format(Locale.ROOT, "%.1f", value));
    }
    int line = 0;
    for (Map.Entry<String, List<double[]>> e : lines.entrySet()) {
      String colour = COLOURS[line % COLOURS.length];
      StringBuilder points = new StringBuilder();
      for (double[] p : e.getValue()) {
        double x =
            LEFT
                + (WIDTH - LEFT - RIGHT)
                    * (scale(p[0]) - scale(minX))
                    / (scale(maxX) - scale(minX));
        double y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * p[1] / maxY;
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        if (line == 0) {
          text(
              svg,
              (int) x,
              HEIGHT - BOTTOM + 16,
              "middle",
              String.format(Locale.ROOT, "%.0f", p[0]));
        }
      }
      add(
          svg,
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>",
          points.toString().trim(),
          colour,
          e.getKey().contains("theory") || e.getKey().contains("promised")
              ? " stroke-dasharray=\"6 4\""
              : "");
      add(
          svg,
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
          LEFT + 14,
          TOP + 16 + 16 * line++,
          colour,
          e.getKey());
    }
    return svg.append("</svg>\n").toString();
  }

  private double scale(double x) {
    return logX ? Math.log10(x) : x;
  }

  private double max(int axis) {
    return lines.values().stream().flatMap(List::stream).mapToDouble(p -> p[axis]).max().orElse(1);
  }

  private double min() {
    return lines.values().stream().flatMap(List::stream).mapToDouble(p -> p[0]).min().orElse(1);
  }

  private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
    add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
