package dev.quintai.daemon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.core.Action;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.daemon.events.EventFile;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.run.Gates;
import dev.quintai.signatures.FlowMatrix;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint flow}: the capability transitions of each session of a recording. */
@Command(
    name = "flow",
    description =
        "Prints each session's transitions between capabilities, as counts and as shares.")
final class FlowCommand implements Callable<Integer> {

  @Parameters(paramLabel = "EVENTS.jsonl", description = "The recording.")
  Path events;

  @Spec CommandSpec spec;

  /** Counts the transitions of every session. */
  private static final class FlowCounter implements Detector {
    final Map<String, FlowMatrix> flows = new TreeMap<>();

    @Override
    public Gate gate() {
      return Gate.SIGNATURE;
    }

    @Override
    public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
      FlowMatrix flow = new FlowMatrix();
      flows.put(session.id(), flow);
      return new SessionDetector() {
        @Override
        public Judgement evaluate(IntentEvent intent, List<Action> actions) {
          actions.forEach(action -> flow.action(action.capability()));
          return Judgement.ALLOW;
        }
      };
    }
  }

  @Override
  public Integer call() throws IOException {
    FlowCounter counter = new FlowCounter();
    long bad;
    try (QuintEngine engine = Gates.bare().detector(counter).build()) {
      bad = EventFile.read(events, engine::accept, spec.commandLine().getErr()::println);
    }
    JsonGenerator out = JsonTree.FACTORY.createGenerator(new FileOutputStream(FileDescriptor.out));
    out.setRootValueSeparator(null);
    for (Map.Entry<String, FlowMatrix> entry : counter.flows.entrySet()) {
      line(out, entry.getKey(), entry.getValue());
    }
    out.flush();
    return bad > 0 ? ExitCode.FOUND : ExitCode.DONE;
  }

  private static void line(JsonGenerator out, String session, FlowMatrix flow) throws IOException {
    out.writeStartObject();
    out.writeStringField("session", session);
    out.writeArrayFieldStart("counts");
    for (int[] row : flow.counts()) {
      out.writeArray(row, 0, row.length);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("flow");
    for (double[] row : flow.flow()) {
      out.writeArray(row, 0, row.length);
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeRaw('\n');
  }
}
