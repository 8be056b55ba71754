package dev.quintai.divergence;

import static dev.quintai.divergence.Scenario.AGENT;

import dev.quintai.core.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Sessions at random: calls, answers, execs, files and contacts that sometimes belong together. */
final class Stories {
  private static final String SHOP = "/home/ann/shop";
  private static final String[] PATHS = {
    SHOP + "/a.ts", SHOP + "/b.ts", "/srv/x", "/srv/y", "/home/ann/.ssh/id_rsa", "/etc/motd"
  };
  private static final String[] LINES = {
    "make a", "cat /srv/x", "ls -la", "curl https://api.example/x", "cat ~/.ssh/id_rsa"
  };
  private static final String[][] PROGRAMS = {
    {"/usr/bin/make", "make", "a"},
    {"/usr/bin/cat", "cat", "/srv/x"},
    {"/usr/bin/ls", "ls", "-la"},
    {"/usr/bin/curl", "curl", "https://api.example/x"},
    {"/usr/bin/cat", "cat", "/home/ann/.ssh/id_rsa"},
    {"/usr/bin/nc", "nc", "203.0.113.9", "1"},
    {"/usr/bin/bash", "bash", "-c", "make a"},
    {"/usr/bin/bash", "bash", "-c", "cat ~/.ssh/id_rsa"},
  };

  private Stories() {}

  static Scenario random(Random random) {
    Scenario s = new Scenario();
    List<Integer> children = new ArrayList<>();
    int steps = 3 + random.nextInt(25);
    double t = 1;
    for (int i = 0; i < steps; i++) {
      t += random.nextInt(4) == 0 ? random.nextInt(140) : random.nextInt(700) / 100.0;
      t = Math.round(t * 100) / 100.0 + 0.05;
      switch (random.nextInt(9)) {
        case 0 -> maybeEnd(s, random, t, s.read(t, pick(random, PATHS)));
        case 1 -> maybeEnd(s, random, t, s.write(t, pick(random, PATHS)));
        case 2, 3 -> maybeEnd(s, random, t, s.bash(t, pick(random, LINES)));
        case 4 -> s.reads(t, AGENT, pick(random, PATHS));
        case 5 -> s.writes(t, AGENT, pick(random, PATHS));
        case 6 -> {
          int pid = (int) Math.round(t * 100);
          String[] program = PROGRAMS[random.nextInt(PROGRAMS.length)];
          String[] argv = java.util.Arrays.copyOfRange(program, 1, program.length);
          s.fork(pid, AGENT).again(pid / 100.0 + 0.01, pid, AGENT, program[0], argv);
          children.add(pid);
        }
        case 7 -> {
          if (!children.isEmpty()) {
            int pid = children.get(random.nextInt(children.size()));
            double at = Math.max(t, pid / 100.0 + 0.02);
            s.reads(at, pid, pick(random, PATHS));
            s.connects(at + 0.01, pid, "203.0.113." + random.nextInt(3), null);
          }
        }
        default -> s.connects(t, AGENT, "203.0.113.9", random.nextBoolean() ? "x.example" : null);
      }
    }
    s.events.sort(Comparator.comparingLong(Event::timeNanos));
    return s;
  }

  private static void maybeEnd(Scenario s, Random random, double t, String call) {
    switch (random.nextInt(5)) {
      case 0 -> {}
      case 1 -> s.error(t + random.nextInt(8), call);
      case 2 -> s.answer(t + random.nextInt(3), call, random.nextBoolean());
      default -> s.result(t + random.nextInt(200) / 10.0, call);
    }
  }

  private static String pick(Random random, String[] of) {
    return of[random.nextInt(of.length)];
  }
}
