package dev.quintai.daemon.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.DnsAnswer;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is written is read back as the same event, on one line. */
class EventRoundTripTest {

  private static final String[] TEXTS = {
    "",
    "plain",
    "two words",
    "quote\" and \\",
    "line\nfeed\r",
    "\u0000\u001b[31m",
    "ünïcödé 😀",
    "\u2028",
    "{\"a\":1}",
    "/a/../b",
    "-"
  };

  /** Draws values from a seed: every field is drawn, so that any of them may be absent. */
  private static final class Draw {
    private final java.util.Random random;

    Draw(long seed) {
      random = new java.util.Random(seed);
    }

    int below(int bound) {
      return random.nextInt(bound);
    }

    String text() {
      return TEXTS[below(TEXTS.length)] + (random.nextBoolean() ? "" : random.nextInt());
    }

    String maybe() {
      return random.nextBoolean() ? null : text();
    }

    long time() {
      long nanos = random.nextLong() & (Long.MAX_VALUE >> 1);
      return random.nextBoolean() ? nanos : nanos / 1_000_000L * 1_000_000L;
    }

    ProcessId process() {
      int pid = below(Integer.MAX_VALUE);
      return random.nextBoolean() ? ProcessId.ofPid(pid) : new ProcessId(pid, below(1 << 30));
    }

    Origin origin() {
      return switch (below(3)) {
        case 0 -> Origin.UNKNOWN;
        case 1 -> Origin.of(text());
        default -> new Origin(text(), below(1 << 30));
      };
    }

    List<String> texts() {
      List<String> texts = new ArrayList<>();
      for (int i = below(4); i > 0; i--) {
        texts.add(text());
      }
      return texts;
    }

    Object json(int depth) {
      return switch (below(depth > 3 ? 5 : 7)) {
        case 0 -> null;
        case 1 -> random.nextBoolean();
        case 2 -> random.nextLong();
        case 3 -> new BigDecimal("0." + (1 + below(1 << 30)));
        case 4 -> text();
        case 5 -> {
          List<Object> list = new ArrayList<>();
          for (int i = below(4); i > 0; i--) {
            list.add(json(depth + 1));
          }
          yield list;
        }
        default -> {
          Map<String, Object> map = new LinkedHashMap<>();
          for (int i = below(4); i > 0; i--) {
            map.put(text(), json(depth + 1));
          }
          yield map;
        }
      };
    }

    <E extends Enum<E>> E one(Class<E> type) {
      E[] all = type.getEnumConstants();
      return all[below(all.length)];
    }

    Arguments arguments() {
      if (below(5) == 0) {
        return Arguments.EMPTY;
      }
      Object value = null;
      while (value == null) {
        value = json(0);
      }
      String text = value instanceof String raw ? raw : JsonTree.text(value);
      return new Arguments(text, value, random.nextBoolean());
    }

    Event event(int kind) {
      return switch (kind) {
        case 0 ->
            new ProcessExec(
                time(),
                process(),
                origin(),
                below(9) - 1,
                text(),
                texts(),
                maybe(),
                below(9) - 1,
                maybe(),
                maybe());
        case 1 -> new ProcessFork(time(), process(), origin(), process());
        case 2 -> new ProcessExit(time(), process(), origin(), below(258) - 1);
        case 3 ->
            new FileEvent(
                time(),
                process(),
                origin(),
                one(FileEvent.Op.class),
                text(),
                maybe(),
                random.nextBoolean() ? null : one(FileEvent.Access.class),
                maybe(),
                1 + below(9));
        case 4 -> new NetworkConnect(time(), process(), origin(), text(), below(65_536), maybe());
        case 10 -> new LocalConnect(time(), process(), origin(), text());
        case 5 -> new DnsAnswer(time(), process(), origin(), text(), texts());
        case 6 ->
            IntentEvent.builder(time(), process(), text())
                .origin(origin())
                .toolUseId(maybe())
                .arguments(arguments())
                .provider(maybe())
                .model(maybe())
                .vantage(one(IntentEvent.Vantage.class))
                .turnId(maybe())
                .serverPid(below(9) - 1)
                .build();
        case 7 -> new IntentResult(time(), origin(), text(), random.nextBoolean());
        case 8 -> new Approval(time(), origin(), text(), random.nextBoolean());
        case 9 ->
            new AgentProcess(
                time(),
                process(),
                origin(),
                below(9) - 1,
                text(),
                maybe(),
                maybe(),
                maybe(),
                random.nextBoolean() ? List.of() : List.of(text(), text()),
                random.nextBoolean() ? List.of() : List.of(text()));
        default -> new SensorLoss(time(), origin(), 1 + below(1 << 30));
      };
    }
  }

  @Property
  void everyKindOfEventIsReadBackEqual(
      @ForAll @IntRange(min = 0, max = 10) int kind, @ForAll long seed) throws Exception {
    Event event = new Draw(seed).event(kind);
    StringWriter text = new StringWriter();
    try (EventWriter writer = new EventWriter(text)) {
      writer.write(event);
    }
    String line = text.toString();
    assertThat(line).endsWith("\n");
    assertThat(line.indexOf('\n')).as("one line").isEqualTo(line.length() - 1);

    assertThat(new EventReader().read(line)).isEqualTo(event);
  }

  @Property
  void timesKeepTheirNanoseconds(@ForAll long any) throws Exception {
    long nanos = any & (Long.MAX_VALUE >> 1);
    String line = "{\"type\":\"loss\",\"lost\":1,\"timeMs\":" + EventWriter.millis(nanos) + "}";
    assertThat(new EventReader().read(line).timeNanos()).isEqualTo(nanos);
  }
}
