package dev.quintai.esjni;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An event from C to Java: from one native producer, through what carries it, to one consumer that
 * reads its kind, process, start, time, number, flags and length of path. Asking for the path as a
 * string is a case of its own.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TransportBenchmark {

  private static final int EVENTS = 100_000;

  /** Made by JMH. */
  public TransportBenchmark() {}

  /** The ring, with its producer at work. */
  @State(Scope.Thread)
  public static class Ring {
    private final RecordRing ring = new RecordRing(8 << 20);
    private final StringCache strings = new StringCache();
    private final RecordRing.Handler reads = this::read;
    private final RecordRing.Handler decodes = this::decode;
    private long sum;

    /** Made by JMH. */
    public Ring() {}

    /** Starts the producer. */
    @Setup(Level.Trial)
    public void start() throws IOException, InterruptedException {
      TransportProducer.load();
      if (!TransportProducer.ring(ring.memory())) {
        throw new IOException("no ring");
      }
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void stop() {
      TransportProducer.finish();
    }

    private boolean read(EsRecord record) {
      sum +=
          record.kind()
              + record.pid()
              + record.startMs()
              + record.timeNanos()
              + record.globalSequence()
              + record.value()
              + record.pathLength();
      return true;
    }

    private boolean decode(EsRecord record) {
      sum += record.path(strings).length();
      return read(record);
    }

    private long consume(RecordRing.Handler handler) {
      for (int left = EVENTS; left > 0; ) {
        int some = ring.poll(handler, Math.min(left, 256));
        left -= some;
        if (some == 0) {
          RecordRing.pause();
        }
      }
      return sum;
    }
  }

  /** The socket, with its producer at work. */
  @State(Scope.Thread)
  public static class Socket {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * WireFrame.MAX);
    private final WireFrame frame = new WireFrame();
    private SocketChannel channel;
    private long sum;
    private boolean within;

    /** Made by JMH. */
    public Socket() {}

    /** Starts the producer. */
    @Setup(Level.Trial)
    public void start() throws IOException, InterruptedException {
      TransportProducer.load();
      Path folder = Files.createTempDirectory("quint");
      Path path = folder.resolve("s");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(path));
        if (!TransportProducer.socket(path.toString())) {
          throw new IOException("no socket");
        }
        channel = server.accept();
      } finally {
        Files.deleteIfExists(path);
        Files.delete(folder);
      }
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void stop() throws IOException {
      TransportProducer.finish();
      channel.close();
    }

    private long consume() throws IOException {
      for (int left = EVENTS; left > 0; ) {
        if (within && frame.advance()) {
          if (!frame.isFile()) {
            throw new IOException("not a file's frame");
          }
          sum +=
              frame.type()
                  + frame.pid()
                  + frame.startMs()
                  + frame.timeNanos()
                  + frame.sequence()
                  + frame.op()
                  + frame.access()
                  + frame.pathLength();
          left--;
        } else {
          fill();
        }
      }
      return sum;
    }

    private void fill() throws IOException {
      if (within) {
        buffer.compact();
      }
      if (channel.read(buffer) < 0) {
        throw new IOException("the producer has ended");
      }
      buffer.flip();
      frame.over(buffer);
      within = true;
    }
  }

  /** Compiles and loads what makes the upcalls. */
  @State(Scope.Thread)
  public static class Upcalls {
    /** Made by JMH. */
    public Upcalls() {}

    /** Compiles and loads it. */
    @Setup(Level.Trial)
    public void load() throws IOException, InterruptedException {
      TransportProducer.load();
    }
  }

  /** Through the ring, fields read in place. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long ring(Ring state) {
    return state.consume(state.reads);
  }

  /** Through the ring, the path asked for. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long ringWithPath(Ring state) {
    return state.consume(state.decodes);
  }

  /** Through a Unix socket, frames of quint-trace, fields read in place. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long socket(Socket state) throws IOException {
    return state.consume();
  }

  /** A call into Java for each event, in the producer's own thread. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long upcall(Upcalls state) {
    TransportProducer.upcalls(EVENTS, false);
    return TransportProducer.sum;
  }

  /** The same with the path as a string. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long upcallWithPath(Upcalls state) {
    TransportProducer.upcalls(EVENTS, true);
    return TransportProducer.sum;
  }
}
