package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the frames of {@code quint-trace} and {@code quint-watch}; their layout stands in {@code
 * wire.h} and in the module's README. Allocates the event, its {@link Origin} and, for what is not
 * in the caches, its strings. Not thread-safe.
 */
final class WireDecoder {

  /** What comes out. The methods are called in the order of the frames. */
  interface Frames {

    /** The first frame of a supervisor that works. */
    void hello(Hello hello);

    /** Something happened, or was lost. */
    void event(Event event);

    /** A call waits to be let go or refused: this is what it would do. */
    default void asked(long number, TruthEvent event) {}

    /** The root has ended; nothing follows. */
    void end(End end);

    /** The command could not be put under watch and was not started; nothing follows. */
    void error(Refusal refusal);
  }

  /** The supervisor's greeting. */
  record Hello(int features, ProcessId root, long offsetNanos) {}

  /**
   * The end of the root.
   *
   * @param status its wait status, or -1
   * @param execError errno when the command could not be executed, else 0
   */
  record End(int status, int execError) {

    /** Exit code, 128 + n for signal n, or -1 when unknown. */
    int exitCode() {
      if (status < 0) {
        return -1;
      }
      int signal = status & 0x7f;
      return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }
  }

  /** Why nothing can be watched. */
  record Refusal(int code, int errno, String message) {}

  /** Name of this sensor in {@link Origin#source()}. */
  static final String SOURCE = "trace";

  static final int FRAME_MAX = WireFrame.MAX;
  static final int HEADER = WireFrame.HEADER;

  private static final int MAGIC = 0x43525451;
  private static final int VERSION = 1;

  private static final int FLAG_REFUSED = 4;

  private static final int HELLO = 1;
  private static final int FORK = 2;
  private static final int EXEC = 3;
  private static final int EXIT = 4;
  private static final int FILE = WireFrame.FILE;
  private static final int CONNECT = 6;
  private static final int LOSS = 7;
  private static final int END = 8;
  private static final int ERROR = 9;
  private static final int LOCAL = 10;
  private static final int ASK = 11;

  private static final FileEvent.Op[] OPS = {
    null,
    FileEvent.Op.OPEN,
    FileEvent.Op.CREATE,
    FileEvent.Op.WRITE,
    FileEvent.Op.RENAME,
    FileEvent.Op.UNLINK
  };
  private static final FileEvent.Access[] ACCESSES = {
    null, FileEvent.Access.READ, FileEvent.Access.WRITE, FileEvent.Access.READWRITE
  };

  private final Frames frames;
  private final WireFrame frame = new WireFrame();
  private final StringCache strings = new StringCache();
  private final ProcessCache processes = new ProcessCache();
  private final String name;
  private final String refusedName;
  private String source;
  private final byte[] address4 = new byte[4];
  private final byte[] address16 = new byte[16];
  private long nextSequence;
  private boolean greeted;
  private boolean ended;

  WireDecoder(Frames frames) {
    this(frames, SOURCE);
  }

  /** Whose events are told under this name. */
  WireDecoder(Frames frames, String name) {
    this.frames = frames;
    this.name = name;
    this.refusedName = name + Origin.REFUSED;
    this.source = name;
  }

  /** Whether the last frame that a supervisor sends has been read. */
  boolean ended() {
    return ended;
  }

  /**
   * Reads all whole frames between position and limit; what is left of a frame stays in the buffer.
   *
   * @param buffer of any byte order, which is set to little-endian
   * @throws WireFormatException when a frame is not well-formed, out of order, or follows the last;
   *     the stream cannot be read any further then
   */
  void decode(ByteBuffer buffer) throws WireFormatException {
    frame.over(buffer);
    while (frame.advance()) {
      frame.enter();
      frame(buffer);
      if (buffer.hasRemaining()) {
        throw new WireFormatException(buffer.remaining() + " bytes too many in a frame");
      }
    }
  }

  private void frame(ByteBuffer in) throws WireFormatException {
    int type = frame.type();
    long sequence = frame.sequence();
    long time = frame.timeNanos();
    if (ended) {
      throw new WireFormatException("a frame after the last");
    }
    if (sequence != nextSequence) {
      throw new WireFormatException("frame " + sequence + " where " + nextSequence + " is due");
    }
    nextSequence++;
    source = (frame.flags() & FLAG_REFUSED) == 0 ? name : refusedName;
    if (!greeted && type != HELLO && type != ERROR) {
      throw new WireFormatException("frame of type " + type + " before the greeting");
    }
    switch (type) {
      case HELLO -> hello(in);
      case FORK -> {
        ProcessId parent = process(in);
        frames.event(new ProcessFork(time, parent, origin(sequence), process(in)));
      }
      case EXEC -> exec(in, time, sequence);
      case EXIT -> {
        ProcessId process = process(in);
        frames.event(new ProcessExit(time, process, origin(sequence), int32(in)));
      }
      case FILE, CONNECT, LOCAL -> frames.event(act(type, in, time, sequence));
      case ASK -> {
        long number = int64(in);
        frames.asked(number, act(uint8(in), in, time, sequence));
      }
      case LOSS -> {
        long lost = int64(in);
        if (lost < 1) {
          throw new WireFormatException("a loss of " + lost);
        }
        frames.event(new SensorLoss(time, origin(sequence), lost));
      }
      case END -> {
        ended = true;
        frames.end(new End(int32(in), int32(in)));
      }
      case ERROR -> {
        ended = true;
        frames.error(new Refusal(int32(in), int32(in), string(in)));
      }
      default -> throw new WireFormatException("frame of unknown type " + type);
    }
  }

