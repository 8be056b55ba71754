package dev.quintai.daemon.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
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
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * Writes events as JSON Lines that {@link EventReader} reads back to equal events. Not thread-safe.
 */
public final class EventWriter implements Closeable, Flushable {

  private final JsonGenerator out;

  /** Writes to {@code target}, which is closed with this writer. */
  public EventWriter(Writer target) throws IOException {
    out = JsonTree.FACTORY.createGenerator(target);
    out.setRootValueSeparator(null);
  }

  /** Writes one event and the end of its line. */
  public void write(Event event) throws IOException {
    out.writeStartObject();
    if (event instanceof ProcessExec exec) {
      exec(exec);
    } else if (event instanceof ProcessFork fork) {
      head("fork", fork, fork.process());
      out.writeNumberField("childPid", fork.child().pid());
      if (fork.child().startKnown()) {
        out.writeNumberField("childStartMs", fork.child().startMs());
      }
    } else if (event instanceof ProcessExit exit) {
      head("exit", exit, exit.process());
      if (exit.exitCode() >= 0) {
        out.writeNumberField("exitCode", exit.exitCode());
      }
    } else if (event instanceof FileEvent file) {
      file(file);
    } else if (event instanceof NetworkConnect connect) {
      head("connect", connect, connect.process());
      text("remoteIp", connect.remoteIp());
      number("remotePort", connect.remotePort(), 0);
      text("host", connect.host());
    } else if (event instanceof LocalConnect local) {
      head("connect", local, local.process());
      text("path", local.path());
    } else if (event instanceof DnsAnswer dns) {
      head("dns", dns, dns.process());
      text("name", dns.name());
      out.writeFieldName("addresses");
      JsonTree.write(out, dns.addresses());
    } else if (event instanceof IntentEvent intent) {
      intent(intent);
    } else if (event instanceof IntentResult result) {
      head("intentResult", result, null);
      text("toolUseId", result.toolUseId());
      out.writeBooleanField("isError", result.isError());
    } else if (event instanceof Approval approval) {
      head("approval", approval, null);
      text("toolUseId", approval.toolUseId());
      out.writeBooleanField("granted", approval.granted());
    } else if (event instanceof AgentProcess agent) {
      agent(agent);
    } else if (event instanceof SensorLoss loss) {
      head("loss", loss, null);
      out.writeNumberField("lost", loss.lost());
    }
    out.writeEndObject();
    out.writeRaw('\n');
  }

  private void exec(ProcessExec exec) throws IOException {
    head("exec", exec, exec.process());
    number("ppid", exec.ppid(), -1);
    text("exe", exec.exe());
    out.writeFieldName("argv");
    JsonTree.write(out, exec.argv());
    text("cwd", exec.cwd());
    number("uid", exec.uid(), -1);
    text("teamId", exec.teamId());
    text("signingId", exec.signingId());
  }

  private void file(FileEvent file) throws IOException {
    head("file", file, file.process());
    text("op", file.op().name().toLowerCase(Locale.ROOT));
    text("path", file.path());
    text("requestedPath", file.requestedPath());
    if (file.access() != null) {
      text("access", file.access().name().toLowerCase(Locale.ROOT));
    }
    text("newPath", file.newPath());
    number("count", file.count(), 1);
  }

  private void intent(IntentEvent intent) throws IOException {
    head("intent", intent, intent.process());
    text("toolUseId", intent.toolUseId());
    text("tool", intent.tool());
    out.writeFieldName("arguments");
    JsonTree.write(out, intent.arguments().value());
    if (intent.arguments().truncated()) {
      out.writeBooleanField("argumentsTruncated", true);
    }
    text("provider", intent.provider());
    text("model", intent.model());
    text("vantage", intent.vantage().name().toLowerCase(Locale.ROOT));
    text("turnId", intent.turnId());
    number("serverPid", intent.serverPid(), -1);
  }

  private void agent(AgentProcess agent) throws IOException {
    head("agent", agent, agent.process());
    number("ppid", agent.ppid(), -1);
    text("platform", agent.platform());
    text("exe", agent.exe());
    text("cwd", agent.cwd());
    text("home", agent.home());
    lines("configured", agent.configured());
    lines("fromProject", agent.fromProject());
  }

  private void lines(String name, List<String> lines) throws IOException {
    if (!lines.isEmpty()) {
      out.writeFieldName(name);
      JsonTree.write(out, lines);
    }
  }

  private void head(String type, Event event, ProcessId process) throws IOException {
    text("type", type);
    out.writeFieldName("timeMs");
    out.writeNumber(millis(event.timeNanos()));
    if (process != null) {
      out.writeNumberField("pid", process.pid());
      if (process.startKnown()) {
        out.writeNumberField("startMs", process.startMs());
      }
    }
    Origin origin = event.origin();
    text("source", origin.source());
    if (origin.seq() != Origin.NO_SEQ) {
      out.writeNumberField("seq", origin.seq());
    }
  }

  /** Nanoseconds as milliseconds, exactly, without needless digits. */
  static String millis(long nanos) {
    return nanos % 1_000_000L == 0
        ? Long.toString(nanos / 1_000_000L)
        : BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString();
  }

  private void text(String name, String value) throws IOException {
    if (value != null) {
      out.writeStringField(name, value);
    }
  }

  private void number(String name, int value, int absent) throws IOException {
    if (value != absent) {
      out.writeNumberField(name, value);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
