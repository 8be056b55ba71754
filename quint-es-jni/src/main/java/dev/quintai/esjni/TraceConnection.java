package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A running program that watches, and the thread that reads from it. */
final class TraceConnection implements WireDecoder.Frames {

  private static final int BUFFER_BYTES = 2 * WireDecoder.FRAME_MAX;
  private static final int NOT_FOUND = 2; // ENOENT

  /**
   * What to start.
   *
   * @param binary the program that watches
   * @param source the name of its events
   * @param options of it, without its socket
   * @param command what it starts, or empty
   * @param environment of both, or null for that of this JVM
   * @param directory of both, or null for that of this JVM
   * @param allowed decides about calls that the program asks about
   */
  record Order(
      NativeBinary binary,
      String source,
      List<String> options,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Path runtimeDirectory,
      BootClock clock,
      ThreadFactory threads,
      Predicate<? super TruthEvent> allowed) {}

  private final Order order;
  private final String program;
  private final Consumer<? super Event> consumer;
  private final Process process;
  private final SocketChannel channel;
  private final WireDecoder decoder;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CountDownLatch read = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile WireDecoder.Hello hello;
  private volatile WireDecoder.End end;
  private final AtomicLong refused = new AtomicLong();

  private TraceConnection(
      Process process, SocketChannel channel, Order order, Consumer<? super Event> consumer) {
    this.process = process;
    this.channel = channel;
    this.order = order;
    this.program = order.command().isEmpty() ? "anything" : order.command().get(0);
    this.consumer = consumer;
    this.decoder = new WireDecoder(this, order.source());
  }

  /** Starts the program that watches and the thread that reads from it. */
  static TraceConnection open(Order order, Consumer<? super Event> consumer) throws IOException {
    Path program = TraceProgram.extract(order.binary(), order.runtimeDirectory());
    try (TraceSocket socket = TraceSocket.bind(order.runtimeDirectory())) {
      List<String> line = new ArrayList<>();
      line.addAll(List.of(program.toString(), "--socket", socket.path().toString()));
      line.addAll(order.options());
      line.add("--");
      line.addAll(order.command());
      ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
      if (order.environment() != null) {
        builder.environment().clear();
        builder.environment().putAll(order.environment());
      }
      if (order.directory() != null) {
        builder.directory(order.directory().toFile());
      }
      Process process = builder.start();
      SocketChannel channel = socket.accept(process);
      TraceConnection connection = new TraceConnection(process, channel, order, consumer);
      order.threads().newThread(connection::readAll).start();
      return connection;
    }
  }

  /** Waits until the command runs. */
  void awaitStart() throws IOException {
    try {
      started.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " was started", e);
    }
  }

  ProcessId root() {
    return hello.root();
  }

  int features() {
    return hello.features();
  }

  long refusedByConsumer() {
    return refused.get();
  }

  /** Exit code of the root, once everything up to its end has been delivered. */
  int waitFor() throws InterruptedException {
    int code = process.waitFor();
    read.await();
    WireDecoder.End seen = end;
    return seen != null && seen.exitCode() >= 0 ? seen.exitCode() : code;
  }

  /** Sends a whole frame to the supervisor. It reads soon, so this does not wait for long. */
  synchronized void send(ByteBuffer frame) throws IOException {
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      channel.close();
    }
  }

  private void readAll() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    IOException failure = null;
    try (channel) {
      while (!decoder.ended() && channel.read(buffer) >= 0) {
        buffer.flip();
        decoder.decode(buffer);
        buffer.compact();
      }
    } catch (AsynchronousCloseException e) {
      failure = e; // closed by us
    } catch (IOException e) {
      failure = e;
    } finally {
      finish(failure);
    }
  }

  /**
   * A stream that was cut short hides an unknown number of events: at least one is reported. The
   * command may well run then, so only without a greeting is it certain that it was not started.
   */
  private void finish(IOException failure) {
    if (hello == null) {
      started.completeExceptionally(
          new TraceRefusedException(
              TraceRefusedException.Reason.FAILED,
              "the supervisor ended before "
                  + program
                  + " ran"
                  + (failure == null ? "" : ": " + failure.getMessage())));
    } else if (!decoder.ended() && !closed.get()) {
      deliver(new SensorLoss(order.clock().nowNanos(), Origin.of(order.source()), 1));
    }
    started.complete(null);
    read.countDown();
  }

  private void deliver(Event event) {
    try {
      consumer.accept(event);
    } catch (RuntimeException e) {
      refused.incrementAndGet();
    }
  }

  @Override
  public void hello(WireDecoder.Hello greeting) {
    hello = greeting;
    if (order.command().isEmpty()) {
      started.complete(null);
    }
  }

  @Override
  public void event(Event event) {
    deliver(event);
    if (!started.isDone() && event instanceof ProcessExec exec && exec.process().equals(root())) {
      started.complete(null);
    }
  }

  /** All that came before has been delivered, so whoever decides knows what the process is. */
  @Override
  public void asked(long number, TruthEvent event) {
    boolean allowed = false;
    try {
      allowed = order.allowed().test(event);
    } catch (RuntimeException e) {
      refused.incrementAndGet(); // it is refused what nobody could allow
    }
    try {
      send(PolicyFrames.answer(number, allowed));
    } catch (IOException e) {
      // the supervisor is gone; whoever stands by for it has let the call go
    }
  }

  @Override
  public void end(WireDecoder.End last) {
    end = last;
    if (last.execError() != 0) {
      started.completeExceptionally(
          new IOException(
              "cannot run "
                  + program
                  + (last.execError() == NOT_FOUND
                      ? ": no such program"
                      : ": errno " + last.execError())));
    }
    started.complete(null);
  }

  @Override
  public void error(WireDecoder.Refusal refusal) {
    started.completeExceptionally(TraceRefusedException.of(refusal));
  }
}