  private void hello(ByteBuffer in) throws WireFormatException {
    int magic = int32(in);
    int version = uint16(in);
    uint16(in);
    if (greeted || magic != MAGIC || version != VERSION) {
      throw new WireFormatException(
          "not a greeting of version " + VERSION + " (version " + version + ")");
    }
    greeted = true;
    int features = int32(in);
    ProcessId root = process(in);
    frames.hello(new Hello(features, root, int64(in)));
  }

  private void exec(ByteBuffer in, long time, long sequence) throws WireFormatException {
    ProcessId process = process(in);
    int ppid = int32(in);
    int uid = int32(in);
    String exe = string(in);
    String cwd = string(in);
    int count = uint16(in);
    List<String> argv = new ArrayList<>(Math.min(count, in.remaining() / 2));
    for (int i = 0; i < count; i++) {
      argv.add(string(in));
    }
    frames.event(
        new ProcessExec(
            time,
            process,
            origin(sequence),
            ppid,
            exe,
            argv,
            cwd.isEmpty() ? null : cwd,
            uid,
            null,
            null));
  }

  /** What a call does that can be refused. */
  private TruthEvent act(int type, ByteBuffer in, long time, long sequence)
      throws WireFormatException {
    return switch (type) {
      case FILE -> file(in, time, sequence);
      case CONNECT -> connect(in, time, sequence);
      case LOCAL -> new LocalConnect(time, process(in), origin(sequence), string(in));
      default -> throw new WireFormatException("a question about a frame of type " + type);
    };
  }

  private FileEvent file(ByteBuffer in, long time, long sequence) throws WireFormatException {
    ProcessId process = process(in);
    int op = uint8(in);
    int access = uint8(in);
    uint16(in);
    if (op == 0 || op >= OPS.length || access >= ACCESSES.length) {
      throw new WireFormatException("file operation " + op + " with access " + access);
    }
    String path = string(in);
    String requested = string(in);
    String newPath = string(in);
    return new FileEvent(
        time,
        process,
        origin(sequence),
        OPS[op],
        path,
        requested.isEmpty() ? null : requested,
        ACCESSES[access],
        newPath.isEmpty() ? null : newPath,
        1);
  }

  private NetworkConnect connect(ByteBuffer in, long time, long sequence)
      throws WireFormatException {
    ProcessId process = process(in);
    int family = uint8(in);
    uint8(in); // protocol: no event carries it
    int port = uint16(in);
    need(in, address16.length);
    in.get(address16);
    if (family != 4 && family != 6) {
      throw new WireFormatException("address family " + family);
    }
    if (family == 4) {
      System.arraycopy(address16, 0, address4, 0, address4.length);
    }
    String ip = IpText.of(family == 4 ? address4 : address16);
    return new NetworkConnect(time, process, origin(sequence), ip, port, null);
  }

  private Origin origin(long sequence) {
    return new Origin(source, sequence);
  }

  private ProcessId process(ByteBuffer in) throws WireFormatException {
    int pid = int32(in);
    return processes.get(pid, int64(in));
  }

  private String string(ByteBuffer in) throws WireFormatException {
    int length = uint16(in);
    need(in, length);
    return strings.get(in, length);
  }

  private static int uint8(ByteBuffer in) throws WireFormatException {
    need(in, 1);
    return Byte.toUnsignedInt(in.get());
  }

  private static int uint16(ByteBuffer in) throws WireFormatException {
    need(in, 2);
    return Short.toUnsignedInt(in.getShort());
  }

  private static int int32(ByteBuffer in) throws WireFormatException {
    need(in, 4);
    return in.getInt();
  }

  private static long int64(ByteBuffer in) throws WireFormatException {
    need(in, 8);
    return in.getLong();
  }

  private static void need(ByteBuffer in, int bytes) throws WireFormatException {
    if (in.remaining() < bytes) {
      throw new WireFormatException("frame is cut short");
    }
  }
}
